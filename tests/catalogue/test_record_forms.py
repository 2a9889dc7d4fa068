"""Every entry goes through its form as a browser would send it, and comes back the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FormField, SelectField, SelectMultipleField

from house.catalogue.answers import ask, say
from house.catalogue.entries import Kind, find, slugs
from house.catalogue.entry_parts import PARTS
from house.catalogue.record_forms import FORMS, Offered, filled
from tests.catalogue.test_answers import DATA, KNOWN

OFFERED = Offered(KNOWN, {slug: slug for slug in KNOWN.services}, {slug: slug for slug in KNOWN.authorities})


def sent(form: Any) -> Iterator[tuple[str, str]]:
    """What a browser would send of a form, name by name."""
    for field in form:
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from sent(entry.form)
        elif isinstance(field, FormField):
            yield from sent(field.form)
        elif isinstance(field, SelectMultipleField):
            yield from ((field.name, one.data) for one in field if one.checked)
        elif isinstance(field, SelectField):
            chosen = [value for value, _, selected, *_ in field.iter_choices() if selected]
            yield field.name, (chosen or [value for value, *_ in field.iter_choices()])[0]
        elif field.type != "CSRFTokenField":
            yield field.name, field._value()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_entry_comes_back_through_its_form_as_it_was(app: Flask, kind: Kind) -> None:
    with app.test_request_context():
        for slug in slugs(DATA, kind):
            record = find(DATA, kind, slug) or {}
            form = filled(kind, ask(PARTS[kind], record, KNOWN), 7, OFFERED)
            back = OFFERED.fit(FORMS[kind](formdata=MultiDict(sent(form)), meta={"csrf": False}))
            assert back.validate(), f"{slug}: {back.errors}"
            assert back.seen_number == 7
            made = say(PARTS[kind], back.answers, record, KNOWN)
            assert json.dumps(made) == json.dumps(record), slug
