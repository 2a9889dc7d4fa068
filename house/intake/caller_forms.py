"""Forms of booking for somebody on the telephone: what and for whom, then when, and how they are called."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from functools import partial

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from house.catalogue.face import ServiceView
from house.formats import language_choices
from house.forms import (
    EmailAddressField,
    HouseForm,
    LineField,
    MobileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    clean_line,
)
from house.intake.desk_forms import HowManyField
from house.intake.desk_words import LATE_REASONS
from house.intake.household import LARGEST_PARTY, MOST_SERVICES
from house.intake.lateness import LateReason
from house.intake.opening_forms import DayField

_TIME = _l("Please choose a time.")


class WantedForm(HouseForm):
    """What a caller wants, how many come, and in which language. Sent by GET, for it writes nothing."""

    class Meta(HouseForm.Meta):
        csrf = False

    service = SelectMultipleField(
        _l("What do they need?"),
        [InputRequired(_l("Please choose a service.")), Length(max=MOST_SERVICES)],
        option_widget=CheckboxInput(),
    )
    party = HowManyField(
        _l("How many people?"),
        [
            InputRequired(_l("Please write how many people come.")),
            NumberRange(1, LARGEST_PARTY, _l("Please write a number from 1 to 8.")),
        ],
        default=1,
        render_kw={"min": 1, "max": LARGEST_PARTY, "inputmode": "numeric"},
    )
    language = SelectField(
        _l("Language"), choices=language_choices(), default="en"
    )
    since = DayField(_l("Not before"), [Optional()])
    again = HiddenField(filters=[lambda mark: mark and clean_line(mark[:16])])
    """The reference of the visit that has another time now: its name and addresses are known."""

    def offer(self, services: Iterable[ServiceView]) -> None:
        """Lay out what can be booked; a link may bring what cannot, and that is left out."""
        known = {service.slug: service.name for service in services}
        self.service.choices = list(known.items())
        self.service.data = [slug for slug in dict.fromkeys(self.service.data or ()) if slug in known]


class CallerForm(HouseForm):
    """The time, and how the caller wants to be called; an address only for the letter."""

    start = RadioField(
        validators=[InputRequired(_TIME)], coerce=int, validate_choice=False, invalid_value_message=_TIME
    )
    name = LineField(
        _l("Name"),
        [DataRequired(_l("Please write how they want to be called."))],
        description=_l("As they want to be called."),
        render_kw={"autocomplete": "off"},
    )
    email = EmailAddressField(
        _l("E-mail address"),
        [Optional()],
        description=_l("The confirmation goes there, in their language."),
        render_kw={"autocomplete": "off", "type": "email"},
    )
    mobile: MobileField | None = None
    last_day = DayField(_l("The last day it must be done"), [Optional()])
    late = SelectField(
        _l("Why is it booked later than that?"),
        choices=[("", _l("It is not later")), *((one.value, words) for one, words in LATE_REASONS.items())],
        default="",
    )
    once = HiddenField(default=partial(secrets.token_urlsafe, 16), filters=[lambda mark: mark and mark[:64]])

    def last_days(self, slugs: Iterable[str]) -> dict[str, date]:
        """The last day of everything that is booked, as the caller says it."""
        return dict.fromkeys(slugs, self.last_day.data) if self.last_day.data else {}

    @property
    def why_late(self) -> LateReason | None:
        return LateReason(self.late.data) if self.late.data else None


class CallerBySmsForm(CallerForm):
    """The same where an SMS gateway is configured."""

    mobile = MobileField(
        _l("Mobile number"),
        [Optional()],
        description=_l("Without an e-mail address, text messages go there."),
        render_kw={"autocomplete": "off"},
    )
