"""Forms of closing for a while, and of the worklist that follows."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import InputRequired

from house.catalogue.face import ClosedFor
from house.forms import HouseForm, SelectField
from house.intake.closings import Closing, Scope
from house.intake.counter_forms import SeenField
from house.intake.manage_words import REASONS, REFUSALS, TOLD_NOTHING
from house.intake.opening_forms import DayField, WallField

HOUSE = "house"
_CHOOSE = _l("Please choose what is closed.")
_WHAT = _l("Please choose what becomes of this visit.")


class ClosingForm(HouseForm):
    """What is closed, from when to when, and why. `seen` is how many visits the manager was shown."""

    scope = SelectField(
        _l("What is closed?"), [InputRequired(_CHOOSE)], invalid_choice_message=_CHOOSE
    )
    first = DayField(_l("First day"), [InputRequired(_l("Please write the first day."))])
    begins = WallField(_l("Closed from"))
    last = DayField(_l("Last day"))
    ends = WallField(_l("Open again from"))
    reason = SelectField(
        _l("Why? Only staff see this."),
        choices=[(one.value, words) for one, words in REASONS.items()],
        default=ClosedFor.STAFF.value,
    )
    told = SelectField(
        _l("What do visitors read?"),
        choices=[("", TOLD_NOTHING), *((one.value, words) for one, words in REASONS.items())],
        default="",
    )
    seen = SeenField()

    @property
    def shown(self) -> int | None:
        """How many visits were shown; None when nothing was shown yet."""
        return self.seen.number(-1) if self.seen.data else None

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        first, last = self.first.data, self.last.data or self.first.data
        if not valid or first is None or last is None:
            return valid
        begins, ends = self.begins.data, self.ends.data
        if last < first:
            self.last.errors = [REFUSALS["ends_before"]]
        elif last == first and begins and ends and time(0) < ends <= begins:
            self.ends.errors = [REFUSALS["ends_before"]]
        return not self.errors

    def closing(self) -> Closing:
        """What was filled in; the form is valid."""
        first = self.first.data or date.min
        return Closing(
            scope_from(self.scope.data), first, self.last.data or first,
            self.begins.data, self.ends.data, ClosedFor(self.reason.data),
            ClosedFor(self.told.data) if self.told.data else None,
        )  # fmt: skip


class TodayForm(HouseForm):
    """Why the house closes for the rest of today; `seen` is how many visits were shown as coming."""

    reason = SelectField(
        _l("Why? Only staff see this."),
        choices=[(one.value, words) for one, words in REASONS.items()],
        default=ClosedFor.STAFF.value,
    )
    told = SelectField(
        _l("What do visitors read?"),
        choices=[("", TOLD_NOTHING), *((one.value, words) for one, words in REASONS.items())],
        default="",
    )
    seen = SeenField()


class SettleForm(HouseForm):
    """What becomes of a visit that does not fit, as it was seen (its revision)."""

    how = SelectField(choices=[(one, one) for one in ("kept", "asked", "phoned", "cancel")])
    revision = SeenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """The buttons are the choices: what is wrong with them is said above, not at a field."""
        valid = bool(super().validate(extra_validators))
        if self.how.errors:
            self.how.errors = []
            self.form_errors = [_WHAT]
        return valid

    @property
    def seen(self) -> int:
        """The revision that was on the page; -1 when the page did not say."""
        return self.revision.number(-1)


class AskAllForm(HouseForm):
    """Ask everybody on the list as it was seen: pairs of visit and revision."""

    visits = HiddenField()

    @property
    def seen(self) -> list[tuple[int, int]]:
        pairs = (one.partition(".") for one in str(self.visits.data or "")[:20_000].split(" "))
        return [(int(a), int(b)) for a, _, b in pairs if a.isdecimal() and b.isdecimal() and len(a + b) < 24]


def scope_value(scope: Scope) -> str:
    """A scope as the form says it: `house`, `authority-3`, `counter-7`."""
    if scope.counter_id is not None:
        return f"counter-{scope.counter_id}"
    return HOUSE if scope.authority_id is None else f"authority-{scope.authority_id}"


def scope_from(value: str) -> Scope:
    """The same read back; the form has checked that it is one of the choices."""
    kind, _, key = value.partition("-")
    if kind == "counter":
        return Scope(counter_id=int(key))
    return Scope(authority_id=int(key)) if kind == "authority" else Scope()
