"""The editors' forms: made from what is asked of each kind of entry, with rows that come and go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import abort, request
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from house.catalogue import answers, condition_words, words
from house.catalogue.condition_rows import AS_IS, HOWS, Known
from house.catalogue.entries import Kind
from house.catalogue.entry_parts import PARTS
from house.catalogue.field_words import CHOICES, FACTS, FIELDS, HINTS, OBLIGATIONS, fact_name
from house.catalogue.field_words import HOWS as HOW_WORDS
from house.catalogue.manage_forms import SeenForm
from house.forms import LineField, SelectField, SelectMultipleField
from house.messages import FormTranslations

LONGEST = 2000
MOST_ANSWERS = 5000
_LONG = frozenset(
    {"text", "rule", "item", "note", "outcome", "en", "value", "requires_note", "to", "formula"}
)
_DATES = frozenset({"confirmed_on", "next_review_on"})
_translations = FormTranslations()


class RowForm(Form):
    """A part of a form; its token is the whole form's."""

    class Meta:
        def get_translations(self, form: Form) -> FormTranslations:
            return _translations


class ListOfRows(FieldList):  # type: ignore[type-arg]
    """Rows of a form; a row whose number is no plain small number is not a row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        pattern = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,3}})-")
        for name in formdata:
            if found := pattern.match(name):
                yield int(found.group(1))


class SomeField(SelectMultipleField):
    """Checkboxes, none or some of them."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ConditionRow(RowForm):
    """One fact of a person and what it must be; only what is asked of that fact is shown."""

    fact = HiddenField()
    how = SelectField(_l("How"), choices=[])
    values = SomeField(_l("Values"), choices=[])
    text = LineField(_l("Value"), longest=LONGEST)

    def fit(self, known: Known) -> None:
        """Offer what this fact can be."""
        fact = self.fact.data or ""
        self.kind = known.kind(fact) if self.how.data != AS_IS else AS_IS
        hows = HOWS.get(self.kind, (AS_IS,))
        self.how.choices = [(how, HOW_WORDS[how]) for how in hows]
        said = condition_words.value_words(fact)
        values = known.facts.get(fact) if self.kind == "list" else ()
        self.values.choices = [(value, said.get(value, value)) for value in values or ()]

    @property
    def fact_name(self) -> str:
        return fact_name(self.fact.data or "")


class ConditionForm(RowForm):
    """A condition: rows that must all hold, and a fact to add."""

    rows = ListOfRows(FormField(ConditionRow))
    add = SelectField(_l("Add a condition"), choices=[], validate_choice=False)

    def validate_rows(self, field: Any) -> None:
        said = [(row.form.fact.data, row.form.how.data) for row in field.entries]
        if len(set(said)) < len(said):
            raise ValidationError(_l("The same fact stands here twice in the same way."))


def _field(part: answers.Part) -> Any:
    label = FIELDS.get(part.key, part.key)
    hint = HINTS.get(part.key, "")
    if isinstance(part, answers.When):
        return FormField(ConditionForm, label)
    if isinstance(part, answers.Conditions):
        return ListOfRows(FormField(_form("Alternative", (), condition=True)), label)
    if isinstance(part, answers.Rows):
        return ListOfRows(FormField(_form(part.key, part.parts, row=True)), label)
    if isinstance(part, answers.Group):
        return FormField(_form(part.key, part.parts), label)
    if isinstance(part, answers.Several):
        return SomeField(label, choices=[])
    if part.key in _SELECTS:
        return SelectField(label, description=hint, choices=[], validate_choice=part.key != "from")
    kind = {"type": "date"} if part.key in _DATES else {}
    number = {"inputmode": "numeric"} if isinstance(part, answers.Number) else {}
    widget = TextArea() if part.key in _LONG else None
    rows = {"rows": "2"} if part.key in _LONG else {}
    return LineField(label, longest=LONGEST, description=hint, widget=widget, render_kw=kind | number | rows)


_SELECTS = frozenset({
    "kind", "authority", "municipal_scope", "applies_when_same_as", "type", "status", "from", "mode", "level",
    "at_house", "own_booking_system", "company_batchable",
})  # fmt: skip


_OFFERED = _SELECTS | {"add", "all_of", "other_authorities"}


def _form(name: str, parts: Iterable[answers.Part], row: bool = False, condition: bool = False) -> type[Form]:
    fields = {part.key: _field(part) for part in parts}
    if name == "obligation":
        fields["value"] = SelectField(FIELDS["obligation"], choices=list(OBLIGATIONS.items()))
    if row or condition:
        fields[answers.WAS] = HiddenField()
    return type(f"{name.title()}Form", (ConditionForm if condition else RowForm,), fields)


class EntryForm(SeenForm):
    """The form of one entry."""

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, rows nobody wrote in left out."""
        found: dict[str, Any] = answers.tidy(self.data)
        return found


FORMS: dict[Kind, type[EntryForm]] = {
    kind: type(
        f"{kind.title()}EntryForm",
        (EntryForm,),
        {part.key: _field(part) for part in parts if part.key != "id"},
    )
    for kind, parts in PARTS.items()
}


def posted(kind: Kind, offered: Offered) -> EntryForm:
    """The form as it was sent; more answers than any entry has are not read."""
    if len(request.form) > MOST_ANSWERS:
        abort(413)
    return offered.fit(FORMS[kind]())


def filled(kind: Kind, given: Mapping[str, Any], seen: int, offered: Offered) -> EntryForm:
    """A form that holds these answers."""
    form = FORMS[kind](formdata=None, data={**given, "seen": str(seen)})
    return offered.fit(form)


class Offered:
    """What can be chosen in a form: facts, services and authorities with their names."""

    def __init__(self, known: Known, services: Mapping[str, str], authorities: Mapping[str, str]) -> None:
        self.known, self.services, self.authorities = known, services, authorities

    def fit(self, form: EntryForm) -> EntryForm:
        """Offer the choices in every field of a form, however deep."""
        for field in _all_fields(form):
            if isinstance(field, FormField) and isinstance(field.form, ConditionRow):
                field.form.fit(self.known)
            elif isinstance(field, SelectField | SelectMultipleField) and field.short_name in _OFFERED:
                field.choices = self._choices(field)
        return form

    def _choices(self, field: Any) -> list[tuple[str, Any]]:
        key = field.short_name
        if key == "add":
            return [(fact, FACTS.get(fact, fact)) for fact in self.known.facts]
        if key in ("other_authorities", "authority"):
            unchosen = _to_choose(field, self.authorities) if key == "authority" else {}
            return [*unchosen.items(), *self.authorities.items()]
        if key in ("all_of", "applies_when_same_as"):
            none = [("", _l("Nobody else"))] if key == "applies_when_same_as" else []
            return [*none, *self.services.items()]
        fixed = {"kind": words.KINDS, "mode": words.MODES, "level": words.LEVELS, **CHOICES}[key]
        own = {field.data: field.data} if key == "from" and field.data else {}
        return list({**_to_choose(field, fixed), **own, **fixed}.items())


def _to_choose(field: Any, offered: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is chosen for anybody: a field without an answer asks for one."""
    return {} if field.data or "" in offered else {"": OBLIGATIONS[""]}


def _all_fields(form: Any) -> Iterator[Any]:
    for field in form:
        yield field
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield entry
                yield from _all_fields(entry.form)
        elif isinstance(field, FormField):
            yield from _all_fields(field.form)


def pressed() -> str:
    """Which button of the form was pressed: `save`, `add documents`, `remove documents-2` …"""
    return request.form.get("do", "save")[:200]
