"""Forms of booking online: what is needed and who comes, which time, who one is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    TimeField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from house import clock
from house.catalogue.face import ServiceView
from house.forms import (
    EmailAddressField,
    HouseForm,
    LineField,
    MobileField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from house.intake.household import LARGEST_PARTY, MOST_SERVICES, OTHER, Household
from house.intake.words import ACCESS_NEEDS
from house.languages import LANGUAGES

AHEAD, DAY = timedelta(days=366), timedelta(days=1)

_CHOOSE_SERVICE = _l("Please choose what you need.")
_CHOOSE_PARTY = _l("Please choose how many people come.")
_CHOOSE_TIME = _l("Please choose a time.")
_TELL_WHEN = _l("Please say on which day and at what time.")
_CHOOSE_LANGUAGE = _l("Please choose a language.")
_CHOOSE_MUNICIPALITY = _l("Please choose where you live.")
ADULTS = [(n, lazy_ngettext("One adult", "%(num)s adults", n)) for n in range(1, LARGEST_PARTY + 1)]
CHILDREN = [
    (0, _l("No children")),
    *((n, lazy_ngettext("One child", "%(num)s children", n)) for n in range(1, LARGEST_PARTY)),
]
SPOKEN = [*((language.tag, language.own_name) for language in LANGUAGES), (OTHER, _l("Another language"))]


class NeedForm(HouseForm):
    """Which services, in one visit. Sent by GET, for it writes nothing."""

    class Meta(HouseForm.Meta):
        csrf = False

    service = SelectMultipleField(
        _l("What do you need?"),
        validators=[
            InputRequired(_CHOOSE_SERVICE),
            Length(max=MOST_SERVICES, message=_l("Please choose at most six.")),
        ],
        description=_l("You can choose several. We plan one visit for all of them."),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )

    def offer(self, services: Iterable[ServiceView], known: Collection[str]) -> None:
        """Lay out the services to choose from; a link may bring others that the catalogue knows."""
        self.service.choices = [(service.slug, _named(service)) for service in services]
        self.known = known

    @property
    def chosen(self) -> list[str]:
        return list(dict.fromkeys(self.service.data or ()))

    def validate_service(self, field: Any) -> None:
        if any(slug not in self.known for slug in field.data or ()):
            raise ValidationError(_CHOOSE_SERVICE)


class WhoForm(HouseForm):
    """Who comes: numbers, a language, needs; nothing is typed and nobody is named."""

    adults = SelectField(
        _l("Adults"), choices=ADULTS, coerce=int, invalid_choice_message=_CHOOSE_PARTY,
        invalid_value_message=_CHOOSE_PARTY,
    )  # fmt: skip
    children = SelectField(
        _l("Children"), choices=CHILDREN, coerce=int, invalid_choice_message=_CHOOSE_PARTY,
        invalid_value_message=_CHOOSE_PARTY,
    )  # fmt: skip
    municipality = SelectField(
        _l("Where do you live, or where will you live?"),
        description=_l("Your municipality decides where you can get some services."),
        invalid_choice_message=_CHOOSE_MUNICIPALITY,
    )
    speaks = SelectField(
        _l("Which language do you want to speak with us?"), choices=SPOKEN,
        invalid_choice_message=_CHOOSE_LANGUAGE,
    )  # fmt: skip
    interpreter = BooleanField(_l("I would like an interpreter"))
    access = SelectMultipleField(
        _l("Do you need any of this?"), choices=list(ACCESS_NEEDS.items()), option_widget=CheckboxInput(),
        description=_l("So we can prepare. We forget it 30 days after your visit."),
    )  # fmt: skip

    def ask_where(self, municipalities: Sequence[str] | None) -> None:
        """Ask where they live, of these; None where it does not matter."""
        if municipalities is None:
            del self.municipality
            return
        names = [(name, name) for name in municipalities]
        self.municipality.choices = [
            ("", _l("I do not know yet")), *names, (OTHER, _l("Another municipality")),
        ]  # fmt: skip

    def validate_children(self, field: Any) -> None:
        if (self.adults.data or 0) + (field.data or 0) > LARGEST_PARTY:
            raise ValidationError(_l("At most eight people can come in one visit."))

    def household(self) -> Household:
        """The answers."""
        lives = self.municipality.data or None if "municipality" in self else None
        return Household(
            self.adults.data, self.children.data, self.speaks.data, self.interpreter.data,
            tuple(self.access.data or ()), lives,
        )  # fmt: skip


def _needed(form: Any, field: Any) -> None:
    """An answer is needed, unless the button says that there is nothing to tell."""
    if form.remove.data:
        field.errors = []
        raise StopValidation()
    if not field.raw_data or not field.raw_data[0].strip():
        field.errors = []
        raise StopValidation(_TELL_WHEN)


class OtherTimeForm(HouseForm):
    """A time that another system gave for one of the services."""

    service = SelectField(_l("For which service?"), invalid_choice_message=_CHOOSE_SERVICE)
    day = DateField(_l("Day"), validators=[_needed])
    at = TimeField(_l("Time"), validators=[_needed])
    reference = LineField(
        _l("Your reference there"),
        validators=[Optional()],
        description=_l("It stands in your letter. You can also go on without it."),
        longest=40,
    )
    remove = HiddenField()

    def offer(self, services: Iterable[ServiceView]) -> None:
        """Lay out the services that may have a time elsewhere."""
        self.service.choices = [(service.slug, service.name) for service in services]

    def validate_day(self, field: Any) -> None:
        today = clock.now().date()
        if field.data and not today - DAY <= field.data <= today + AHEAD:
            raise ValidationError(_l("Please choose a day in the next twelve months."))


class TimeForm(HouseForm):
    """Which time: a UTC tick. Whether it is on offer is for the verb to say, so the form knows no choices."""

    start = RadioField(
        validators=[InputRequired(_CHOOSE_TIME)],
        coerce=int,
        validate_choice=False,
        invalid_value_message=_CHOOSE_TIME,
    )
    late = BooleanField(_l("I take a time after my last day."))


class CheckForm(HouseForm):
    """The button that books, with the tick that was shown: what is booked is what was checked."""

    shown = IntegerField(  # type: ignore[call-arg]
        validators=[InputRequired(_CHOOSE_TIME)], invalid_value_message=_CHOOSE_TIME
    )


class ContactForm(HouseForm):
    """How the visitor wants to be called, and where the confirmation goes."""

    name = LineField(
        _l("Your name"),
        validators=[DataRequired(_l("Please write your name."))],
        description=_l("As you want us to call you."),
        longest=80,
    )
    email = EmailAddressField(
        _l("Your e-mail address"),
        validators=[Optional()],
        description=_l("We send the confirmation there. You can also go on without it."),
    )
    mobile: MobileField | None = None
    earlier = BooleanField(_l("Tell me if something earlier is free"))
    NOWHERE = _l("We need an e-mail address to write to you.")

    def validate_earlier(self, field: Any) -> None:
        """Who wants to hear of something earlier says where; what was written wrong is said at its field."""
        given = [self.email, *([self.mobile] if self.mobile is not None else [])]
        if field.data and not any(one.data or one.errors for one in given):
            raise ValidationError(self.NOWHERE)


class ContactBySmsForm(ContactForm):
    """The same where an SMS gateway is configured."""

    NOWHERE = _l("We need an e-mail address or a mobile number to write to you.")

    email = EmailAddressField(
        _l("Your e-mail address"),
        validators=[Optional()],
        description=_l("We send the confirmation there, with the papers to bring."),
    )
    mobile = MobileField(
        _l("Your mobile number"),
        validators=[Optional()],
        description=_l("We send text messages there. With both, we write by e-mail only."),
    )


def _named(service: ServiceView) -> Any:
    """The name of a service, marked with its language where it is not the page's."""
    return Markup('<bdi lang="{}">{}</bdi>').format(service.name_lang, service.name)
