"""The cubes: which there may be, which periods a month finishes, what is counted and which rows there are."""

from collections import defaultdict

import pytest
from hypothesis import given

from house.reporting import cubes
from house.reporting.cubes import CUBES, Cell, Cube, Fact, Grain, Period
from house.reporting.releasing import Status
from tests.reporting.counting import (
    CUBE,
    MARCH,
    QUARTER,
    UNHURRIED,
    YEAR,
    contact,
    crowd,
    released,
    some_facts,
)

# Which cubes there are, and which there may not be


@pytest.mark.parametrize(
    ("name", "dimensions", "never_with"),
    [
        ("ops", "service channel outcome", "origin language"),
        ("body", "authority channel outcome", "origin language"),
        ("fail", "service failure_reason", "origin"),
        ("loop", "partner referral_outcome response_band", "origin"),
        ("path", "purpose_group same_day cpr_band", "origin outcome"),
        ("who", "service_group region_of_origin purpose", "outcome satisfaction"),
        ("lang", "service_group channel language", "origin"),
        ("firm", "sector company_size service_group", "origin"),
        ("wait", "service channel wait_band", "origin"),
        ("sat", "service channel score", "origin"),
        ("nat", "nationality", "everything"),
        ("event", "event_type audience month", "origin"),
    ],
)
def test_the_cubes_are_those_of_the_plan(name, dimensions, never_with):
    assert CUBE[name].dimensions == tuple(dimensions.split())
    assert CUBE[name].never_with == set(never_with.split())
    assert CUBE[name].grains == ((Grain.YEAR,) if name == "nat" else tuple(Grain))
    assert len(CUBES) == len(CUBE) == 12


def test_the_house_keeps_apart_what_must_be_kept_apart():
    cubes.check_cubes(CUBES)


@pytest.mark.parametrize(
    ("dimensions", "reason"),
    [
        ("outcome region_of_origin", "joins outcome with"),
        ("service language nationality", "keeps apart"),
        ("outcome nationality", "keeps apart"),
        ("outcome language", "joins outcome with"),
        ("failure_reason region_of_origin", "fail keeps apart"),
        ("referral_outcome region_of_origin", "loop keeps apart"),
        ("same_day outcome", "path keeps apart"),
        ("purpose score", "who keeps apart"),
        ("purpose outcome", "who keeps apart"),
        ("score region_of_origin", "keeps apart"),
        ("wait_band region_of_origin", "wait keeps apart"),
        ("sector region_of_origin", "firm keeps apart"),
        ("event_type region_of_origin", "event keeps apart"),
        ("nationality service_group", "nat keeps apart"),
        ("service channel wait_band authority", "more than 3"),
        ("service service", "twice"),
        ("outcome score", "two splits"),
        ("service hair", "without codes"),
    ],
)
def test_a_thirteenth_cube_that_would_betray_is_refused(dimensions, reason):
    planted = Cube("planted", tuple(dimensions.split()), frozenset())
    with pytest.raises(ValueError, match=reason):
        cubes.check_cubes([*CUBES, planted])


def test_a_harmless_thirteenth_cube_may_come():
    cubes.check_cubes([*CUBES, Cube("more", ("authority", "channel", "wait_band"), frozenset({"origin"}))])


def test_subsets_go_from_the_total_to_the_whole_cube():
    assert cubes.subsets(CUBE["fail"]) == (
        (),
        ("service",),
        ("failure_reason",),
        ("service", "failure_reason"),
    )
    assert [len(cubes.subsets(cube)) for cube in CUBES] == [8, 8, 4, 8, 8, 8, 8, 8, 8, 8, 2, 8]


# Which periods a month finishes


def test_a_month_finishes_itself_and_at_times_its_quarter_and_its_year():
    finished = {month: [p.code for p in cubes.grains(f"2027-{month:02}")] for month in range(1, 13)}
    assert finished[1] == ["2027-01"]
    assert finished[3] == ["2027-03", "2027-Q1"]
    assert finished[12] == ["2027-12", "2027-Q4", "2027"]
    assert [len(codes_) for codes_ in finished.values()] == [1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 3]


def test_a_period_knows_its_months():
    assert Period(Grain.MONTH, "2027-03", ("2027-03",)) == MARCH
    assert cubes.grains("2027-09")[1].months == ("2027-07", "2027-08", "2027-09")
    assert YEAR.months == tuple(f"2027-{month:02}" for month in range(1, 13))


@pytest.mark.parametrize("month", ["2027-13", "2027-00", "2027-3", "202703", "2027-03-01"])
def test_what_is_no_month_is_refused(month):
    with pytest.raises(ValueError):
        cubes.grains(month)


# What is counted


def test_a_cell_counts_contacts_keys_and_distinct_persons():
    cells = cubes.tally(
        CUBE["ops"],
        [
            contact(60000, "ann"),
            contact(10000, "ann"),
            contact(7, "bo", outcome="failed"),
        ],
    )
    assert cells[(), ()] == Cell(3, 70007 % 65536, 2)
    assert cells[("service", "outcome"), ("cpr", "served")] == Cell(2, 4464, 1)
    assert cells[("service", "channel", "outcome"), ("cpr", "booked", "failed")] == Cell(1, 7, 1)
    assert (("outcome",), ("missed",)) not in cells


def test_a_contact_without_a_code_is_in_no_cell_of_the_cube():
    facts = [contact(), contact(outcome="not_applicable"), Fact({"service": "cpr"}, 1, "ann")]
    assert cubes.tally(CUBE["ops"], facts)[(), ()].n == 1
    assert cubes.tally(CUBE["sat"], facts) == {}


@UNHURRIED
@given(some_facts)
def test_every_choice_of_dimensions_counts_every_contact_once(facts):
    n, key_sum = defaultdict(int), defaultdict(int)
    for (chosen, _), cell in cubes.tally(CUBE["ops"], facts).items():
        n[chosen] += cell.n
        key_sum[chosen] += cell.key_sum
        assert 1 <= cell.persons <= cell.n
        assert 0 <= cell.key_sum < 65536
    assert all(counted == len(facts) for counted in n.values())
    assert {total % 65536 for total in key_sum.values()} <= {sum(f.record_key for f in facts) % 65536}


# Which rows there are


def test_every_row_of_the_code_lists_is_there_used_or_not():
    rows = released([])
    sizes = {"service": 3, "channel": 6, "outcome": 5}
    assert len(rows) == (1 + 3) * (1 + 6) * (1 + 5)
    for chosen in cubes.subsets(CUBE["ops"]):
        expected = 1
        for name in chosen:
            expected *= sizes[name]
        assert sum(row.dimensions == chosen for row in rows) == expected
    assert {row.status for row in rows} == {Status.UNDER_5}


@UNHURRIED
@given(some_facts)
def test_the_rows_are_the_same_whoever_came(facts):
    def places(rows):
        return [(row.dimensions, row.coordinates) for row in rows]

    assert places(released(facts)) == places(released([]))


def test_a_table_of_more_than_five_thousand_cells_is_refused():
    lists = {"service": [str(i) for i in range(1000)], "channel": list("abcde"), "outcome": ["served"]}
    assert len(cubes.full_product(("service", "channel"), lists)) == 5000
    with pytest.raises(ValueError, match="6000"):
        cubes.full_product(("service", "channel"), lists | {"channel": list("abcdef")})


def test_the_table_of_no_dimensions_is_one_total():
    assert cubes.full_product((), {}) == ((),)


def test_a_code_outside_the_lists_is_refused_and_not_lost():
    with pytest.raises(ValueError, match="no code list"):
        released([contact(service="hairdresser")])


def test_nationality_is_published_by_the_year_only():
    facts = crowd(30, nationality="PL")
    assert any(row.value for row in released(facts, CUBE["nat"], YEAR))
    for period in (MARCH, QUARTER):
        with pytest.raises(ValueError, match="not published"):
            released(facts, CUBE["nat"], period)


def test_events_are_cut_by_the_months_of_the_period_only():
    facts = crowd(30, event_type="dinner", audience="students", month="2027-02")
    rows = released(facts, CUBE["event"], QUARTER)
    by_month = {row.coordinates: row.value for row in rows if row.dimensions == ("month",)}
    assert by_month.keys() == {("2027-01",), ("2027-02",), ("2027-03",)}
    assert by_month["2027-02",] is not None
    with pytest.raises(ValueError, match="no code list"):
        released(facts, CUBE["event"], MARCH)
