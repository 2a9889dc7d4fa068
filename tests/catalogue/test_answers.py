"""An entry becomes answers and an entry again: nothing is lost, and only what was answered anew changes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import yaml

from house.catalogue import face
from house.catalogue.answers import MISSING, WAS, ask, blank, say, tidy
from house.catalogue.catalogue_file import to_record
from house.catalogue.condition_rows import Known
from house.catalogue.entries import Kind, find, put, slugs, where
from house.catalogue.entry_parts import PARTS, not_asked

DATA = to_record(yaml.safe_load(face.bundled_catalogue().read_text("utf-8")))
KNOWN = Known(DATA["meta"]["person_facts"], slugs(DATA, Kind.SERVICE), slugs(DATA, Kind.AUTHORITY))
ENTRIES = [(kind, slug) for kind in Kind for slug in slugs(DATA, kind)]


def answered(kind: Kind, slug: str) -> tuple[Any, Any]:
    record = find(DATA, kind, slug)
    assert record is not None
    return record, tidy(ask(PARTS[kind], record, KNOWN))


def test_there_are_entries_of_every_kind() -> None:
    assert {kind for kind, _ in ENTRIES} == set(Kind)
    assert len(ENTRIES) == 24 + 14 + 6 + 1 + len(DATA["sources"])


@pytest.mark.parametrize(("kind", "slug"), ENTRIES, ids=lambda part: str(part))
def test_unchanged_answers_are_the_same_entry_in_the_same_order(kind: Kind, slug: str) -> None:
    record, answers = answered(kind, slug)
    assert json.dumps(say(PARTS[kind], answers, record, KNOWN)) == json.dumps(record)


@pytest.mark.parametrize(("kind", "slug"), ENTRIES, ids=lambda part: str(part))
def test_answers_alone_say_everything_that_is_asked(kind: Kind, slug: str) -> None:
    record, answers = answered(kind, slug)
    made = say(PARTS[kind], answers, {}, KNOWN)
    kept = {key: value for key, value in record.items() if key not in not_asked(kind, record)}
    assert in_any_order(made) == in_any_order(kept)


def in_any_order(value: Any) -> Any:
    """Values without their order, without lists that hold nothing and what only the raw view asks."""
    if isinstance(value, dict):
        return {key: in_any_order(one) for key, one in value.items() if one != [] and key[:2] != "x_"}
    if isinstance(value, list):
        return sorted((in_any_order(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return value


def changed(slug: str, change: Any) -> tuple[Any, Any]:
    record, answers = answered(Kind.SERVICE, slug)
    change(answers)
    return record, say(PARTS[Kind.SERVICE], tidy(answers), record, KNOWN)


def test_one_answer_changes_one_thing() -> None:
    def later(answers: Any) -> None:
        answers["deadline"]["days"] = "7"

    record, made = changed("cpr_registration", later)
    expected = copy.deepcopy(record)
    expected["deadline"]["days"] = 7
    assert json.dumps(made) == json.dumps(expected)


def test_rows_are_added_moved_and_taken_out() -> None:
    def rows(answers: Any) -> None:
        papers = answers["documents"]
        papers.append({"en": "tea", "note": "", "when": {"rows": []}, "src": "A", WAS: ""})
        papers[0], papers[1] = papers[1], papers[0]
        del papers[2]

    record, made = changed("eu_residence_document", rows)
    was = record["documents"]
    assert made["documents"] == [was[1], was[0], *was[3:], {"en": "tea", "src": ["A"]}]
    assert {key: one for key, one in made.items() if key != "documents"} == {
        key: one for key, one in record.items() if key != "documents"
    }


def test_what_the_form_does_not_ask_stays() -> None:
    def other(answers: Any) -> None:
        answers["outcome"] = ""
        answers["fee"] = {"dkk": "12.5", "src": "A, S01", "note": ""}

    record, made = changed("mitid", other)
    assert made["witness_rule"] == record["witness_rule"]
    assert made["kle"] == record["kle"]
    assert made["fee"] == {"dkk": 12.5, "src": ["A", "S01"]}


def test_one_obligation_without_a_condition_is_a_word_and_two_are_a_list() -> None:
    def by_cases(answers: Any) -> None:
        answers["obligation"].append({"value": "right", "when": {"rows": []}, "src": "S01", WAS: ""})

    assert changed("mitid", lambda answers: None)[1]["obligation"] == "practical"
    assert changed("mitid", by_cases)[1]["obligation"] == [
        {"value": "practical"},
        {"value": "right", "src": ["S01"]},
    ]

    def one(answers: Any) -> None:
        del answers["obligation"][0]
        answers["obligation"][0]["src"] = ""

    assert changed("cpr_registration", one)[1]["obligation"] == "duty"


def test_what_is_no_number_stays_as_it_was_typed() -> None:
    def odd(answers: Any) -> None:
        answers["counter_minutes"]["first"] = "soon"

    assert changed("mitid", odd)[1]["counter_minutes"]["first"] == "soon"


def test_a_condition_that_no_form_can_ask_is_kept_as_written() -> None:
    _, answers = answered(Kind.ROUTES, "routes_out")
    rows = [row["when"]["rows"][0] for row in answers["rows"]]
    assert [row["how"] for row in rows] == ["in", "as_is", "as_is"]
    assert rows[1] == {"fact": "municipality_not_in", "how": "as_is", "values": [], "text": '"ics_north"'}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"fact": "age", "how": "gte", "values": [], "text": "15"}, {"age_gte": 15}),
        ({"fact": "age", "how": "lt", "values": [], "text": "old"}, {"age_lt": "old"}),
        ({"fact": "pdu2", "how": "no", "values": [], "text": ""}, {"pdu2_is": False}),
        ({"fact": "purpose", "how": "not", "values": ["student"], "text": ""}, {"purpose_not": ["student"]}),
        ({"fact": "municipality", "how": "in", "values": [], "text": "A, B"}, {"municipality": ["A", "B"]}),
        ({"fact": "x", "how": "as_is", "values": [], "text": "{"}, {"x": "{"}),
    ],
)  # fmt: skip
def test_a_row_says_its_part_of_a_condition(row: Any, said: Any) -> None:
    def also(answers: Any) -> None:
        answers["applies_also"] = {"rows": [row]}

    assert changed("mitid", also)[1]["applies_also"] == said


def test_rows_nobody_wrote_in_are_no_rows() -> None:
    assert blank({"text": "", "when": {"rows": []}, WAS: "3"})
    assert not blank({"text": "", "when": {"rows": [{"fact": "age"}]}})
    assert tidy({"a": [{"text": None, "add": "age"}], "csrf_token": "x"}) == {"a": []}


# --- entries in a catalogue ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "slug"), ENTRIES, ids=lambda part: str(part))
def test_an_entry_put_where_it_stood_changes_nothing(kind: Kind, slug: str) -> None:
    assert json.dumps(put(DATA, kind, slug, find(DATA, kind, slug))) == json.dumps(DATA)


def test_a_new_service_stands_behind_those_that_come_before_it() -> None:
    new = {"id": "tea", "order": 30}
    after = put(DATA, Kind.SERVICE, "tea", new)
    at = where(after, Kind.SERVICE, "tea")[1]
    assert after["services"][at - 1]["id"] == "cpr_registration"
    assert put(after, Kind.SERVICE, "tea", None) == DATA
    assert where(put(DATA, Kind.SERVICE, "tea", {"order": -1}), Kind.SERVICE, "company_guidance")[1] == 1


def test_an_entry_that_is_not_there_is_missing() -> None:
    assert [find(DATA, kind, "nothing") for kind in Kind] == [None] * 5
    assert say((), {}, {"a": 1}, KNOWN) == {"a": 1}
    assert MISSING is not None
