"""When the house is open: rows, holidays and days that differ, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from house.catalogue import face
from house.catalogue.models import Closure, Opening, Place
from house.catalogue.visiting import visiting
from house.db import db
from house.problems import NotHere
from house.setting_up import HOURS, PHONE

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
Frozen = Callable[[str], object]


@pytest.fixture
def house(session: Session) -> Place:
    """A house that is open on Monday, Wednesday, Thursday and Friday."""
    return face.set_up_place(
        session, "International House", "Rantzausgade 4", "+45 99 31 00 00", "Europe/Copenhagen", HOURS, PHONE
    )


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def spans_of(session: Session, schedule_id: int, first: date, days: int = 1) -> dict[date, list[str]]:
    last = first + timedelta(days=days - 1)
    found = face.open_spans(session, [schedule_id], first, last, COPENHAGEN)[schedule_id]
    return {
        day: [
            f"{start.astimezone(COPENHAGEN):%H:%M}-{end.astimezone(COPENHAGEN):%H:%M}" for start, end in spans
        ]
        for day, spans in found.items()
    }


def test_a_week_of_the_house(session: Session, house: Place) -> None:
    assert spans_of(session, house.schedule_id, date(2027, 1, 11), 7) == {
        date(2027, 1, 11): ["08:30-15:00"],
        date(2027, 1, 13): ["08:30-15:00"],
        date(2027, 1, 14): ["08:30-16:00"],
        date(2027, 1, 15): ["08:30-13:00"],
    }


def test_holidays_are_closed_where_they_are_kept(session: Session, house: Place) -> None:
    always = face.add_schedule(session, "Telephone", HOURS, keeps_holidays=False)
    easter_monday = date(2027, 3, 29)
    assert spans_of(session, house.schedule_id, easter_monday) == {}
    assert spans_of(session, always.id, easter_monday) == {easter_monday: ["08:30-15:00"]}


def test_a_day_that_differs_is_seen_at_once(session: Session, house: Place) -> None:
    monday = date(2027, 1, 11)
    assert spans_of(session, house.schedule_id, monday) == {monday: ["08:30-15:00"]}
    house.schedule.closures.append(Closure(day=monday, reason="moving"))
    session.flush()
    assert spans_of(session, house.schedule_id, monday) == {}
    house.schedule.closures[0].opens, house.schedule.closures[0].closes = time(10), time(12)
    session.flush()
    assert spans_of(session, house.schedule_id, monday) == {monday: ["10:00-12:00"]}
    house.schedule.openings.append(Opening(weekday=1, opens=time(9), closes=time(10)))
    session.flush()
    assert spans_of(session, house.schedule_id, monday + timedelta(1)) == {date(2027, 1, 12): ["09:00-10:00"]}


def test_many_schedules_and_days_cost_one_statement(session: Session, house: Place) -> None:
    several = [face.add_schedule(session, f"Schedule {n}", HOURS).id for n in range(20)]
    face.place(session)  # every page has asked for it already
    with statements() as sent:
        face.open_spans(session, several, date(2027, 1, 1), date(2027, 3, 1), COPENHAGEN)
    assert len(sent) == 1
    with statements() as sent:
        face.open_spans(session, several[:1], date(2027, 1, 1), date(2027, 1, 1), COPENHAGEN)
    assert len(sent) == 1


def test_a_schedule_without_rules_or_that_is_not_there_never_opens(session: Session, house: Place) -> None:
    empty = face.add_schedule(session, "Empty", {})
    found = face.open_spans(session, [empty.id, 999], date(2027, 1, 1), date(2027, 2, 1), COPENHAGEN)
    assert found == {empty.id: {}, 999: {}}


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2027-01-14 03:00", [(time(8, 30), time(16))]),
        ("2027-01-12 12:00", []),
        ("2027-05-06 12:00", []),
    ],
)
def test_the_hours_of_today(
    session: Session, house: Place, frozen: Frozen, now: str, hours: list[tuple[time, time]]
) -> None:
    frozen(now)
    assert face.today_hours(session) == hours


def test_a_place_is_read_once_for_a_session(session: Session, house: Place) -> None:
    session.commit()
    assert face.place(session).name == "International House"
    with statements() as sent:
        assert face.place(session) is face.place(session)
    assert sent == []


def test_before_it_is_set_up_there_is_no_place(session: Session) -> None:
    with pytest.raises(NotHere):
        face.place(session)
    with pytest.raises(NotHere):
        face.today_hours(session)


def test_two_places_of_the_same_name_have_their_own_address(session: Session, house: Place) -> None:
    second = face.set_up_place(session, "International House", "Street 2", None, "Europe/Copenhagen", {})
    third = face.set_up_place(session, "Ålborg – Øst!", "Street 3", None, "Europe/Copenhagen", {})
    assert (house.slug, second.slug, third.slug) == (
        "international-house",
        "international-house-2",
        "alborg-ost",
    )
    assert second.phone_schedule is None
    assert face.place(session) is house


def test_hours_that_close_before_they_open_are_refused(session: Session) -> None:
    with pytest.raises(ValueError):
        face.add_schedule(session, "Wrong", {0: [("15:00", "08:30")]})


# --- coming to the house ------------------------------------------------------------------------------------


def test_the_page_knows_now_the_week_and_the_next_days_that_differ(
    session: Session, house: Place, frozen: Frozen
) -> None:
    house.schedule.closures += [
        Closure(day=date(2027, 3, 17), opens=time(10), closes=time(12), reason="staff_day"),
        Closure(day=date(2027, 3, 16), opens=time(10), closes=time(12), reason="open_tuesday"),
        Closure(day=date(2027, 3, 20), reason="closed on a Saturday, which is no news"),
    ]
    session.flush()
    frozen("2027-03-15 09:00")
    found = visiting(session)
    assert found.open_now
    assert found.hours_today == [(time(8, 30), time(15))]
    assert found.opens_next == date(2027, 3, 16)
    assert found.week[:3] == [[(time(8, 30), time(15))], [], [(time(8, 30), time(15))]]
    assert found.ahead.phone_week is not None and found.ahead.phone_week[3] == [(time(8, 30), time(17))]
    assert [(str(one.day)[5:], one.reason, len(one.hours)) for one in found.other_days] == [
        ("03-16", "open_tuesday", 1),
        ("03-17", "staff_day", 1),
        ("03-25", "maundy_thursday", 0),
        ("03-26", "good_friday", 0),
        ("03-29", "easter_monday", 0),
        ("05-06", "ascension_day", 0),
        ("05-17", "pentecost_monday", 0),
    ]


@pytest.mark.parametrize(
    ("now", "open_now"),
    [("2027-03-15 08:29", False), ("2027-03-15 08:30", True), ("2027-03-15 15:00", False)],
)
def test_open_now_is_half_open(
    session: Session, house: Place, frozen: Frozen, now: str, open_now: bool
) -> None:
    frozen(now)
    assert visiting(session).open_now is open_now


def test_the_page_costs_two_statements(app: Flask, session: Session, house: Place) -> None:
    session.commit()
    session.expunge_all()
    session.info.clear()
    with statements() as sent:
        visiting(session)
    assert len([one for one in sent if one.startswith("SELECT")]) == 2
