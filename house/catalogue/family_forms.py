"""Forms of the plan's questions about a household: who comes along, and what is true of each adult."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, Form
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from house.catalogue import plan_words as words
from house.catalogue.persons import ME, NOTHING, PARTNER
from house.catalogue.plan_forms import CHOOSE, Answer, QuestionForm, one_of
from house.forms import SelectField, SelectMultipleField

MOST_CHILDREN, ALWAYS_SHOWN = 6, 3
_ONE_OF_TWO = _l("Please choose one of these two: taken, or not known.")


class CheckboxesField(SelectMultipleField):
    """Several answers, each a checkbox."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _child(label: Any = "") -> Any:
    return SelectField(label, choices=words.CHILDREN, invalid_choice_message=CHOOSE)


class HouseholdForm(QuestionForm):
    """A partner and children, by age."""

    partner = SelectField(
        _l("Your partner"), choices=list(words.PARTNERS.items()), invalid_choice_message=CHOOSE
    )
    children = FieldList(_child(), min_entries=MOST_CHILDREN, max_entries=MOST_CHILDREN)
    mixed = BooleanField(_l("Somebody of them has another citizenship than I"))

    def lay_out(self, partner: bool) -> None:
        for number, field in enumerate(self.children, start=1):
            field.label.text = words.child(number)
        if not partner:
            del self.partner

    def show(self, answer: Answer) -> None:
        if "partner" in self:
            self.partner.data = answer["partner"]
        for field, age in zip(self.children, answer["children"], strict=False):
            field.data = str(age)
        self.mixed.data = answer["mixed"]

    always_shown = ALWAYS_SHOWN

    @property
    def many_children(self) -> bool:
        return any(field.data or field.errors for field in list(self.children)[ALWAYS_SHOWN:])

    def given(self) -> Answer:
        partner = self.partner.data if "partner" in self else ""
        children = [int(field.data) for field in self.children if field.data]
        return {
            "partner": partner, "children": children,
            "mixed": bool(self.mixed.data and (partner or children)),
        }  # fmt: skip


class FamilyForm(QuestionForm):
    """The citizenship of each who has another one, or has not."""

    partner = one_of(_l("Your partner"))
    children = FieldList(SelectField(choices=list(words.CITIZENSHIPS.items())), max_entries=MOST_CHILDREN)

    def lay_out(self, partner: bool, children: Sequence[str], own: str) -> None:
        """`children` are their names on the list; `own` is the visitor's citizenship."""
        self.partner.choices = list(words.CITIZENSHIPS.items())
        if not partner:
            del self.partner
        while len(self.children) > len(children):
            self.children.pop_entry()
        while len(self.children) < len(children):
            self.children.append_entry(own)
        for field, name in zip(self.children, children, strict=True):
            field.label.text = name

    def show(self, answer: Answer) -> None:
        if "partner" in self:
            self.partner.data = answer["partner"]
        for field, citizenship in zip(self.children, answer["children"], strict=False):
            field.data = citizenship

    def given(self) -> Answer:
        partner = self.partner.data if "partner" in self else ""
        return {"partner": partner, "children": [field.data for field in self.children]}


def _not_both(_form: Form, field: Field) -> None:
    if {"fingerprints", "fingerprints_not_known"} <= set(field.data or ()):
        raise StopValidation(_ONE_OF_TWO)


def _several(label: Any) -> Any:
    return CheckboxesField(label, [_not_both], invalid_choice_message=CHOOSE)


class ThingsForm(QuestionForm):
    """What is true of the visitor, and of the partner: each a checkbox, none needed."""

    me = _several(words.TITLES["things"])
    partner = _several(_l("Your partner"))

    def lay_out(self, offered: Mapping[str, tuple[str, ...]]) -> None:
        """`offered` are the checkboxes of each adult; alone, her own answer the page's question."""
        self.offered = offered
        if PARTNER in offered:
            self.me.label.text = words.who(ME, [])
        else:
            self.me.description = words.HINTS["things"]
        for who, labels in ((ME, words.MY_THINGS), (PARTNER, words.PARTNERS_THINGS)):
            if who in offered:
                self[who].choices = [(thing, labels[thing]) for thing in offered[who]]
            else:
                del self[who]

    def show(self, answer: Answer) -> None:
        for who in self.offered:
            self[who].data = list(answer.get(who, NOTHING)["ticked"])

    def given(self) -> Answer:
        return {
            who: {"offered": list(these), "ticked": [one for one in these if one in (self[who].data or ())]}
            for who, these in self.offered.items()
        } or {ME: NOTHING}
