"""Reviews that are due, what nobody has confirmed, and the worked cases that changes are tried on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house.audit import Act
from house.catalogue import face
from house.catalogue.cases import read_cases
from house.catalogue.editing_models import StaffCase
from house.catalogue.entries import Kind
from house.catalogue.foreseen import foresee
from house.catalogue.planning import open_by_file
from house.catalogue.reviewing import assumptions, due, review_of, unconfirmed
from house.catalogue.rulebook import Rulebook
from house.catalogue.trying import bundled_cases
from house.doors import Role
from house.people import face as people
from tests.inspecting import InspectingClient

Context = Callable[[], AbstractContextManager[Session]]
DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
DAY = date(2027, 1, 7)


# --- reviews ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "due_on", "is_due"),
    [
        ({}, None, True),
        ({"confirmed_on": "2026-01-07"}, date(2027, 1, 7), True),
        ({"confirmed_on": "2026-01-08"}, date(2027, 1, 8), False),
        ({"confirmed_on": "2024-02-29"}, date(2025, 2, 28), True),
        ({"confirmed_on": "2026-12-01", "next_review_on": "2027-01-01"}, date(2027, 1, 1), True),
        ({"confirmed_on": "2020-01-01", "next_review_on": "2027-02-01"}, date(2027, 2, 1), False),
    ],
)
def test_a_review_is_due_on_its_date_or_after_a_year(record: Any, due_on: date | None, is_due: bool) -> None:
    review = review_of(record, DAY)
    assert (review.due_on, review.due) == (due_on, is_due)


def test_the_longest_due_comes_first_and_the_never_confirmed_last() -> None:
    catalogue = {
        "services": [
            {"id": "a"},
            {"id": "b", "confirmed_on": "2025-06-01"},
            {"id": "c", "confirmed_on": "2024-06-01"},
            {"id": "d", "confirmed_on": "2026-06-01"},
        ]
    }
    assert [one.slug for one in due(catalogue, DAY)] == ["c", "b", "a"]


def test_what_is_assumed_is_found_with_its_way() -> None:
    record = {
        "outcome": "a card", "outcome_src": ["A"], "fee": {"dkk": 5, "src": ["A"]},
        "documents": [{"en": "cup", "src": ["S01"]}, {"en": "spoon", "src": ["S01", "A"]}],
    }  # fmt: skip
    assert list(assumptions(record)) == [
        (("outcome",), "a card"), (("fee",), "5"), (("documents", 1), "spoon"),
    ]  # fmt: skip


def test_what_nobody_confirmed_stands_by_the_authority_that_could() -> None:
    found = unconfirmed(DATA)
    biometrics = next(one for one in found["siri"] if one.slug == "residence_permit_biometrics")
    assert "whether SIRI Aalborg records biometrics" in biometrics.verify[0]
    assert biometrics.assumed
    region = next(one for one in found["region_nordjylland"] if one.kind is Kind.AUTHORITY)
    assert region.assumed == (((), "North Denmark Region (GPs, hospitals)"),)


def test_who_may_confirms_from_the_work_list(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any], arranging: Context
) -> None:
    with arranging() as session:
        siri = people.authority_body(session, "siri", "SIRI").id
    sign_in(client, Role.EDITOR, body_id=siri)
    page = client.get_page("/manage/catalogue/reviews")
    row = next(one for one in page.select("tr") if "Residence card arrives" in one.text)
    assert "Confirm" in row.text
    other = next(one for one in page.select("tr") if "MitID (national" in one.text)
    assert "Another authority confirms this." in other.text
    where = "/manage/catalogue/reviews/service/residence_card"
    form = next(n for n, one in enumerate(page.forms) if one.get("action") == where)
    values = page.values(form) | {"do": "confirm"}
    assert client.post_page(where, {**values, "csrf_token": "x"}).status == 422
    done = client.post_page(where, values).must_be(303).follow()
    assert not [one for one in done.select("tr") if "Residence card arrives" in one.text]
    assert client.post_page(where, values).status == 409
    assert client.post_page("/manage/catalogue/reviews/service/mitid", values).status == 403
    with arranging() as session:
        act = session.scalars(select(Act).where(Act.verb == "entry_confirmed")).one()
        assert act.subject == "service residence_card"
    assert "Confirmed" in client.get_page("/manage/catalogue/entries/service/residence_card").text


# --- whose lists change -------------------------------------------------------------------------------------


def book_with(change: Callable[[Any], None]) -> Rulebook:
    changed = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
    change({one["id"]: one for one in changed["services"]})
    return Rulebook.of(changed)


OPEN = open_by_file(DATA)


def test_the_bundled_cases_are_those_of_the_acceptance_tests() -> None:
    personas = Path(__file__).parents[1] / "data" / "personas.md"
    assert list(bundled_cases()) == read_cases(personas.read_text("utf-8"))


def test_nothing_changed_changes_nobodys_list() -> None:
    found = foresee(Rulebook.of(DATA), Rulebook.of(DATA), bundled_cases(), OPEN)
    assert (found.changes, found.failed) == ((), ())
    assert found.people > 12


def test_a_service_for_fewer_people_goes_from_their_lists_alone() -> None:
    def only_students(services: Any) -> None:
        services["tax_card"]["applies_when"][0]["purpose"] = ["student"]

    found = foresee(Rulebook.of(DATA), book_with(only_students), bundled_cases(), OPEN)
    assert "Kasia" in [one.who for one in found.changes]
    assert all(one.removed == ("tax_card",) and not one.added for one in found.changes)


def test_an_obligation_an_order_and_what_comes_before_are_told() -> None:
    def change(services: Any) -> None:
        services["mitid"]["obligation"] = "duty"
        services["tax_card"]["order"] = 5
        services["danish_education"]["requires"] = [{"all_of": ["cpr_registration", "mitid"]}]

    found = foresee(Rulebook.of(DATA), book_with(change), bundled_cases(), OPEN)
    kasia = next(one for one in found.changes if one.who == "Kasia")
    assert ("tax_card", 4, 1) in kasia.moved
    assert [(one.service, one.what) for one in kasia.told] == [
        ("mitid", "obligation"),
        ("danish_education", "after"),
    ]


def test_a_case_that_no_rule_fits_is_named() -> None:
    odd = {
        "id": "odd",
        "members": [{"who": "x", "facts": {"age": "old", "phase": "arriving", "stay_months": "x"}}],
    }
    assert foresee(Rulebook.of(DATA), Rulebook.of(DATA), [odd], OPEN).failed == ("odd",)


# --- cases of staff -----------------------------------------------------------------------------------------

CASE = """dates: {entry_date: 2027-03-01}
members:
- who: Ada
  facts: {citizenship: third_country, purpose: worker, stay_months: 12, age: 30, municipality: Aalborg}
"""


def test_staff_add_a_case_and_changes_are_tried_on_it(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any], looking: Context
) -> None:
    sign_in(client, Role.EDITOR)
    page = client.get_page("/manage/catalogue/cases")
    page = page.submit("Add the case", title="Ada from afar", yaml=CASE).must_be(303).follow()
    assert "Ada from afar" in page.text
    page.submit("Add the case", title="Ada from afar", yaml=CASE).must_be(409)
    client.get_page("/manage/catalogue/entries/service/residence_card/edit").submit(
        "Save the draft", extra={"deadline-days": "14", "order": "1"}
    )
    text = client.get_page("/manage/catalogue/entries/service/residence_card").text
    assert "Ada from afar" in text
    button = next(n for n, one in enumerate(page.forms) if "/remove" in one.get("action"))
    where = page.forms[button].get("action")
    assert client.post_page(where, {"csrf_token": "x"}).status == 422
    client.post_page(where, page.values(button)).must_be(303)
    assert client.post_page(where, page.values(button)).status == 404
    with looking() as session:
        assert not session.scalar(select(func.count()).select_from(StaffCase))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "needs members"),
        ("members: [{who: x}]", "needs facts"),
        ("members: [", "This is not YAML"),
        ("a: &a [1]\nmembers: *a", "Anchors"),
        (CASE.replace("Ada", "Ada 010203-1234"), "CPR number"),
        (CASE.replace("Ada", "\u202eAda"), "reading direction"),
        (CASE.replace("age: 30", "age: old"), "cannot be tried"),
        ("x" * 30_000, "too long"),
    ],
)
def test_what_is_no_case_is_refused(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any], text: str, said: str
) -> None:
    sign_in(client, Role.EDITOR)
    answer = client.get_page("/manage/catalogue/cases").submit("Add the case", title="Ada", yaml=text)
    assert said in answer.must_be(422).said
    assert answer.values("Add the case")["title"] == "Ada"
