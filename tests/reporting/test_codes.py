"""The code lists: what they share with the catalogue and the languages, and where bands begin."""

from pathlib import Path

import pytest
import yaml

from house.languages import LANGUAGES
from house.reporting import codes

CATALOGUE = Path(codes.__file__).parents[1] / "catalogue" / "data" / "services.yaml"
DYNAMIC = dict.fromkeys(codes.DYNAMIC, ("b", "a"))


def person_facts():
    return yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))["meta"]["person_facts"]


def test_purposes_are_the_catalogues_and_unknown():
    assert codes.FIXED["purpose"] == (*person_facts()["purpose"], "unknown")


def test_regions_of_origin_are_the_catalogues_and_unknown():
    assert codes.FIXED["region_of_origin"] == (*person_facts()["citizenship"], "unknown")


def test_languages_are_the_houses_twelve_and_other_and_unknown():
    assert codes.FIXED["language"] == (*(language.tag for language in LANGUAGES), "other", "unknown")


def test_every_purpose_has_a_group_and_every_group_a_purpose():
    groups = {codes.purpose_group(purpose) for purpose in codes.FIXED["purpose"]}
    assert groups == set(codes.FIXED["purpose_group"])
    assert codes.purpose_group("worker") == "work"
    assert codes.purpose_group("unknown") == "unknown"


def test_a_purpose_outside_the_list_is_refused():
    with pytest.raises(ValueError, match="tourist"):
        codes.purpose_group("tourist")


@pytest.mark.parametrize("name", sorted(codes.FIXED))
def test_codes_are_plain_distinct_ascii_and_never_not_applicable(name):
    found = codes.FIXED[name]
    assert len(set(found)) == len(found) > 1
    assert all(type(code) is str and code.isascii() and code == code.strip().lower() for code in found)
    assert codes.NOT_APPLICABLE not in found


@pytest.mark.parametrize(
    ("minutes", "band"),
    [
        *[(0, "0_4"), (4.99, "0_4"), (5, "5_9"), (10, "10_19"), (19.9, "10_19"), (20, "20_29")],
        *[(30, "30_59"), (59, "30_59"), (60, "60_plus"), (600, "60_plus")],
        *[(None, "unknown"), (-1, "unknown"), (float("nan"), "unknown")],
    ],
)
def test_a_wait_falls_in_the_band_of_the_minutes_that_have_passed(minutes, band):
    assert codes.wait_band(minutes) == band


@pytest.mark.parametrize(
    ("days", "band"),
    [
        *[(0, "0"), (0.9, "0"), (1, "1_2"), (2, "1_2"), (3, "3_7"), (7, "3_7"), (8, "8_14"), (15, "15_30")],
        *[(30, "15_30"), (31, "31_plus"), (None, "unknown"), (-1, "unknown")],
    ],
)
def test_an_answer_falls_in_the_band_of_the_days_it_took(days, band):
    assert codes.response_band(days) == band


@pytest.mark.parametrize(
    ("days", "band"),
    [
        *[(0, "0_5"), (5, "0_5"), (6, "6_14"), (14, "6_14"), (15, "15_30"), (31, "31_60"), (61, "61_90")],
        *[(90, "61_90"), (91, "91_plus"), (None, "unknown"), (-1, "unknown")],
    ],
)
def test_a_cpr_number_falls_in_the_band_of_days_since_arrival(days, band):
    assert codes.cpr_band(days) == band


@pytest.mark.parametrize(
    ("band", "listed"),
    [
        (codes.wait_band, "wait_band"),
        (codes.response_band, "response_band"),
        (codes.cpr_band, "cpr_band"),
    ],
)
def test_bands_are_met_in_the_order_of_their_list_and_none_is_empty(band, listed):
    met = tuple(dict.fromkeys(band(measure) for measure in [*range(200), None]))
    assert met == codes.FIXED[listed]


def test_the_lists_that_staff_keep_come_in_with_unknown_added_once():
    lists = codes.code_lists(**(DYNAMIC | {"partner": ["jobcenter", "unknown", "jobcenter"]}))
    assert lists["partner"] == ("jobcenter", "unknown")
    assert lists["service"] == ("b", "a", "unknown")
    assert lists["channel"] == codes.FIXED["channel"]
    assert lists.keys() == codes.FIXED.keys() | codes.DYNAMIC


@pytest.mark.parametrize(
    "dynamic",
    [
        {name: codes_ for name, codes_ in DYNAMIC.items() if name != "partner"},
        DYNAMIC | {"hair": ["red"]},
        DYNAMIC | {"channel": ["pigeon"]},
        DYNAMIC | {"partner": ["not_applicable"]},
    ],
)
def test_a_missing_strange_or_not_applicable_list_is_refused(dynamic):
    with pytest.raises(ValueError, match=r"missing or strange|no row of a table"):
        codes.code_lists(**dynamic)
