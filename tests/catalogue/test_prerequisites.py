"""The order of services in one visit, and for whom the house does them."""

from __future__ import annotations

import pytest

from house.catalogue.prerequisites import order_of
from house.catalogue.residence import asks_where, done_here, municipalities, served
from tests.catalogue.rules import CATALOGUE

HOME = {"municipal_scope": "residence"}
AGREED = {"municipal_scope": "ics_north"}
META = {"ics_north_municipalities": {"list": ["Aalborg", "Rebild"], "not_covered_in_region": ["Thisted"]}}


def record(slug, *requires, sponsor=()):
    return {"id": slug, "requires": list(requires), "requires_of_sponsor": list(sponsor)}


def test_a_prerequisite_comes_first_with_a_condition_or_without():
    pairs = order_of([
        record("b", {"all_of": ["a"]}),
        record("c", {"when": {"purpose": ["student"]}, "all_of": ["a", "b"]}),
    ])  # fmt: skip
    assert pairs == {("a", "b"), ("a", "c"), ("b", "c")}


def test_what_the_sponsor_needs_comes_before_the_family():
    assert order_of([record("family", sponsor=[{"all_of": ["sponsor"]}])]) == {("sponsor", "family")}


def test_conditions_that_would_close_a_circle_are_left_out_and_firm_ones_stay():
    pairs = order_of([
        record("b", {"all_of": ["a"]}),
        record("a", {"when": {"phase": ["leaving"]}, "all_of": ["c"]}),
        record("c", {"when": {"phase": ["arriving"]}, "all_of": ["b"]}),
        record("d", {"when": {"phase": ["arriving"]}, "all_of": ["a"]}),
    ])  # fmt: skip
    assert pairs == {("a", "b"), ("a", "d")}


def test_the_catalogue_puts_the_residence_document_before_the_cpr_number_and_that_before_mitid():
    pairs = order_of(CATALOGUE["services"])
    assert {
        ("eu_residence_document", "cpr_registration"),
        ("cpr_registration", "mitid"),
        ("eu_residence_document", "eu_family_residence"),
    } <= pairs
    assert not {pair[::-1] for pair in pairs} & pairs


@pytest.mark.parametrize(
    ("scope", "lives", "here"),
    [
        ({}, "Thisted", True), (HOME, "Aalborg", True), (HOME, "Rebild", False), (AGREED, "Rebild", True),
        (AGREED, "Thisted", False), (AGREED, "other", False), (AGREED, None, True), (HOME, None, True),
    ],
)  # fmt: skip
def test_a_service_is_done_here_for_those_who_live_where_it_counts(scope, lives, here):
    assert done_here(scope, META, lives) is here


def test_services_together_are_for_those_whom_each_of_them_serves():
    assert served([HOME, AGREED, {}], META) == ["Aalborg"]
    assert served([AGREED], META) == ["Aalborg", "Rebild"]
    assert served([{}], META) == []
    assert (asks_where([{}]), asks_where([{}, HOME])) == (False, True)
    assert municipalities(META) == ["Aalborg", "Rebild", "Thisted"]
