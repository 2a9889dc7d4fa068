"""What a released row may say, and where one outcome of a small group tells too much (A1, A5, A7, A10)."""

from dataclasses import replace

import pytest
from hypothesis import given

from house.reporting import cubes, disclosure, releasing
from house.reporting.cubes import Cell
from house.reporting.releasing import Status
from tests.reporting.counting import (
    CUBE,
    LISTS,
    MARCH,
    PTABLE,
    STILL,
    UNHURRIED,
    contact,
    crowd,
    released,
    some_facts,
    status_of,
)

# What a row may say


def test_zeros_look_like_small_ones():
    """A10: nobody, four persons, and twenty contacts of one person are the same bytes."""
    nobody = releasing.canonical_json(released([]))
    assert releasing.canonical_json(released(crowd(4))) == nobody
    assert releasing.canonical_json(released([contact(key) for key in range(20)])) == nobody
    assert releasing.canonical_json(released(crowd(40))) != nobody


@UNHURRIED
@given(some_facts)
def test_no_row_shows_under_five_or_fewer_than_five_persons(facts):
    cells = cubes.tally(CUBE["ops"], facts)
    for row in released(facts):
        assert (row.value is not None) == (row.status is Status.SHOWN)
        if row.value is not None:
            cell = cells[row.dimensions, row.coordinates]
            assert row.value >= 5
            assert cell.persons >= 5
            assert row.value == disclosure.perturb(cell.n, cell.key_sum, PTABLE)


@UNHURRIED
@given(some_facts)
def test_inside_a_hidden_cell_nothing_is_shown(facts):
    """A1: a shown part would say that the hidden whole is no zero."""
    rows = released(facts)
    hidden = [
        dict(zip(row.dimensions, row.coordinates, strict=True))
        for row in rows
        if row.status is Status.UNDER_5
    ]
    for row in rows:
        if row.status is Status.SHOWN:
            place = dict(zip(row.dimensions, row.coordinates, strict=True)).items()
            assert not any(whole.items() <= place for whole in hidden)


def test_a_part_shown_by_its_own_noise_is_hidden_with_its_whole():
    cells = {
        ((), ()): Cell(9, 0, 9),
        (("service",), ("cpr",)): Cell(8, 65535, 8),
    }
    assert disclosure.publish(8, 65535, 8, PTABLE) == 13
    rows = releasing.release(CUBE["fail"], MARCH, cells, LISTS, PTABLE)
    assert {row.status for row in rows} == {Status.UNDER_5}


@UNHURRIED
@given(some_facts)
def test_the_same_contacts_give_the_same_number_in_every_table(facts):
    """R1, over the cells of one cube and over two cubes that have dimensions in common."""
    in_body = [replace(fact, codes={**fact.codes, "authority": "siri"}) for fact in facts]
    ops, body = released(in_body), released(in_body, CUBE["body"])
    shared = [{}, {}]
    for seen, rows in zip(shared, (ops, body), strict=True):
        for row in rows:
            if not {"service", "authority"} & set(row.dimensions):
                seen[row.dimensions, row.coordinates] = row.value, row.status
    assert shared[0] == shared[1]
    by_members = {}
    for row in ops:
        if row.value is not None:
            place = dict(zip(row.dimensions, row.coordinates, strict=True)).items()
            members = frozenset(i for i, fact in enumerate(facts) if place <= fact.codes.items())
            assert by_members.setdefault(members, row.value) == row.value


# R10: where nearly everybody in a small group has the same outcome


def still(n):
    return Cell(n, STILL, n)


def test_a_small_group_with_one_outcome_shows_its_total_and_no_split():
    rows = released(crowd(30))
    assert next(row for row in rows if row.dimensions == ()).status is Status.SHOWN
    status = status_of(rows)
    assert status["cpr",] is Status.SHOWN
    assert status["cpr", "booked"] is Status.SHOWN
    for outcome in LISTS["outcome"]:
        assert status[(outcome,)] is Status.IN_TOTAL
        assert status["cpr", outcome] is Status.IN_TOTAL
        assert status["cpr", "booked", outcome] is Status.IN_TOTAL


def test_a_large_or_a_mixed_group_keeps_its_split():
    assert status_of(released(crowd(80)))["served",] is Status.SHOWN
    mixed = [*crowd(20, "a"), *crowd(20, "b", outcome="failed")]
    status = status_of(released(mixed))
    assert status["served",] is status["failed",] is Status.SHOWN
    assert Status.IN_TOTAL not in status.values()


def test_inside_a_group_without_a_split_no_finer_split_is_shown():
    """Each channel alone looks mixed by its noise; the service as a whole does not."""
    cells = {
        ((), ()): still(100),
        (("service",), ("cpr",)): still(40),
        (("channel",), ("booked",)): still(60),
        (("outcome",), ("served",)): still(70),
        (("service", "channel"), ("cpr", "booked")): still(20),
        (("service", "outcome"), ("cpr", "served")): still(39),
        (("channel", "outcome"), ("booked", "served")): still(40),
        (("service", "channel", "outcome"), ("cpr", "booked", "served")): still(17),
    }
    status = status_of(releasing.release(CUBE["ops"], MARCH, cells, LISTS, PTABLE))
    assert status["served",] is Status.SHOWN
    assert status["booked", "served"] is Status.SHOWN
    assert status["cpr", "served"] is Status.IN_TOTAL
    assert status["cpr", "booked", "served"] is Status.IN_TOTAL
    assert status["cpr", "walk_in", "failed"] is Status.IN_TOTAL
    assert status["tax", "served"] is Status.UNDER_5


@pytest.mark.parametrize(
    ("name", "its_codes"),
    [
        ("body", {"authority": "siri"}),
        ("loop", {"partner": "jobcenter", "referral_outcome": "rejected", "response_band": "0"}),
        ("sat", {"score": "1"}),
    ],
)
def test_one_answer_of_a_small_group_is_watched_in_every_cube_that_has_one(name, its_codes):
    rows = released(crowd(30, **its_codes), CUBE[name])
    assert {row.status for row in rows if cubes.SPLITS & set(row.dimensions)} == {Status.IN_TOTAL}


def test_what_is_no_outcome_is_not_replaced():
    rows = released(crowd(30, wait_band="0_4"), CUBE["wait"])
    assert Status.IN_TOTAL not in {row.status for row in rows}


def test_different_truths_behind_the_same_published_values_are_the_same_bytes():
    """A10: whether R10 bites hangs on published values, not on the hidden shares 100 % and 90 %."""

    def world(total, served, failed):
        cells = {((), ()): total, (("outcome",), ("served",)): served, (("outcome",), ("failed",)): failed}
        return releasing.canonical_json(releasing.release(CUBE["ops"], MARCH, cells, LISTS, PTABLE))

    one_up = 52991
    assert disclosure.perturb(19, one_up, PTABLE) == 20
    assert disclosure.perturb(18, 60772, PTABLE) == 20
    same = world(still(20), still(20), still(0))
    assert same == world(Cell(20, STILL, 20), Cell(18, 60772, 18), still(2))
    assert same == world(Cell(19, one_up, 19), Cell(19, one_up, 19), still(0))
    assert b"in_total" in same
