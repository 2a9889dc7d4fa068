"""The rows of a counter's hours: a weekly opening, a day that differs. The whole form: `hours_forms.py`."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, TimeField
from wtforms.widgets import TextInput

from house.catalogue.face import DayException, OpeningRule
from house.forms import SelectField, clean_line
from house.intake.counter_forms import Part
from house.intake.manage_words import WEEKDAYS, WEEKS

_FAR = (date(2000, 1, 1), date(2100, 1, 1))
_TIME = _l("Please write a time like 09:30, in full five minutes.")
_DAY = _l("Please write a day like 2027-01-31.")
_OPENS = _l("Please write when it opens.")
_CLOSES = _l("Please write when it closes.")
_BACKWARDS = _l("It must close after it opens.")
_DAYS_BACKWARDS = _l("The last day must not come before the first.")
_FROM = _l("Please write from which day the weeks are counted.")
_WHICH_DAY = _l("Please write the day.")


class WallField(TimeField):
    """A time on the wall in full five minutes, as 9:30, 09.30 or 930; only a few signs are shown again."""

    widget = TextInput()  # a time picker shows "AM" and "PM" to whoever has an American browser

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        signs = {"size": 5, "maxlength": 8, "autocomplete": "off", "dir": "ltr", "placeholder": "09:30"}
        super().__init__(label, validators, render_kw=signs, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data = [clean_line(one[:20]) for one in valuelist[:1]]
        self.data = None
        if not self.raw_data or not self.raw_data[0]:
            return
        found = re.fullmatch(r"([01]?[0-9]|2[0-4])[:.]?([0-5][05])(?::00)?", self.raw_data[0])
        if not found or (found[1] == "24" and found[2] != "00"):
            raise ValueError(str(_TIME))
        self.data = time(int(found[1]) % 24, int(found[2]))


class DayField(DateField):
    """A day of this century."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data = [clean_line(one[:20]) for one in valuelist[:1]]
        self.data = None
        if not self.raw_data or not self.raw_data[0]:
            return
        try:
            self.data = date.fromisoformat(self.raw_data[0])
        except ValueError:
            raise ValueError(str(_DAY)) from None
        if not _FAR[0] <= self.data < _FAR[1]:
            self.data = None
            raise ValueError(str(_DAY))


class Row(Part):
    """What an opening and a day that differs have in common: times, lanes, and languages that differ."""

    WRITTEN: tuple[str, ...] = ("opens", "closes")

    opens = WallField(_l("Opens"))
    closes = WallField(_l("Closes"))
    lanes = SelectField(_l("At a time"), default="")

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote in it: such a row does not count."""
        return not any((self[name].raw_data or [""])[0] for name in self.WRITTEN)

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """What differs from the counter's languages."""
        return tuple(sorted((tag, str(field.data)) for tag, field in self.tongues.items() if field.data))

    @property
    def tongues(self) -> dict[str, Any]:
        """The fields of the languages, by tag."""
        names = (name for name in self._fields if name.startswith("speaks_"))
        return {name.removeprefix("speaks_"): self[name] for name in names}

    @property
    def fewer(self) -> int | None:
        return int(self.lanes.data) if self.lanes.data else None

    def refuse(self, name: str, words: Any) -> None:
        """Say at a field what is wrong, unless something was said there."""
        if not self[name].errors:
            self[name].errors = [words]

    def check(self) -> None:
        """Say what is wrong with this row by itself."""
        raise NotImplementedError

    def check_times(self) -> None:
        for name, words in (("opens", _OPENS), ("closes", _CLOSES)):
            if self[name].data is None:
                self.refuse(name, words)
        opens, closes = self.opens.data, self.closes.data
        if opens and closes and closes != time(0) and closes <= opens:
            self.refuse("closes", _BACKWARDS)


class OpeningRow(Row):
    """Open on a weekday, every few weeks, from a day to a day."""

    weekday = SelectField(_l("Weekday"), coerce=int, choices=WEEKDAYS, default=0)
    every_weeks = SelectField(
        _l("How often"), coerce=int, choices=[(n, words) for n, words in WEEKS.items()], default=1
    )
    valid_from = DayField(_l("From the day"))
    valid_to = DayField(_l("To the day"))

    def check(self) -> None:
        self.check_times()
        if self.valid_from.data and self.valid_to.data and self.valid_to.data < self.valid_from.data:
            self.refuse("valid_to", _DAYS_BACKWARDS)
        if (self.every_weeks.data or 1) > 1 and not self.valid_from.data:
            self.refuse("valid_from", _FROM)

    @property
    def rule(self) -> OpeningRule:
        return OpeningRule(
            self.weekday.data, self.opens.data or time(0), self.closes.data or time(0), self.valid_from.data,
            self.valid_to.data, self.every_weeks.data, self.fewer, self.languages,
        )  # fmt: skip


class DayRow(Row):
    """A day that differs: closed, or open at these hours, holiday or not."""

    WRITTEN = ("day", "opens", "closes")

    day = DayField(_l("Day"))
    how = SelectField(
        _l("On this day"),
        choices=[("closed", _l("closed")), ("open", _l("open at these hours"))],
        default="closed",
    )

    def check(self) -> None:
        if self.day.data is None:
            self.refuse("day", _WHICH_DAY)
        if self.how.data == "open":
            self.check_times()

    @property
    def exception(self) -> DayException:
        if self.how.data == "closed":
            return DayException(self.day.data or _FAR[0])
        return DayException(
            self.day.data or _FAR[0], self.opens.data, self.closes.data, "", self.fewer, self.languages
        )
