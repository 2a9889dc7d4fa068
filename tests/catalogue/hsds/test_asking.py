"""Paging and filters: pages together are the list, filters add up, bad questions are told why."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from house.catalogue.hsds.asking import LISTS, MOST_PER_PAGE, PARAMETERS, Misasked, page_of, read
from tests.catalogue.hsds.conftest import Ask
from tests.inspecting import InspectingClient

NAMES = tuple(LISTS)
FEW = settings(max_examples=60, deadline=None)
Filters = dict[str, str]


def ids(ask: Ask, name: str, **query: Any) -> list[str]:
    return [one["id"] for one in ask(name, per_page=MOST_PER_PAGE, **query)["contents"]]


def choices(ask: Ask, name: str) -> dict[str, list[str]]:
    """For every filter of a list, values that let some through, all and none."""
    terms = ask("taxonomy_terms", per_page=MOST_PER_PAGE)["contents"]
    strange = "00000000-0000-4000-8000-000000000000"
    known: dict[str, list[str]] = {
        "search": ["cpr", "a", "kort", "nothing at all", "STATE"],
        "modified_after": ["2020-01-01", "2999-01-01T00:00:00Z"],
        "taxonomy_term_id": [one["id"] for one in terms],
        "taxonomy_id": [*ids(ask, "taxonomies"), strange],
        "organization_id": [*ids(ask, "organizations"), strange],
        "postcode": ["9000", "8000"],
        "top_only": ["true", "false"],
        "parent_id": [*{one["parent_id"] for one in terms if "parent_id" in one}, strange],
    }
    return {key: values for key, values in known.items() if key in LISTS[name]}


@st.composite
def some_filters(draw: st.DrawFn, offered: dict[str, list[str]]) -> Filters:
    names = draw(st.lists(st.sampled_from(sorted(offered)), unique=True, max_size=3))
    return {one: draw(st.sampled_from(offered[one])) for one in names}


# --- pages --------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(), max_size=300), st.integers(1, MOST_PER_PAGE))
def test_pages_put_together_are_the_list(entries: list[int], per_page: int) -> None:
    found, page = [], 1
    while True:
        about, shown = page_of(entries, page, per_page)
        found += shown
        assert about["size"] == len(shown) <= per_page
        assert about["empty"] is (not shown)
        assert about["first_page"] is (page == 1)
        assert about["total_items"] == len(entries)
        if about["last_page"]:
            break
        page += 1
    assert found == entries
    assert page == max(about["total_pages"], 1)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_size_gives_the_same_list(ask: Ask, name: str) -> None:
    whole = ids(ask, name)
    assert len(whole) == len(set(whole)) > 2

    @FEW
    @given(st.integers(1, 40), some_filters(choices(ask, name)))
    def holds(per_page: int, filters: Filters) -> None:
        wanted, found, page = ids(ask, name, **filters), [], 1
        while not (answer := ask(name, page=page, per_page=per_page, **filters))["last_page"]:
            found += answer["contents"]
            page += 1
        found += answer["contents"]
        assert [one["id"] for one in found] == wanted
        assert answer["total_items"] == len(wanted)

    holds()


def test_a_page_beyond_the_end_is_empty_and_the_last(ask: Ask) -> None:
    answer = ask("services", page=999)
    assert answer["contents"] == []
    assert (answer["empty"], answer["last_page"], answer["first_page"], answer["size"]) == (
        True,
        True,
        False,
        0,
    )
    assert (answer["page_number"], answer["total_items"], answer["total_pages"]) == (999, 24, 1)


# --- filters ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_filters_add_up(ask: Ask, name: str) -> None:
    whole = ids(ask, name)

    @FEW
    @given(some_filters(choices(ask, name)))
    def holds(filters: Filters) -> None:
        both = set(whole)
        for key, value in filters.items():
            both &= set(ids(ask, name, **{key: value}))
        order = ids(ask, name, search=filters["search"]) if "search" in filters else whole
        assert ids(ask, name, **filters) == [one for one in order if one in both]

    holds()


@pytest.mark.parametrize("name", NAMES)
def test_every_filter_lets_some_through_and_not_all(ask: Ask, name: str) -> None:
    whole = len(ids(ask, name))
    for key, values in choices(ask, name).items():
        counts = {len(ids(ask, name, **{key: value})) for value in values}
        assert max(counts) > 0, key
        assert min(counts) < whole, key


@pytest.mark.parametrize("name", NAMES)
def test_line_by_line_is_the_same_as_pages(ask: Ask, machine: InspectingClient, name: str) -> None:
    shapes = [{}] + [{one: "true"} for one in ("full", "full_service", "minimal") if one in LISTS[name]]
    for shape in shapes:
        response = machine.get(f"/hsds/{name}", query_string={"format": "ndjson", "search": "a", **shape})
        assert response.mimetype == "application/x-ndjson"
        assert response.is_streamed
        lines = [json.loads(line) for line in response.text.splitlines()]
        assert lines == ask(name, search="a", per_page=MOST_PER_PAGE, **shape)["contents"]


def test_a_term_finds_what_is_described_by_it_and_a_parent_what_is_below(ask: Ask) -> None:
    services = ask("services", full="true", per_page=MOST_PER_PAGE)["contents"]
    terms = ask("taxonomy_terms", per_page=MOST_PER_PAGE)["contents"]
    for term in terms:
        below = {one["id"] for one in terms if one.get("parent_id") == term["id"]} | {term["id"]}
        wanted = [
            one["id"] for one in services if below & {each["taxonomy_term_id"] for each in one["attributes"]}
        ]
        assert ids(ask, "services", taxonomy_term_id=term["id"]) == wanted
        of_organizations = {one["organization_id"] for one in services if one["id"] in wanted}
        assert set(ids(ask, "organizations", taxonomy_term_id=term["id"])) == of_organizations


def test_several_terms_must_all_hold(ask: Ask) -> None:
    code = {one["code"]: one["id"] for one in ask("taxonomy_terms", per_page=100)["contents"]}
    one, other = code["nordic"], code["online"]
    wanted = set(ids(ask, "services", taxonomy_term_id=one)) & set(
        ids(ask, "services", taxonomy_term_id=other)
    )
    assert set(ids(ask, "services", taxonomy_term_id=[one, other])) == wanted


def test_an_organization_finds_its_own_services_only(ask: Ask) -> None:
    every = ask("services", per_page=MOST_PER_PAGE)["contents"]
    for id_ in ids(ask, "organizations"):
        wanted = [one["id"] for one in every if one["organization_id"] == id_]
        assert ids(ask, "services", organization_id=id_) == wanted


def test_modified_after_is_on_or_after(ask: Ask) -> None:
    [one, *_] = ask("services")["contents"]
    assert one["id"] in ids(ask, "services", modified_after=one["last_modified"])
    assert ids(ask, "services", modified_after="2999-01-01") == []
    plus = f"{one['last_modified'][:-1]}+00:00"  # a plus sign that nobody escaped is a space
    assert one["id"] in ids(ask, "services", modified_after=plus.replace("+", " "))


def test_minimal_is_everything_on_one_page(ask: Ask) -> None:
    answer = ask("services", minimal="true")
    assert (answer["total_pages"], answer["size"], answer["last_page"]) == (1, 24, True)
    every = ask("services")["contents"]
    assert answer["contents"] == [{"id": one["id"], "modified_date": one["last_modified"]} for one in every]
    assert ask("services", minimal="true", per_page=5)["total_pages"] == 5


def test_search_knows_what_people_mean_and_puts_it_first(ask: Ask) -> None:
    def slugs(words: str, name: str = "services", **query: Any) -> list[str]:
        return [one["x_house_slug"] for one in ask(name, search=words, **query)["contents"]]

    assert slugs("MITID")[0] == "mitid"
    assert slugs("laegevalg", lang="ar")[0] == slugs("Lægevalg", lang="en")[0] == "health_card_gp"
    assert slugs("yellow card")[0] == "health_card_gp"
    assert slugs("tax agency", "organizations")[0] == "skattestyrelsen"
    assert slugs("xyzzyplugh") == []
    [first, *_] = ask("service_at_locations", search="personnummer", full="true")["contents"]
    assert first["service"]["x_house_slug"] == "cpr_registration"


def test_search_finds_every_name_with_the_words(ask: Ask) -> None:
    every = ask("services", lang="en")["contents"]
    for word in ("registration", "card", "a"):
        wanted = {one["id"] for one in every if word in one["name"].lower()}
        assert wanted <= set(ids(ask, "services", search=word, lang="en"))


# --- refusals -----------------------------------------------------------------------------------------------

WRONG = [
    ("page", "0"), ("page", "-1"), ("page", "1.5"), ("page", "x"), ("page", "1" * 400), ("page", "²"),
    ("per_page", "0"), ("per_page", "101"), ("per_page", "٥"), ("format", "xml"), ("format", "JSON"),
    ("modified_after", "yesterday"), ("modified_after", "2026-13-01"),
    ("modified_after", "0001-01-01T00:00:00+23:59"),
    ("taxonomy_term_id", "student"), ("taxonomy_id", "1"), ("organization_id", "'; DROP TABLE service; --"),
    ("minimal", "yes"), ("full", "1"), ("lang", "xx"), ("lang", "EN"), ("lang", "../da"),
    ("search", "ä" * 201),
    ("taxonomy_terms", "a"), ("\x00", "a"), ("", "a"), ("a" * 5000, "b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_bad_parameter_is_named(machine: InspectingClient, name: str, value: str) -> None:
    response = machine.get("/hsds/services", query_string={name: value})
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    [error] = response.json["errors"]
    assert error["parameter"] == name[:60]
    assert len(error["detail"]) > 4
    assert (response.json["status"], response.json["title"]) == (400, "Bad Request")


def test_all_mistakes_are_told_at_once(machine: InspectingClient) -> None:
    response = machine.get("/hsds/service_at_locations?page=0&full=maybe&proximity=5&page=2")
    assert [one["parameter"] for one in response.json["errors"]] == ["page", "full", "proximity"]
    twice = machine.get("/hsds/services?page=1&page=2")
    assert twice.json["errors"] == [{"parameter": "page", "detail": "Given more than once."}]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(NAMES), st.lists(st.tuples(st.sampled_from(sorted(PARAMETERS)) | st.text(), st.text()))
)
def test_no_question_breaks_the_reading_of_it(name: str, given_: list[tuple[str, str]]) -> None:
    try:
        asked = read(LISTS[name], given_)
    except Misasked as refused:
        assert refused.findings
    else:
        assert set(asked) <= set(LISTS[name])


def test_no_question_breaks_the_house(machine: InspectingClient) -> None:
    @FEW
    @given(
        st.sampled_from(NAMES),
        st.lists(st.tuples(st.sampled_from(sorted(PARAMETERS)), st.text(max_size=30)), max_size=4),
    )
    def holds(name: str, query: list[tuple[str, str]]) -> None:
        encodable = [(key, value.encode("utf-8", "replace").decode()) for key, value in query]
        assert machine.get(f"/hsds/{name}", query_string=dict(encodable)).status_code in (200, 400)

    holds()


@pytest.mark.parametrize(
    "path",
    [*(f"{name}/{id_}" for name in NAMES for id_ in ("00000000-0000-4000-8000-000000000000", "x", "%00"))],
)
def test_an_unknown_identifier_is_not_found(machine: InspectingClient, path: str) -> None:
    response = machine.get(f"/hsds/{path}")
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


def test_a_location_is_found_by_its_postal_code_alone(ask: Ask) -> None:
    every = ids(ask, "service_at_locations")
    assert ids(ask, "service_at_locations", postcode="9000", proximity=5000) == every
    assert ids(ask, "service_at_locations", postcode="8000", proximity=500000) == []
