"""The form of a counter's hours: weekly openings and days that differ. Rows are in `opening_forms.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import time
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, FieldList, FormField

from house.catalogue import face as catalogue
from house.catalogue.face import Rules
from house.formats import language_name
from house.forms import HouseForm, SelectField
from house.intake.counter_forms import SeenField
from house.intake.manage_words import AS_COUNTER, LEVELS, NOT_SPOKEN
from house.intake.opening_forms import DayRow, OpeningRow, Row

MOST_OPENINGS, MOST_DAYS = 40, 60
NOT_THERE = "none"
_OVERLAPS = _l("Another row is open at the same time: row %(row)s.")
_TOO_MANY = _l("These are too many rows. Please remove some.")


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of a form; a row whose number is no plain small number is not a row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            if found := re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,4}})-\w+", name):
                yield int(found.group(1))

    def drop(self, name: str) -> None:
        """Take out the row of this name."""
        self.entries = [entry for entry in self.entries if entry.name != name]

    def say(self, words: Any) -> None:
        """Put the errors of the rows together, with a word about all of them."""
        of_rows = [entry.form.errors for entry in self.entries]
        self.errors = [*([words] if words else []), *of_rows] if words or any(of_rows) else []


class HoursForm(HouseForm):
    """The whole week of a counter, its holidays, and the days that differ."""

    revision = SeenField()
    keeps_holidays = BooleanField(_l("Closed on public holidays and the days the house keeps"), default=True)
    openings: Rows
    days: Rows

    @property
    def seen(self) -> int:
        """The revision that was on the page; -1 when the page did not say."""
        return self.revision.number(-1)

    @property
    def opening_rows(self) -> list[OpeningRow]:
        return [entry.form for entry in self.openings.entries if not entry.form.is_empty]

    @property
    def day_rows(self) -> list[DayRow]:
        return [entry.form for entry in self.days.entries if not entry.form.is_empty]

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape first, then each row, then the rows against each other; the later of two says so."""
        super().validate(extra_validators)
        for row in (*self.opening_rows, *self.day_rows):
            row.check()
        sound = not any(row.errors for row in (*self.opening_rows, *self.day_rows))
        if sound:
            self._check_overlaps()
        self.openings.say(_TOO_MANY if len(self.openings.entries) > MOST_OPENINGS else None)
        self.days.say(_TOO_MANY if len(self.days.entries) > MOST_DAYS else None)
        return not self.errors

    def _check_overlaps(self) -> None:
        rows, days = self.opening_rows, self.day_rows
        for one, two in catalogue.overlapping_rules([row.rule for row in rows]):
            rows[two].refuse("opens", _OVERLAPS % {"row": one + 1})
        for one, two in catalogue.overlapping_days([row.exception for row in days]):
            days[two].refuse("day", _OVERLAPS % {"row": one + 1})

    @property
    def rules(self) -> Rules:
        """What was filled in; the form is valid."""
        return Rules(
            bool(self.keeps_holidays.data),
            tuple(row.rule for row in self.opening_rows),
            tuple(row.exception for row in self.day_rows),
        )

    def press(self, pressed: str) -> bool:
        """Do what a button says that only changes the rows on the page; whether it was such a button."""
        if pressed.startswith("drop-"):
            for rows in (self.openings, self.days):
                rows.drop(pressed.removeprefix("drop-"))
        elif pressed == "add-opening" and len(self.openings.entries) < MOST_OPENINGS:
            self.openings.append_entry(self._like_the_last())
        elif pressed == "add-day" and len(self.days.entries) < MOST_DAYS:
            self.days.append_entry()
        return pressed.startswith(("drop-", "add-"))

    def _like_the_last(self) -> dict[str, Any]:
        """A new opening is like the last one, a weekday later."""
        if not self.openings.entries:
            return {"weekday": 0}
        last: OpeningRow = self.openings.entries[-1].form
        same = {name: last[name].data for name in ("opens", "closes", "lanes", "every_weeks", "valid_from")}
        return {**same, "weekday": ((last.weekday.data or 0) + 1) % 7}


def hours_form(rules: Rules, revision: int, lanes: int, tags: Iterable[str]) -> HoursForm:
    """The form for hours as they are stored, for a counter with these lanes and languages."""
    openings = [
        {
            "weekday": rule.weekday, "opens": rule.opens, "closes": rule.closes,
            "lanes": str(rule.lanes or ""), "every_weeks": rule.every_weeks,
            "valid_from": rule.valid_from, "valid_to": rule.valid_to,
            **{f"speaks_{tag}": level for tag, level in rule.languages},
        }
        for rule in sorted(rules.openings, key=lambda rule: (rule.weekday, rule.opens))
    ]  # fmt: skip
    days = [
        {
            "day": one.day, "how": "closed" if one.opens is None else "open", "opens": one.opens,
            "closes": one.closes, "lanes": str(one.lanes or ""),
            **{f"speaks_{tag}": level for tag, level in one.languages},
        }
        for one in sorted(rules.exceptions, key=lambda one: (one.day, one.opens or time(0)))
    ]  # fmt: skip
    return _form_class(lanes, tuple(sorted(tags)))(
        data={
            "revision": str(revision), "keeps_holidays": rules.keeps_holidays,
            "openings": openings, "days": days,
        }
    )  # fmt: skip


@lru_cache(maxsize=64)
def _form_class(lanes: int, tags: tuple[str, ...]) -> type[HoursForm]:
    fewer = [("", _l("all lanes")), *((str(n), str(n)) for n in range(1, lanes))]
    spoken = ((level.value, words) for level, words in LEVELS.items())
    levels = [("", AS_COUNTER), (NOT_THERE, NOT_SPOKEN), *spoken]
    differs: dict[str, Any] = {
        f"speaks_{tag}": SelectField(LazyString(language_name, tag), choices=levels, default="")
        for tag in tags
    }
    differs["lanes"] = SelectField(Row.lanes.args[0], choices=fewer, default="")
    opening = type("OpeningRowOf", (OpeningRow,), differs)
    day = type("DayRowOf", (DayRow,), differs)
    return type(
        "HoursFormOf",
        (HoursForm,),
        {
            "openings": Rows(FormField(opening), max_entries=MOST_OPENINGS + 1),
            "days": Rows(FormField(day), max_entries=MOST_DAYS + 1),
        },
    )
