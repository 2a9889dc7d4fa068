"""Forms of the front desk: short, and complete with the commonest answer before a key is pressed."""

from __future__ import annotations

import secrets
from functools import partial

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from house.forms import HouseForm, LineField, clean_line
from house.intake.desk_words import OUTCOMES
from house.intake.registration import LARGEST_PARTY
from house.languages import LANGUAGES


class HowManyField(IntegerField):
    """A small whole number; of what is none, no more than a few plain signs are shown again."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data = [clean_line(one[:20]) for one in valuelist[:1]]
        super().process_formdata(self.raw_data)


class RegisterForm(HouseForm):
    """A walk-in: what for, how many, which language, and a name to call by if they like."""

    service = SelectField(_l("What for?"), [InputRequired(_l("Please choose a service."))])
    party = HowManyField(
        _l("How many people?"),
        [
            InputRequired(_l("Please write how many people came.")),
            NumberRange(1, LARGEST_PARTY, _l("Please write a number from 1 to 12.")),
        ],
        default=1,
        render_kw={"min": 1, "max": LARGEST_PARTY, "inputmode": "numeric"},
    )
    language = SelectField(
        _l("Language"), choices=[(language.tag, language.own_name) for language in LANGUAGES], default="en"
    )
    name = LineField(_l("Name to call"), longest=40, render_kw={"autocomplete": "off"})
    once = HiddenField(default=partial(secrets.token_urlsafe, 16), filters=[lambda mark: mark and mark[:64]])


class PressedOrTyped(LineField):
    """A line to type in, or a button in the list below it with the same name: what was pressed counts."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([one for one in valuelist if one.strip()][-1:])


class CheckInForm(HouseForm):
    """A booking: its reference, the link that a scanner reads from the visitor's page, or a name."""

    reference = PressedOrTyped(
        _l("Reference or name"),
        [DataRequired(_l("Please write the reference or the name."))],
        longest=300,
        render_kw={"autocomplete": "off", "autocapitalize": "characters"},
    )


class CounterForm(HouseForm):
    """Which counter I sit at."""

    counter = SelectField(_l("My counter"), coerce=int)


class FinishForm(HouseForm):
    """How the step ended."""

    outcome = RadioField(
        _l("How did it end?"),
        [InputRequired(_l("Please choose how it ended."))],
        choices=[(outcome.value, words) for outcome, words in OUTCOMES.items()],
        default="completed",
    )
