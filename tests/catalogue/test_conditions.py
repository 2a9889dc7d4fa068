"""Conditions of the rule language, asked of a person: yes, no, not known yet."""

from __future__ import annotations

from typing import Any

import pytest

from house.catalogue.conditions import any_holds, because, clauses_of, failing, holds, open_in

PERSON = {"citizenship": "nordic", "age": 17, "stay_months": 3, "pdu2": False}


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (None, True),
        ({}, True),
        ({"citizenship": ["nordic", "eu_eea_ch"]}, True),
        ({"citizenship": ["eu_eea_ch"]}, False),
        ({"citizenship": "nordic"}, True),
        ({"citizenship_not": ["eu_eea_ch"]}, True),
        ({"citizenship_not": ["nordic"]}, False),
        ({"age_gt": 17}, False),
        ({"age_gte": 17}, True),
        ({"age_lt": 17}, False),
        ({"age_lte": 17}, True),
        ({"pdu2_is": False}, True),
        ({"pdu2_is": True}, False),
        ({"purpose": ["worker"]}, None),
        ({"purpose_not": ["worker"]}, None),
        ({"purpose": ["worker"], "age_gt": 30}, False),
        ({"purpose": ["worker"], "age_lt": 30}, None),
        ({"need": "asylum_or_something"}, None),
    ],
)
def test_a_condition_is_answered(condition: dict[str, Any] | None, answer: bool | None) -> None:
    assert holds(clauses_of(condition), PERSON) is answer


def test_a_fact_that_is_none_is_not_known() -> None:
    assert holds(clauses_of({"age_gt": 3}), {"age": None}) is None


def test_one_alternative_that_holds_is_enough() -> None:
    groups = [clauses_of({"age_gt": 30}), clauses_of({"purpose": ["worker"]}), clauses_of({"age_lt": 30})]
    assert any_holds(groups, PERSON) is True
    assert any_holds(groups[:2], PERSON) is None
    assert any_holds(groups[:1], PERSON) is False
    assert any_holds([], PERSON) is False


def test_only_what_can_still_decide_is_open() -> None:
    assert open_in(clauses_of({"purpose": ["worker"], "age_lt": 30}), PERSON) == ["purpose"]
    assert open_in(clauses_of({"purpose": ["worker"], "age_gt": 30}), PERSON) == []


def test_the_nearest_alternative_says_what_is_missing() -> None:
    groups = [
        clauses_of({"citizenship": ["eu_eea_ch"], "age_gt": 30}),
        clauses_of({"citizenship": ["third_country"]}),
    ]
    assert failing(groups, PERSON) == {"citizenship": ["third_country"]}


def test_a_reason_names_the_persons_own_value() -> None:
    tests = clauses_of({"citizenship_not": ["eu_eea_ch"], "age_gte": 15, "pdu2_is": False})
    assert because(tests, PERSON) == {"citizenship": ["nordic"], "age_gte": 15, "pdu2_is": False}
