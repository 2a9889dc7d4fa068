"""Every answer is HSDS 3.1, in every language, and says of a service what the catalogue says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from house.catalogue import face
from house.catalogue.hsds.fields import PREFIX, THINGS
from house.languages import LANGUAGES
from tests.catalogue.hsds import published
from tests.catalogue.hsds.conftest import Ask
from tests.catalogue.hsds.published import LISTS, THING_OF
from tests.inspecting import BASE_URL, InspectingClient

DATA = yaml.safe_load(face.bundled_catalogue().read_text("utf-8"))
SERVICES = {one["id"]: one for one in DATA["services"]}
TAGS = [one.tag for one in LANGUAGES]
MITID = "ebc2d40e-3070-5c74-8f36-1d3ca651e243"
needs_schemas = pytest.mark.skipif(not published.folder(), reason="the published schemas are not here")


def by_slug(ask: Ask, **query: Any) -> dict[str, Any]:
    """Every service in full, by the name the catalogue knows it by."""
    contents = ask("services", full="true", per_page=100, **query)["contents"]
    return {one["x_house_slug"]: one for one in contents}


def everything(ask: Ask, name: str, tag: str) -> Iterator[Any]:
    """Every answer about a list in a language: basic, full, fuller, and one by one."""
    basic = ask(name, lang=tag, per_page=100)["contents"]
    yield from basic
    if name not in ("taxonomies", "taxonomy_terms"):
        yield from ask(name, lang=tag, per_page=100, full="true")["contents"]
    if name == "organizations":
        yield from ask(name, lang=tag, per_page=100, full_service="true")["contents"]
        yield from (ask(f"{name}/{one['id']}", lang=tag, full_service="true") for one in basic)
    yield from (ask(f"{name}/{one['id']}", lang=tag) for one in basic)


# --- shape --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("name", LISTS)
def test_every_answer_has_what_hsds_requires(ask: Ask, name: str, tag: str) -> None:
    answers = list(everything(ask, name, tag))
    assert len(answers) > 5
    assert [line for one in answers for line in published.lacking(THING_OF[name], one)] == []


@needs_schemas
@pytest.mark.parametrize("tag", ["en", "da", "uk", "ar"])
@pytest.mark.parametrize("name", LISTS)
def test_every_answer_is_valid_by_the_published_schemas(ask: Ask, name: str, tag: str) -> None:
    assert [line for one in everything(ask, name, tag) for line in published.broken(name, one)] == []


@needs_schemas
def test_a_service_at_a_location_is_valid_as_a_service_too(ask: Ask) -> None:
    """The published description of the API names the service's schema for it."""
    for one in ask("service_at_locations", full="true", per_page=100)["contents"]:
        assert published.broken("services", one) == []


@needs_schemas
def test_the_published_schemas_find_a_fault(ask: Ask) -> None:
    [one, *_] = ask("services", full="true")["contents"]
    for fault in ({"status": "open"}, {"id": "7"}, {"url": "not an address"}, {"last_modified": "today"}):
        assert published.broken("services", one | fault), fault
        assert list(published.lacking("service", one | fault)) or "url" in fault or "last_modified" in fault


@pytest.mark.parametrize("name", LISTS)
def test_only_listed_fields_are_given_and_ours_have_the_prefix(ask: Ask, name: str) -> None:
    def strange(thing: str, record: Any) -> Iterator[str]:
        known = {field.name: field for field in THINGS[thing].fields}
        for key, value in record.items():
            if key not in known:
                yield f"{thing}.{key}"
            elif inside := known[key].holds:
                for one in value if isinstance(value, list) else [value]:
                    yield from strange(inside, one)

    assert [line for one in everything(ask, name, "en") for line in strange(THING_OF[name], one)] == []


@needs_schemas
@pytest.mark.parametrize("name", LISTS)
def test_every_field_without_the_prefix_is_known_to_hsds(name: str) -> None:
    known = published.validator(name).schema["properties"]
    ours = [one for one in THINGS[THING_OF[name]].fields if not one.name.startswith(PREFIX)]
    repeated = {"name", "status"} if name == "service_at_locations" else set()
    assert {one.name for one in ours} - set(known) == repeated


def test_lists_are_short_and_single_entries_full(ask: Ask) -> None:
    basic, full = ask("services")["contents"], ask("services", full="true")["contents"]
    assert [one["id"] for one in basic] == [one["id"] for one in full]
    assert not any(isinstance(value, list) for one in basic for value in one.values())
    for one in full:
        assert ask(f"services/{one['id']}") == one
        assert one.items() >= next(each for each in basic if each["id"] == one["id"]).items()


# --- what is said -------------------------------------------------------------------------------------------


def test_the_entrance_says_which_hsds_this_is(ask: Ask, machine: InspectingClient) -> None:
    about = ask("")
    assert about["version"] == "3.1"
    for name in ("profile", "openapi_url", "x_house_datapackage_url"):
        assert about[name].startswith(f"{BASE_URL}/hsds/")
        assert machine.get(about[name]).status_code == 200


def test_identifiers_stay_for_ever(ask: Ask) -> None:
    found = ask(f"services/{MITID}")
    assert found["x_house_slug"] == "mitid"
    assert found["id"] == MITID == ask(f"services/{MITID.upper()}", lang="fa")["id"]


def test_every_service_says_what_the_catalogue_says(ask: Ask) -> None:
    told = by_slug(ask, lang="en")
    assert list(told) == list(SERVICES)
    names = {one["id"]: slug for slug, one in told.items()}
    for slug, record in SERVICES.items():
        one = told[slug]
        assert one["name"] == record["name"]["en"]
        assert one["organization"]["x_house_slug"] == record["authority"]
        assert one["x_house_booking"]["mode"] == record["booking"]["mode"]
        assert one.get("x_house_municipal_scope") == record.get("municipal_scope")
        assert one.get("x_house_link") == record["link"]
        before = [[names[id_] for id_ in group["service_ids"]] for group in one.get("x_house_requires", ())]
        assert before == [group["all_of"] for group in record.get("requires") or ()]
        if "applies_when" in record:
            assert one["x_house_applies_when"] == record["applies_when"]
        duty = record["obligation"]
        wanted = [{"value": duty}] if isinstance(duty, str) else [{"value": each["value"]} for each in duty]
        assert [{"value": each["value"]} for each in one["x_house_obligation"]] == wanted
        cited = set(json.dumps(record).replace('"', " ").replace(",", " ").split())
        assert {each["id"] for each in one.get("x_house_sources", ())} == cited & DATA["sources"].keys()


def test_papers_are_required_documents_with_the_case_they_are_for(ask: Ask) -> None:
    papers = by_slug(ask, lang="en")["cpr_registration"]["required_documents"]
    listed = [one for one in SERVICES["cpr_registration"]["documents"] if "en" in one]
    assert [one["document"] for one in papers] == [one["en"] for one in listed]
    assert [one.get("x_house_when") for one in papers] == [one.get("when") for one in listed]
    assert "Only if: You are a citizen of a Nordic country." in [one.get("x_house_only_if") for one in papers]


def test_deadlines_are_told_unless_the_sources_disagree(ask: Ask) -> None:
    told = by_slug(ask, lang="en")
    [one] = told["jobseeker_pdu2"]["x_house_deadlines"]
    assert (one["kind"], one["days"], one["from"]) == ("deadline", 7, "pdu2_date")
    assert one["rule"] == SERVICES["jobseeker_pdu2"]["deadline"]["rule"]
    assert told["driving_licence_exchange"]["x_house_deadlines"] == [
        {"kind": "deadline", "status": "unresolved"}
    ]
    assert told["health_card_gp"]["x_house_deadlines"][0]["type"] == "expected_event"


def test_fees_ages_and_areas_are_in_their_own_fields(ask: Ask) -> None:
    told = by_slug(ask, lang="en")
    [price] = told["driving_licence_exchange"]["cost_options"]
    assert (price["amount"], price["currency"], price["amount_description"]) == (280, "DKK", "old figure")
    assert (told["daycare"].get("minimum_age"), told["daycare"]["maximum_age"]) == (None, 5)
    assert (told["school_enrolment"]["minimum_age"], told["school_enrolment"]["maximum_age"]) == (6, 15)
    assert told["mitid"]["minimum_age"] == 15
    served = [one["name"] for one in told["cpr_registration"]["service_areas"]]
    assert served == DATA["meta"]["ics_north_municipalities"]["list"]
    assert "service_areas" not in told["tax_card"]


def test_terms_say_kind_duty_and_audience(ask: Ask) -> None:
    def codes(slug: str, kind: str) -> set[str]:
        return {one["value"] for one in told[slug]["attributes"] if one["link_type"] == kind}

    told = by_slug(ask)
    assert codes("company_guidance", "audience") == {"company"}
    assert codes("tax_card", "service_kind") == {"online"}
    assert codes("tax_card", "obligation") == {"practical"}
    assert "student" in codes("eu_residence_document", "audience")
    assert "job_seeker" in codes("eu_residence_document", "audience")  # after six months
    assert "cross_border_commuter" not in codes("eu_residence_document", "audience")
    assert codes("eu_residence_document", "audience") & {"nordic", "eu_eea_ch", "third_country"} == {
        "eu_eea_ch"
    }


def test_everything_that_is_referred_to_is_there(ask: Ask) -> None:
    ids = {name: {one["id"] for one in ask(name, per_page=100)["contents"]} for name in LISTS}
    for one in by_slug(ask).values():
        assert one["organization_id"] in ids["organizations"]
        assert set(one.get("x_house_other_organization_ids", ())) <= ids["organizations"]
        for group in one.get("x_house_requires", []) + one.get("x_house_requires_of_sponsor", []):
            assert set(group["service_ids"]) <= ids["services"]
        assert {each["id"] for each in one.get("service_at_locations", ())} <= ids["service_at_locations"]
        for each in one["attributes"]:
            assert each["taxonomy_term_id"] in ids["taxonomy_terms"]
            assert each["taxonomy_term"]["taxonomy_id"] in ids["taxonomies"]
            assert each["link_id"] == one["id"]
    for term in ask("taxonomy_terms", per_page=100)["contents"]:
        assert term.get("parent_id") in ids["taxonomy_terms"] | {None}


def test_an_organization_tells_its_services_briefly_or_in_full(ask: Ask) -> None:
    told = by_slug(ask)
    id_ = told["tax_card"]["organization_id"]
    brief, full = ask(f"organizations/{id_}"), ask(f"organizations/{id_}", full_service="true")
    assert {"id", "name", "status"} == set(brief["services"][0])
    mine = {key: value for key, value in told["tax_card"].items() if key != "organization"}
    assert mine in full["services"]
    assert "services" not in ask("organizations")["contents"][0]


# --- languages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TAGS)
def test_a_service_is_told_in_the_language_asked_for(machine: InspectingClient, tag: str) -> None:
    asked = machine.get(f"/hsds/services/{MITID}?lang={tag}", headers={"Accept-Language": "tr"})
    preferred = machine.get(f"/hsds/services/{MITID}", headers={"Accept-Language": f"xx, {tag};q=0.8"})
    assert asked.json == preferred.json
    assert asked.headers["Content-Language"] == tag
    assert "Accept-Language" in asked.headers["Vary"]
    assert asked.json["url"] == f"{BASE_URL}/{tag}/services/mitid"
    assert asked.json["x_house_language"] == tag


@pytest.mark.parametrize("accepted", [None, "", "*", "ja", "ja, *;q=0.1", "not/a;q=language"])
def test_without_a_wish_the_catalogues_own_language_is_spoken(
    machine: InspectingClient, accepted: str | None
) -> None:
    headers = {} if accepted is None else {"Accept-Language": accepted}
    assert machine.get("/hsds/services", headers=headers).headers["Content-Language"] == "en"


def test_a_cookie_of_the_pages_changes_nothing(open_house: Any) -> None:
    browser = open_house.test_client()
    browser.get("/language/pl")
    assert browser.get("/hsds/services").headers["Content-Language"] == "en"
