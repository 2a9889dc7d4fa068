"""The options of a list: drawn once, whatever is chosen, and never as HTML of whoever named them."""

from __future__ import annotations

import pytest
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from house.options import options

CHOICES = [SelectChoice(value="a", label="A & B"), SelectChoice(value='"<', label="<script>")]


def drawn(chosen: str | None) -> str:
    class Asked(Form):
        one = SelectField(choices=CHOICES)

    return str(options(Asked(data={"one": chosen}).one))


@pytest.mark.parametrize(
    ("chosen", "first", "second"),
    [("a", " selected", ""), ('"<', "", " selected"), (None, "", ""), ("another", "", "")],
)
def test_what_is_chosen_is_marked_and_words_stay_words(chosen: str | None, first: str, second: str) -> None:
    assert drawn(chosen) == (
        f'<option value="a"{first}>A &amp; B</option>\n'
        f'<option value="&#34;&lt;"{second}>&lt;script&gt;</option>'
    )
