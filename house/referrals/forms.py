"""Forms of hand-overs."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, InputRequired, StopValidation

from house.forms import EmailAddressField, HouseForm, LineField, RadioField, SelectField
from house.languages import LANGUAGES
from house.referrals.models import Basis
from house.referrals.words import BASES, STATES
from house.seals import read_reference

LANGUAGE_CHOICES = [(language.tag, language.own_name) for language in LANGUAGES]


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


class TurnForm(HouseForm):
    """The next state of a hand-over, and the state it was in when the page was shown.

    Any state is well-formed; whether the hand-over may still go there is the verb's to say.
    """

    state = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Please choose what happened."))],
        choices=[(state.value, words) for state, words in STATES.items()],
    )
    seen = HiddenField()
