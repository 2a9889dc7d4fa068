"""Forms of the plan's questions: each judges its shape, and turns into the answer that the cookie keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    Form,
)
from wtforms.validators import InputRequired, Optional, StopValidation

from house.catalogue import plan_words as words
from house.catalogue.persons import NOT_KNOWN
from house.catalogue.questions import DATES, LATER_DATES
from house.forms import HouseForm, RadioField, SelectField, clean_line

FAR = timedelta(days=3 * 366)
CHOOSE = _l("Please choose an answer.")
_NO_DAY = _l("Please give the day as day, month and year.")
_TOO_FAR = _l("This day is too far away. Please look at the year.")
Answer = Any


def one_of(label: Any = "") -> Any:
    """A field with one answer of several."""
    return RadioField(label, validators=[InputRequired(CHOOSE)], invalid_choice_message=CHOOSE)


class QuestionForm(HouseForm):
    """A question: `lay_out` what can be answered, `show` what was answered, `given` is the new answer."""

    def show(self, answer: Answer) -> None:
        raise NotImplementedError

    def given(self) -> Answer:
        raise NotImplementedError


class ChoiceForm(QuestionForm):
    """One answer of several; what the cookie keeps is what stands beside each."""

    answer = one_of()

    def lay_out(self, title: Any, hint: Any, choices: Sequence[tuple[str, Any, Answer]]) -> None:
        self.answer.label.text, self.answer.description = title, hint
        self.answer.choices = [(value, label) for value, label, _ in choices]
        self.kept = {value: answer for value, _, answer in choices}

    def show(self, answer: Answer) -> None:
        self.answer.data = next((value for value, kept in self.kept.items() if kept == answer), None)

    def given(self) -> Answer:
        return self.kept[self.answer.data]


class SponsorForm(QuestionForm):
    """Whom a family member joins, and how a couple lives together."""

    who = one_of(words.TITLES["sponsor"])
    how = one_of(_l("How do you live together?"))

    def lay_out(self, of_partner: bool) -> None:
        self.who.choices = list(words.SPONSORS.items())
        if of_partner:
            self.how.choices = list(words.RELATIONSHIPS.items())
        else:
            del self.how

    def show(self, answer: Answer) -> None:
        self.who.data = answer["who"]
        if "how" in self:
            self.how.data = answer.get("how")

    def given(self) -> Answer:
        return {name: self[name].data for name in ("who", "how") if name in self}


class HomeForm(QuestionForm):
    """In which municipality, and whether a home is still looked for."""

    where = SelectField(
        _l("Municipality"), validators=[InputRequired(CHOOSE)], invalid_choice_message=CHOOSE
    )
    looking = BooleanField(words.LOOKING)

    def lay_out(self, municipalities: Iterable[str], looking: bool) -> None:
        named = [(one, one) for one in municipalities]
        other = [(words.ANOTHER_MUNICIPALITY, words.ANOTHER), (NOT_KNOWN, words.NOT_KNOWN_YET)]
        self.where.choices = [("", _l("Choose")), *named, *other]
        if not looking:
            del self.looking

    def show(self, answer: Answer) -> None:
        self.where.data = answer["where"]
        if "looking" in self:
            self.looking.data = answer["looking"]

    def given(self) -> Answer:
        return {"where": self.where.data, "looking": "looking" in self and self.looking.data}


def _near(_form: Form, field: Any) -> None:
    if field.data and abs(field.data - field.today) > FAR:
        raise StopValidation(_TOO_FAR)


class DayField(DateField):
    """A day that may be left out; at most three years away."""

    today: date
    longest = 20

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw_data = [clean_line(one[: self.longest]) for one in valuelist]
        super().process_formdata(self.raw_data)

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [Optional(), _near], invalid_value_message=_NO_DAY, **kwargs)  # type: ignore[call-arg]


class DatesForm(QuestionForm):
    """The days that limits are counted from; each may be left out."""

    entry_date = DayField(words.DATES["entry_date"])
    move_in_date = DayField(words.DATES["move_in_date"])
    first_payday = DayField(words.DATES["first_payday"])
    pdu2_date = DayField(words.DATES["pdu2_date"])
    departure_date = DayField(words.DATES["departure_date"])
    wedding_date = DayField(words.DATES["wedding_date"])
    group_day = DayField(words.DATES["group_day"])
    residence_basis_date = DayField(words.DATES["residence_basis_date"])
    cpr_date = DayField(words.DATES["cpr_date"])
    referral_letter = DayField(words.DATES["referral_letter"])

    def lay_out(self, asked: tuple[str, ...], later: tuple[str, ...], today: date) -> None:
        self.asked, self.later = asked, later
        for name in (*DATES, *LATER_DATES):
            if name in (*asked, *later):
                field: Any = self[name]
                field.today = today
            else:
                del self[name]

    def show(self, answer: Answer) -> None:
        for name, day in answer["days"].items():
            if name in self:
                self[name].data = date.fromisoformat(day)

    @property
    def later_given(self) -> bool:
        """Whether one of the later days is filled in, rightly or not."""
        return any(any(self[name].raw_data or ()) or self[name].data for name in self.later)

    def given(self) -> Answer:
        days = {name: self[name].data for name in (*self.asked, *self.later)}
        return {
            "asked": list(self.asked), "days": {name: day.isoformat() for name, day in days.items() if day},
        }  # fmt: skip


class TickForm(HouseForm):
    """Which step is done, or not done after all: a person's key and a service."""

    done = RadioField(validators=[Optional()], validate_choice=False)
    undone = RadioField(validators=[Optional()], validate_choice=False)
