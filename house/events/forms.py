"""Forms of events: one person for oneself, a company's rows of employees, the list at the door."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField, IntegerField
from wtforms.validators import DataRequired, InputRequired, NumberRange, StopValidation

from house.events.models import AttendeeState
from house.events.publishing import LARGEST
from house.events.signing_up import Person
from house.forms import EmailAddressField, HouseForm, LineField, SelectField
from house.languages import LANGUAGES
from house.messages import FormTranslations

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 3, 3, 20
_translations = FormTranslations()


class OnceField(HiddenField):
    """A random mark of one filled-in page, so that pressing twice is one act."""

    def process_formdata(self, valuelist: list[str]) -> None:
        sent = valuelist[0] if valuelist else ""
        self.data = sent if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", sent) else None

    def _value(self) -> str:
        self.data = self.data or secrets.token_urlsafe(16)
        return str(self.data)


class SeatForm(HouseForm):
    """Who comes, and where the letter goes."""

    name = LineField(
        _l("Your name"),
        [DataRequired(_l("Please write your name."))],
        description=_l("As you want us to call you."),
        render_kw={"autocomplete": "name"},
    )
    email = EmailAddressField(
        _l("Your e-mail address"),
        [DataRequired(_l("Please write your e-mail address."))],
        description=_l("We send you a letter with the link to your seat."),
        render_kw={"autocomplete": "email", "type": "email"},
    )
    once = OnceField()


def _needed(words: Any) -> Any:
    """Needed in a row where anything is written; no `required` mark, for a row may stay empty."""

    def check(_form: Form, field: LineField) -> None:
        if not field.text:
            raise StopValidation(words)

    return check


class EmployeeRow(Form):
    """One employee; a row with neither name nor e-mail is no row. Its token is the whole form's."""

    class Meta:
        def get_translations(self, form: Form) -> FormTranslations:
            return _translations

    name = LineField(_l("Name"), [_needed(_l("Please write the name of this person."))])
    email = EmailAddressField(
        _l("E-mail"),
        [_needed(_l("Please write the e-mail address of this person."))],
        render_kw={"type": "email"},
    )
    language = SelectField(
        _l("Language of the letter"),
        choices=[(language.tag, language.own_name) for language in LANGUAGES],
        default="en",
    )

    @property
    def is_empty(self) -> bool:
        return not (self.name.text or self.email.text)

    def validate(self, extra_validators: Any = None) -> bool:
        return True if self.is_empty else bool(super().validate(extra_validators))


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of a form; a row whose number is no plain small number is not a row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            if found := re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,4}})-\w+", name):
                yield int(found.group(1))


class CompanySignUpForm(HouseForm):
    """Employees, a row each; one row more than allowed is read, so that too many are refused, not dropped."""

    people: Rows = Rows(FormField(EmployeeRow), min_entries=FIRST_ROWS, max_entries=MOST_ROWS + 1)
    once = OnceField()

    @property
    def rows(self) -> list[EmployeeRow]:
        return [entry.form for entry in self.people.entries]

    @property
    def filled(self) -> list[EmployeeRow]:
        """The rows somebody wrote in, in their order."""
        return [row for row in self.rows if not row.is_empty]

    @property
    def persons(self) -> list[Person]:
        return [Person(row.name.text, row.email.text, row.language.data) for row in self.filled]

    def add_rows(self) -> None:
        """A few rows more, up to the most."""
        for _ in range(min(MORE_ROWS, MOST_ROWS - len(self.people.entries))):
            self.people.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.filled:
            self.refuse(self.rows[:1], _l("Please write at least one person."), "name")
        if len(self.people.entries) > MOST_ROWS:
            self.refuse(self.rows[-1:], _l("Please sign up at most 20 people at once."), "name")
        times = Counter(row.email.text.lower() for row in self.filled if row.email.text)
        twice = [row for row in self.filled if times[row.email.text.lower()] > 1]
        self.refuse(twice, _l("This e-mail address stands here twice."))
        return valid and not self.errors

    def refuse(self, rows: Iterable[EmployeeRow], words: Any, field: str = "email") -> None:
        """Say at these rows what is wrong with them."""
        for row in rows:
            row[field].errors = [*row[field].errors, words]
        self.people.errors = [row.errors for row in self.rows] if any(row.errors for row in self.rows) else []


class DoorForm(HouseForm):
    """Whether a person on the list came."""

    state = SelectField(
        choices=[(state.value, state.value) for state in (AttendeeState.ATTENDED, AttendeeState.ABSENT)],
        validators=[InputRequired(_l("Please choose whether the person came."))],
    )


class CapacityForm(HouseForm):
    """How many fit in."""

    capacity = IntegerField(
        _l("Places"),
        [
            InputRequired(_l("Please write a number from 1 to 2000.")),
            NumberRange(1, LARGEST, _l("Please write a number from 1 to 2000.")),
        ],
    )
