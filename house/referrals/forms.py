"""Forms of hand-overs."""

from __future__ import annotations

import secrets
from datetime import date
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField
from wtforms.validators import DataRequired, InputRequired, StopValidation

from house.formats import language_choices
from house.forms import EmailAddressField, HouseForm, LineField, RadioField, SelectField, clean_line
from house.referrals.handover import Told
from house.referrals.models import Basis, ToldBy
from house.referrals.states import ReferralState
from house.referrals.words import BASES, STATES, TOLD_BY
from house.seals import read_reference

_HOW = _l("Please say how the authority was told.")
_NO_DAY = _l("Please write a day like 2027-01-31.")
_NOT_THAT_DAY = _l("Please write a day from the hand-over until today.")
LANGUAGE_CHOICES = language_choices()


def _named(form: Any, field: Any) -> None:
    """A name is needed, unless nothing personal is passed on."""
    if form.basis.data == Basis.NOTHING:
        raise StopValidation()
    DataRequired(_l("Please write a name."))(form, field)


class ReferralForm(HouseForm):
    """Whom to hand over, for what, on what ground."""

    service = SelectField(_l("What is it about?"), [InputRequired(_l("Please choose a service."))])
    name = LineField(_l("The person's name"), [_named])
    email = EmailAddressField(
        _l("The person's e-mail"),
        description=_l("If given, the person gets a letter to follow the matter."),
        render_kw={"type": "email"},
    )
    language = SelectField(_l("The person's language"), choices=LANGUAGE_CHOICES, default="en")
    matter = LineField(_l("What the receiver must know"), longest=400)
    basis = RadioField(
        _l("Why may we tell them?"),
        [InputRequired(_l("Please say why the receiver may be told."))],
        choices=[(basis.value, words) for basis, words in BASES.items()],
    )
    visit = HiddenField(filters=[lambda reference: read_reference(reference or "") or None])
    once = HiddenField(default=partial(secrets.token_urlsafe, 16), filters=[lambda mark: mark and mark[:64]])


class DayField(DateField):
    """A day as browsers send it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data, self.data = [clean_line(one[:20]) for one in valuelist[:1]], None
        if self.raw_data and self.raw_data[0]:
            try:
                self.data = date.fromisoformat(self.raw_data[0])
            except ValueError:
                raise ValueError(str(_NO_DAY)) from None


def _where_told(_form: Any, field: Any) -> None:
    """Of whoever was told just now, how and when is needed; of every other turn nothing is asked."""
    if _form.state.data != ReferralState.SENT:
        field.errors = []
        raise StopValidation()
    if field.name == "told_by" and field.data not in list(ToldBy):
        raise StopValidation(str(_HOW))
    if not field.data:
        raise StopValidation(str(_NO_DAY))


class TurnForm(HouseForm):
    """The next state of a hand-over, and the state it was in when the page was shown.

    Who says that the receiver was told says how, and on which day.

    Any state is well-formed; whether the hand-over may still go there is the verb's to say.
    """

    state = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Please choose what happened."))],
        choices=[(state.value, words) for state, words in STATES.items()],
    )
    told_by = RadioField(
        _l("How did you tell the authority?"),
        [_where_told],
        choices=[(way.value, words) for way, words in TOLD_BY.items()],
        validate_choice=False,
    )
    told_on = DayField(_l("On which day?"), [_where_told])
    seen = HiddenField()

    @property
    def told(self) -> Told | None:
        """How the receiver was told, where that is what happened."""
        on = self.told_on.data
        return Told(ToldBy(self.told_by.data), on) if on and self.state.data == ReferralState.SENT else None

    def refuse_the_day(self) -> None:
        """Say that the receiver cannot have been told on that day."""
        self.told_on.errors = [str(_NOT_THAT_DAY)]
