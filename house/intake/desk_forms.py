"""Forms of the front desk: short, and complete with the commonest answer before a key is pressed."""

from __future__ import annotations

import secrets
from functools import partial

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, InputRequired, NumberRange, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from house.formats import language_choices
from house.forms import HouseForm, LineField, RadioField, SelectField, SelectMultipleField, clean_line
from house.intake.desk_screen import Current
from house.intake.desk_words import OUTCOMES, PRIORITIES
from house.intake.handing_on import Next
from house.intake.registration import LARGEST_PARTY
from house.seals import is_scanned


class HowManyField(IntegerField):
    """A small whole number; of what is none, no more than a few plain signs are shown again."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data = [clean_line(one[:20]) for one in valuelist[:1]]
        super().process_formdata(self.raw_data)


def one_press() -> HiddenField:
    """The random id of one press of a button: sent twice, or kept while the net is gone, it is done once."""
    return HiddenField(default=partial(secrets.token_urlsafe, 16), filters=[_plain_mark])


def _plain_mark(mark: str | None) -> str | None:
    """What no page of ours has sent may be any text; none of it breaks a database."""
    return mark and clean_line(mark[:64])


class NameField(LineField):
    """A name; what a scanner typed there is none, however long it is."""

    def pre_validate(self, form: BaseForm) -> None:
        if is_scanned(self.text):
            raise StopValidation(_l("This is a scanned code, not a name."))
        super().pre_validate(form)


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
        _l("Language"), choices=language_choices(), default="en"
    )
    name = NameField(_l("Name to call"), longest=40, render_kw={"autocomplete": "off"})
    priority = SelectField(
        _l("Goes first, because:"),
        choices=[("", _l("No priority")), *((one.value, words) for one, words in PRIORITIES.items())],
        default="",
    )
    quick = SelectField(
        _l("A quick question?"),
        choices=[
            ("", _l("No, they wait")), ("stay", _l("Serve here now")),
            *((outcome.value, words) for outcome, words in OUTCOMES.items()),
        ],
        default="",
    )  # fmt: skip
    once = one_press()


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
    once = one_press()


class CounterForm(HouseForm):
    """Which counter I sit at."""

    counter = SelectField(_l("My counter"), coerce=int)


class SeveralField(SelectMultipleField):
    """Several of a few, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class FinishForm(HouseForm):
    """How the step ended, which papers were missing, and what comes next and where."""

    outcome = RadioField(
        _l("How did it end?"),
        [InputRequired(_l("Please choose how it ended."))],
        choices=[(outcome.value, words) for outcome, words in OUTCOMES.items()],
        default="completed",
    )
    missing = SeveralField(_l("Which papers are missing?"))
    then = SelectField(_l("What comes next?"), default="")
    where = SelectField(_l("At which counter?"), default="")

    def offer(
        self, current: Current | None, served: list[tuple[str, str]], where: list[tuple[int, str]]
    ) -> None:
        """Fill the choices for the person who is at the counter: what is `served`, and where."""
        papers = current.papers if current else ()
        self.missing.choices = [(str(number), words) for number, (words, _tag) in enumerate(papers)]
        later = [(f"step-{stop.id}", stop.service) for stop in (current.later if current else ())]
        more = [(f"service-{slug}", name) for slug, name in served]
        self.then.choices = [("", _l("As planned")), *later, *more]
        self.where.choices = [("", _l("Any counter")), *((str(id_), words) for id_, words in where)]

    @property
    def next(self) -> Next:
        """What was chosen; the form is valid."""
        kind, _, which = str(self.then.data or "").partition("-")
        return Next(
            int(which) if kind == "step" else None,
            which if kind == "service" else None,
            int(self.where.data) if self.where.data else None,
        )

    @property
    def papers(self) -> list[int]:
        """The numbers of the papers that were missing."""
        return [int(one) for one in self.missing.data or ()]


class OutsideForm(HouseForm):
    """To which authority outside, on which ground, and about what."""

    wanted = SelectField(_l("For which service?"))
    ground = RadioField(
        _l("Why may we tell them?"),
        [InputRequired(_l("Please choose why we may tell them."))],
        choices=[("consent", _l("The person agrees")), ("law", _l("The law says so"))],
    )
    matter = LineField(_l("What is it about?"), longest=200, render_kw={"autocomplete": "off"})


class PersonForm(HouseForm):
    """What is known of somebody who is here: name, language, how many came, why they go first, more to do."""

    name = LineField(_l("Name to call"), render_kw={"autocomplete": "off"})
    language = SelectField(_l("Language"), choices=language_choices())

    party = HowManyField(
        _l("How many people?"),
        [
            InputRequired(_l("Please write how many people came.")),
            NumberRange(1, LARGEST_PARTY, _l("Please write a number from 1 to 12.")),
        ],
        render_kw={"min": 1, "max": LARGEST_PARTY, "inputmode": "numeric"},
    )
    priority = SelectField(
        _l("Goes first, because:"),
        choices=[("", _l("No priority")), *((one.value, words) for one, words in PRIORITIES.items())],
        default="",
    )
    service = SelectField(_l("A further service"), default="")


class FindForm(HouseForm):
    """A name, a reference or a ticket of today."""

    words = LineField(_l("Name, reference or ticket"), longest=60, render_kw={"autocomplete": "off"})
