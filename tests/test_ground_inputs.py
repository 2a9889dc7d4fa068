"""The house's own `<input>`: what WTForms draws, to the letter."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Form,
    HiddenField,
    IntegerField,
    PasswordField,
    SearchField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.fields import IntegerRangeField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import NumberInput, TextInput

from house import inputs

HOSTILE = "\"><script>alert(1)</script>&'\u202e"


class Asked(Form):
    line = StringField(
        validators=[InputRequired(), Length(2, 9)], render_kw={"autocomplete": "off", "data_x": 1}
    )
    email = EmailField(default=HOSTILE)
    phone = TelField(default=Markup("<b>&amp;\"'</b>"))
    search = SearchField(render_kw={"class_": HOSTILE, "hidden": True, "readonly": False, "type": "text"})
    number = IntegerField(validators=[InputRequired(), NumberRange(1, 12)], default=3)
    later = StringField(validators=[Length(1, 5)], widget=TextInput(input_type="url"))
    stepped = IntegerField(widget=NumberInput(step=5, min=0), validators=[NumberRange(2, 90)])
    ranged = IntegerRangeField(validators=[NumberRange(1, 7)])
    mark = HiddenField(default="x", validators=[InputRequired()])


class Others(Form):
    """What is more than an `<input>`, or one that its widget draws in its own way."""

    yes = BooleanField()
    day = DateField()
    secret = PasswordField(default="secret")
    long = TextAreaField()
    one = SelectField(choices=[])
    listed = StringField(datalist="words")


ATTRIBUTES: tuple[dict[str, Any], ...] = (
    {},
    {"dir": "auto", "required": False, "aria-describedby": False, "aria_invalid": "true"},
    {
        "class_": "wide",
        "id": "another",
        "value": HOSTILE,
        "data_filter": "/a?b=1&c=2",
        "min": 4,
        "accesskey": "c",
    },
)


@pytest.mark.parametrize("asked", ATTRIBUTES)
@pytest.mark.parametrize("name", list(Asked()._fields))
def test_an_input_is_what_wtforms_draws(name: str, asked: dict[str, Any]) -> None:
    field = Asked()[name]
    if name == "later":
        field.flags.maxlength = lambda: 40
    assert inputs.is_plain(field)
    assert inputs.drawn(field, asked) == field.widget(field, **_as_wtforms_takes_them(field, asked))


def _as_wtforms_takes_them(field: Any, asked: dict[str, Any]) -> dict[str, Any]:
    told = {**(field.render_kw or {}), **asked}
    return {name.rstrip("_").replace("data_", "data-").replace("aria_", "aria-"): told[name] for name in told}


def test_what_is_drawn_otherwise_is_left_to_its_widget() -> None:
    assert [field.name for field in Others() if inputs.is_plain(field)] == []
