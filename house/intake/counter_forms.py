"""The form of a counter's settings: lanes, grid, buffers, services and languages. Hours: `hours_forms.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, Form, FormField, HiddenField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from house.formats import language_name
from house.forms import HouseForm, LineField, RadioField, SelectField
from house.intake.counters import Given, Settings
from house.intake.desk_forms import HowManyField
from house.intake.manage_words import LEVELS, NOT_SPOKEN, SETTINGS, SINCE, days, minutes
from house.intake.models import Level
from house.intake.timetable import Since
from house.languages import LANGUAGES
from house.messages import FormTranslations

MOST_LANES = 20
EVERY = (5, 10, 15, 20, 30, 60)
BUFFERS = (0, 5, 10, 15, 20, 30)
LEADS = (0, 30, 60, 120, 240, 1440, 2880, 10080)
HORIZONS = (7, 14, 30, 60, 90, 120, 180)
_LABEL = _l("Please write the number or name of the counter.")
_AUTHORITY = _l("Please choose an authority.")
_LANES = _l("Please write a number from 1 to 20.")
_MINUTES = _l("Please write minutes from 1 to 240, or nothing.")
_COOL_OFF = _l("Please write minutes from 0 to 240.")
_translations = FormTranslations()


class Part(Form):
    """A part of a form; the token is the whole form's."""

    class Meta:
        def get_translations(self, form: Form) -> FormTranslations:
            return _translations


class SeenField(HiddenField):
    """A number that the page showed; anything else that is sent is nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = valuelist[0] if valuelist else ""
        self.data = sent if re.fullmatch(r"[0-9]{1,9}", sent) else ""

    def number(self, otherwise: int) -> int:
        return int(self.data) if self.data else otherwise


class Amount(SelectField):
    """One of a few numbers, each said in words; what is stored already can always stay."""

    def __init__(self, label: Any, amounts: Iterable[int], say: Callable[[int], str], **kwargs: Any) -> None:
        self.amounts, self.say = tuple(amounts), say
        super().__init__(label, coerce=int, choices=[(one, str(one)) for one in self.amounts], **kwargs)

    def offer(self, stored: int) -> None:
        """Lay out the numbers, with the one that is stored."""
        self.choices = [(one, self.say(one)) for one in sorted({*self.amounts, stored})]


class NewCounterForm(HouseForm):
    """A counter to be: everything else is said on its own page."""

    label = LineField(
        SETTINGS["label"],
        [DataRequired(_LABEL)],
        longest=20,
        render_kw={"autocomplete": "off"},
    )
    authority = SelectField(
        _l("Authority"), [InputRequired(_AUTHORITY)], coerce=int, invalid_choice_message=_AUTHORITY
    )


class ServicePart(Part):
    """One service: whether it is given here, whether it takes bookings, and its own minutes."""

    given = BooleanField(_l("Given here"))
    bookable = BooleanField(_l("Takes bookings"), default=True)
    first = HowManyField(_l("Minutes for the first person"), [Optional(), NumberRange(1, 240, _MINUTES)])
    each = HowManyField(_l("Minutes for each further person"), [Optional(), NumberRange(1, 240, _MINUTES)])
    cool_off = HowManyField(
        _l("Minutes until a freed time is offered again"),
        [Optional(), NumberRange(0, 240, _COOL_OFF)],
        default=0,
    )


class CounterForm(HouseForm):
    """A counter as managers set it; its services are `service_<key>`, its languages `language_<tag>`."""

    revision = SeenField()
    label = LineField(
        SETTINGS["label"],
        [DataRequired(_LABEL)],
        longest=20,
        render_kw={"autocomplete": "off"},
    )
    capacity = HowManyField(
        SETTINGS["capacity"],
        [NumberRange(1, MOST_LANES, _LANES)],
        default=1,
        description=_l("As many as there are advisers at this counter."),
        render_kw={"min": 1, "max": MOST_LANES, "inputmode": "numeric"},
    )
    every = Amount(SETTINGS["every"], EVERY, minutes, default=10)
    since = RadioField(SETTINGS["since"], choices=list(SINCE.items()), default=Since.OPENING.value)
    buffer_minutes = Amount(SETTINGS["buffer_minutes"], BUFFERS, minutes, default=0)
    lead_minutes = Amount(
        SETTINGS["lead_minutes"], LEADS, minutes, default=60,
        description=_l("So long before the visit begins."),
    )
    horizon_days = Amount(SETTINGS["horizon_days"], HORIZONS, days, default=60)
    active = BooleanField(_l("This counter is in use"), default=True)
    assumed = BooleanField(_l("Nobody has confirmed yet that this counter is set up like this"))

    @property
    def seen(self) -> int:
        """The revision that was on the page; -1 when the page did not say."""
        return self.revision.number(-1)

    def lay_out(self, stored: Settings) -> None:
        """What there is to choose from."""
        self.every.offer(stored.every * 5)
        self.buffer_minutes.offer(stored.buffer_minutes)
        self.lead_minutes.offer(stored.lead_minutes)
        self.horizon_days.offer(stored.horizon_days)

    @property
    def service_parts(self) -> dict[int, ServicePart]:
        parts = {name: field for name, field in self._fields.items() if name.startswith("service_")}
        return {int(name.removeprefix("service_")): field.form for name, field in parts.items()}

    @property
    def language_fields(self) -> dict[str, SelectField]:
        return {language.tag: self[f"language_{language.tag}"] for language in LANGUAGES}

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if self.since.data == Since.HOUR.value and 60 % (self.every.data or 60):
            self.since.errors = [_l("From the full hour, the times must divide the hour.")]
            return False
        return valid

    def settings(self) -> Settings:
        """What was filled in; the form is valid."""
        given = {id_: part for id_, part in self.service_parts.items() if part.given.data}
        spoken = {tag: field.data for tag, field in self.language_fields.items() if field.data}
        return Settings(
            label=self.label.text, capacity=self.capacity.data or 1, every=self.every.data // 5,
            since=Since(self.since.data), buffer_minutes=self.buffer_minutes.data,
            lead_minutes=self.lead_minutes.data, horizon_days=self.horizon_days.data,
            active=self.active.data, assumed=self.assumed.data,
            services={
                id_: Given(part.bookable.data, part.first.data, part.each.data, part.cool_off.data or 0)
                for id_, part in given.items()
            },
            languages={tag: Level(level) for tag, level in spoken.items()},
        )  # fmt: skip


def counter_form(services: Iterable[int], stored: Settings, revision: int) -> CounterForm:
    """The form for a counter as it is stored, with these services to choose from."""
    plain = {
        **vars(stored), "every": stored.every * 5, "since": stored.since.value, "revision": str(revision),
    }  # fmt: skip
    parts = {
        f"service_{id_}": {
            "given": True, "bookable": one.bookable, "first": one.minutes_first, "each": one.minutes_each,
            "cool_off": one.cool_off_minutes,
        }
        for id_, one in stored.services.items()
    }  # fmt: skip
    languages = {f"language_{tag}": level.value for tag, level in stored.languages.items()}
    form = _form_class(tuple(services))(data={**plain, **parts, **languages})
    form.lay_out(stored)
    return form


@lru_cache(maxsize=32)
def _form_class(services: tuple[int, ...]) -> type[CounterForm]:
    fields: dict[str, Any] = {f"service_{id_}": FormField(ServicePart) for id_ in services}
    levels = [("", NOT_SPOKEN), *((level.value, words) for level, words in LEVELS.items())]
    for language in LANGUAGES:
        name = LazyString(language_name, language.tag)
        fields[f"language_{language.tag}"] = SelectField(name, choices=levels, default="")
    return type("CounterFormWith", (CounterForm,), fields)
