"""Closing for a while: who is closed, when on the wall, what becomes of what was booked; on both engines."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select

from house.audit import Act
from house.catalogue import face as catalogue
from house.catalogue.face import ClosedFor, ClosedTime
from house.intake import closings, counters
from house.intake.closings import Scope
from house.intake.models import Counter
from house.problems import Moved, NotHere, Problem
from tests import houses
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    DRIVING,
    FRIDAY,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    statements,
)
from tests.intake.counter_house import (
    MANAGER,
    THE_FRIDAY,
    THE_THURSDAY,
    a_closing,
    booked,
    close,
    offered,
    on_the_list,
    states,
)

TEN_TO_NOON = [
    "10:00",
    "10:10",
    "10:20",
    "10:30",
    "10:40",
    "10:50",
    "11:00",
    "11:10",
    "11:20",
    "11:30",
    "11:40",
]


@pytest.fixture
def wednesday(frozen):
    return frozen(WEDNESDAY)


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_closing_stops_bookings_at_once_and_takes_none_away(engine, request, wednesday, tmp_path, pg_or_not):
    with houses.arranging(pg_or_not(engine)) as session:
        set_up(session)
        visit = booked(session, "10:20")
        assert close(session) == 1
        assert offered(session, THURSDAY) == []
        assert len(offered(session, FRIDAY)) == 11
        assert states(session) == ["booked"]
        [misfit] = on_the_list(session)
        assert (misfit.visit_id, misfit.is_open, misfit.reasons) == (visit.id, True, ("closing 1",))
        with pytest.raises(Problem):
            booked(session, "10:40")


@pytest.fixture
def pg_or_not(app, request):
    """The house on the engine that is asked for."""

    def engine_app(engine):
        return app if engine == "sqlite" else request.getfixturevalue("pg_app")

    return engine_app


def test_hours_are_cut_to_the_minute_on_the_wall(session, wednesday):
    set_up(session)
    close(session, a_closing(begins=time(10, 30), ends=time(11, 0)))
    assert offered(session, THURSDAY) == ["10:00", "10:10", "11:00", "11:10", "11:20", "11:30", "11:40"]
    close(session, a_closing(begins=time(11, 30), last=THE_FRIDAY, ends=time(11, 0)))
    assert offered(session, THURSDAY) == ["10:00", "10:10", "11:00", "11:10"]
    assert offered(session, FRIDAY) == ["11:00", "11:10", "11:20", "11:30", "11:40"]


def test_a_counter_closes_alone_though_its_hours_were_shared(session, wednesday):
    house = set_up(session, counters=2)
    first, second = (session.get_one(Counter, id_) for id_ in house.counter_ids)
    assert first.schedule_id == second.schedule_id
    booked(session, "10:00")
    close(session, a_closing(Scope(counter_id=first.id)))
    assert offered(session, THURSDAY) == TEN_TO_NOON, "the other counter stays open"
    assert first.schedule_id != second.schedule_id
    close(session, a_closing(Scope(counter_id=second.id)))
    assert offered(session, THURSDAY) == []


def test_an_authority_closes_its_own_counters_only(session, wednesday):
    set_up(session, services=(CPR,))
    set_up(session, services=("tax_card",))
    tax = catalogue.service(session, "tax_card").authority_id
    close(session, a_closing(Scope(authority_id=tax)))
    assert (offered(session, THURSDAY), offered(session, THURSDAY, "tax_card")) == (TEN_TO_NOON, [])


def test_the_house_closed_is_said_where_its_hours_are(client, arranging, wednesday):
    with arranging() as session:
        set_up(session)
        close(session, a_closing(told=ClosedFor.TECHNICAL))
    page = client.get_page("/en/visit-us")
    assert "Thursday, 7 January 2027" in page.text or "Thursday 7 January 2027" in page.text
    assert "We have technical problems" in page.text


def test_opening_again_puts_everything_back(session, wednesday):
    set_up(session)
    booked(session)
    close(session)
    [closing] = closings.closings(session, counters.all_counters(session), THE_THURSDAY, house=True)
    closings.open_again(session, closing.id, counters.all_counters(session), True, MANAGER)
    assert on_the_list(session) == []
    assert offered(session, THURSDAY) == TEN_TO_NOON[2:]
    with pytest.raises(NotHere):
        closings.open_again(session, closing.id, counters.all_counters(session), True, MANAGER)


def test_who_does_not_manage_the_house_cannot_open_it_again(session, wednesday):
    set_up(session)
    close(session)
    closing_id = session.scalars(select(ClosedTime.id)).one()
    with pytest.raises(NotHere):
        closings.open_again(session, closing_id, counters.all_counters(session), False, MANAGER)


def test_a_booking_between_looking_and_closing_is_shown_first(session, wednesday):
    set_up(session)
    everywhere = counters.all_counters(session)
    assert closings.met_by(session, a_closing(), everywhere) == []
    booked(session)
    with pytest.raises(Moved, match="more_met"):
        closings.close(session, a_closing(), everywhere, 0, MANAGER)
    assert session.scalars(select(ClosedTime)).all() == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"begins": time(11), "ends": time(10)}, "ends_before"),
        ({"begins": time(11), "ends": time(11)}, "ends_before"),
        ({"first": THE_FRIDAY, "last": THE_THURSDAY}, "ends_before"),
        ({"first": THE_THURSDAY.replace(year=2026), "last": THE_THURSDAY.replace(year=2026)}, "over"),
    ],
)
def test_nonsense_is_refused(session, wednesday, wrong, code):
    set_up(session)
    with pytest.raises(Problem) as refused:
        close(session, a_closing(**wrong))
    assert refused.value.code == code


def test_the_night_the_clock_goes_back_is_closed_through_both_hours(session, frozen):
    frozen("2026-10-20 12:00")
    night = THE_THURSDAY.replace(2026, 10, 25)
    set_up(session, hours={6: [("01:00", "05:00")]})
    assert len(offered(session, "2026-10-25")) == 29, "five hours on the clock, four of work, one twice"
    close(session, a_closing(first=night, begins=time(2), ends=time(3)))
    left = offered(session, "2026-10-25")
    assert left == [
        *(f"01:{n:02}" for n in range(0, 50, 10)),
        *(f"0{h}:{n:02}" for h in (3, 4) for n in range(0, 60, 10) if (h, n) <= (4, 40)),
    ]


def test_closing_is_written_into_the_audit_without_a_name(session, wednesday):
    set_up(session)
    booked(session, name="Ada Lovelace")
    close(session)
    act = session.scalars(select(Act).where(Act.verb == "closed")).one()
    assert (act.actor, act.facts) == (MANAGER, {"reason": "staff", "visits": 1})


def test_the_number_of_statements_does_not_grow(app, session, wednesday):
    set_up(session, counters=4, services=(CPR, DRIVING))
    booked(session, "10:00")
    close(session)
    few = count(app, session)
    for wall in ("10:20", "10:40", "11:00"):
        booked(session, wall, FRIDAY)
    close(session, a_closing(first=THE_FRIDAY))
    set_up(session, counters=8, services=("tax_card",))
    assert len(on_the_list(session)) == 4
    assert count(app, session) == few


def count(app, session):
    session.flush()
    session.expire_all()
    with statements(app) as sent:
        on_the_list(session)
    return len(sent)


def test_what_is_on_the_wall_is_what_is_closed():
    """10:00 in January is 09:00 UTC, in July 08:00."""
    for day, utc in ((THE_THURSDAY, 9), (THE_THURSDAY.replace(month=7), 8)):
        span = catalogue.closed_span(day, day, time(10), None, COPENHAGEN)
        assert (span.start.hour, (span.end - span.start).seconds // 3600) == (utc, 14)
