"""Forms of what desks without the net send, and of deciding what could not be done."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from house.forms import HouseForm, LineField, RadioField, SelectField
from house.intake.desk_numbers import MOST
from house.intake.outbox import Sent
from house.intake.outbox_models import EntryKind
from house.intake.outbox_words import DECISIONS
from house.languages import known

_ID = Regexp(r"^[A-Za-z0-9_-]{16,64}$")
_MOMENT = (InputRequired(), NumberRange(0, 253_370_764_800_000))
"""Milliseconds since 1970, as browsers count; what a datetime can hold."""


def _moment(milliseconds: int | None) -> datetime:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC)


class OutboxForm(HouseForm):
    """One entry, sent by a script. Only its id and its times must have a shape: the verb judges the rest, and
    keeps what it refuses as a conflict."""

    id = HiddenField(validators=[InputRequired(), _ID])
    browser = HiddenField(validators=[InputRequired(), _ID])
    kind = SelectField(choices=[(kind.value, kind.value) for kind in EntryKind])
    noted_at = IntegerField(validators=_MOMENT)
    sent_at = IntegerField(validators=_MOMENT)
    service = LineField(longest=80)
    language = LineField(longest=8)
    party = IntegerField(validators=[Optional(), NumberRange(0, 99)])
    reference = LineField(longest=16)
    number = IntegerField(validators=[Optional(), NumberRange(1, 99_999)])

    def sent(self) -> Sent:
        """What the verb is given."""
        return Sent(
            self.id.data or "", EntryKind(self.kind.data), self.browser.data or "",
            _moment(self.noted_at.data), _moment(self.sent_at.data), self.service.text,
            self.language.text if known(self.language.text) else "en",
            1 if self.party.data is None else self.party.data, self.reference.text, self.number.data,
        )  # fmt: skip


class NumbersForm(HouseForm):
    """A browser asks for numbers that it may give while the net is gone."""

    browser = HiddenField(validators=[InputRequired(), _ID])
    nth = IntegerField(validators=[InputRequired(), NumberRange(1, MOST)])


class CaseForm(HouseForm):
    """What is done about somebody whom a desk registered without the net."""

    decision = RadioField(
        _l("What do you do?"), [InputRequired(_l("Please choose what you do."))],
        choices=list(DECISIONS.items()),
    )  # fmt: skip
    service = SelectField(_l("What for?"))
