"""Forms of booking online: what is needed and who comes, which time, who one is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from markupsafe import Markup
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from house.catalogue.face import ServiceView
from house.forms import EmailAddressField, HouseForm, LineField
from house.intake.wishes import LARGEST_PARTY

_CHOOSE_SERVICE = _l("Please choose what you need.")
_CHOOSE_PARTY = _l("Please choose how many people come.")
_CHOOSE_TIME = _l("Please choose a time.")
PEOPLE = [(str(n), lazy_ngettext("One person", "%(num)s people", n)) for n in range(1, LARGEST_PARTY + 1)]


class NeedForm(HouseForm):
    """Which service, and how many people come. Sent by GET, for it writes nothing."""

    class Meta(HouseForm.Meta):
        csrf = False

    # The type stubs are of an older WTForms, which did not know messages for wrong values.
    service = RadioField(  # type: ignore[call-arg]
        _l("What do you need?"),
        validators=[InputRequired(_CHOOSE_SERVICE)],
        invalid_choice_message=_CHOOSE_SERVICE,
    )
    party = SelectField(  # type: ignore[call-arg]
        _l("How many people come?"),
        choices=PEOPLE,
        description=_l("Count everybody who needs this, also children."),
        invalid_choice_message=_CHOOSE_PARTY,
    )

    def offer(self, services: Iterable[ServiceView]) -> None:
        """Lay out the services to choose from."""
        self.service.choices = [(service.slug, _named(service)) for service in services]


class TimeForm(HouseForm):
    """Which time: a UTC tick. Whether it is on offer is for the verb to say, so the form knows no choices."""

    start = RadioField(  # type: ignore[call-arg]
        validators=[InputRequired(_CHOOSE_TIME)],
        coerce=int,
        validate_choice=False,
        invalid_value_message=_CHOOSE_TIME,
    )


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
    earlier = BooleanField(_l("Tell me by e-mail if something earlier is free"))


def _named(service: ServiceView) -> Any:
    """The name of a service, marked with its language where it is not the page's."""
    return Markup('<bdi lang="{}">{}</bdi>').format(service.name_lang, service.name)
