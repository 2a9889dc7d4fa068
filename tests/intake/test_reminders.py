"""Reminders: at the same time on the wall the day before, two hours before, once, never of what is gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from house import clock, post, worker
from house.intake import nights
from house.intake.booking import book
from house.intake.cancelling import cancel
from house.intake.change_models import Reminder
from house.intake.closings import closings, open_again
from house.intake.counters import all_counters
from house.intake.moving import move
from house.intake.reminder_times import reminders
from house.intake.reminding import remind
from house.intake.worklist import ask_all, worklist
from tests import houses
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    FRIDAY,
    THURSDAY,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.counter_house import close

MONDAY = "2027-01-04 12:00"


@pytest.fixture
def house(session, frozen):
    house = set_up(session)
    house.clock = frozen(MONDAY)
    return house


@pytest.fixture
def visit(session, house):
    return book(session, CPR, 1, at(THURSDAY, "10:00"), "pl", "Ada", "ada@example.org")


def kinds(session):
    session.flush()
    found = session.scalars(select(post.Letter.kind).order_by(post.Letter.id)).all()
    return [kind for kind in found if kind in ("visit_tomorrow", "visit_soon")]


def at_time(session, house, day, wall):
    house.clock.move_to(at(day, wall))
    remind(session, clock.now())
    return kinds(session)


def test_two_reminders_are_written_when_they_are_due_and_once(session, house, visit):
    assert at_time(session, house, "2027-01-06", "09:59") == []
    assert at_time(session, house, "2027-01-06", "10:00") == ["visit_tomorrow"]
    assert at_time(session, house, "2027-01-07", "07:59") == ["visit_tomorrow"]
    assert at_time(session, house, "2027-01-07", "08:00") == ["visit_tomorrow", "visit_soon"]
    assert at_time(session, house, "2027-01-07", "10:00") == ["visit_tomorrow", "visit_soon"]


def test_a_reminder_says_when_where_and_what_to_bring_in_the_visitors_language(session, house, visit):
    at_time(session, house, "2027-01-06", "10:00")
    letter = session.scalars(select(post.Letter).where(post.Letter.kind == "visit_tomorrow")).one()
    assert (letter.recipient, letter.language) == ("ada@example.org", "pl")
    mail = post.message(letter)
    text = mail.get_body(("plain",)).get_content()
    assert "10:00" in text and "Rantzausgade" in text and "/pl/visit/" in text
    assert next(mail.iter_attachments()).get_content_type() == "text/calendar"


def test_a_late_worker_reminds_late_but_not_of_what_is_over(session, house, visit):
    assert at_time(session, house, "2027-01-06", "23:00") == ["visit_tomorrow"]
    assert at_time(session, house, "2027-01-07", "09:59") == ["visit_tomorrow", "visit_soon"]
    other = book(session, CPR, 1, at(FRIDAY, "11:00"), "en", "Bo", "bo@example.org")
    house.clock.move_to(at(FRIDAY, "11:00"))
    remind(session, clock.now())
    assert len(kinds(session)) == 2 and other.revision == 1


def test_who_booked_just_now_is_not_reminded_at_once(session, house):
    house.clock.move_to(at("2027-01-06", "17:00"))
    book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    assert at_time(session, house, "2027-01-06", "17:05") == []
    assert at_time(session, house, "2027-01-07", "08:00") == ["visit_soon"]
    book(session, CPR, 1, at(THURSDAY, "11:00"), "en", "Bo", "bo@example.org")
    assert at_time(session, house, "2027-01-07", "09:30") == ["visit_soon"]


def test_without_an_address_nobody_is_reminded(session, house):
    book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada")
    assert at_time(session, house, "2027-01-06", "10:00") == []


def test_a_cancelled_visit_is_not_reminded_of(session, house, visit):
    cancel(session, visit)
    assert at_time(session, house, "2027-01-06", "10:00") == []


def test_a_reminder_that_has_not_left_is_withdrawn_with_the_visit(session, house, visit):
    assert at_time(session, house, "2027-01-06", "10:00") == ["visit_tomorrow"]
    cancel(session, visit)
    assert kinds(session) == []


def test_a_moved_visit_is_reminded_of_its_new_time_only(session, house, visit):
    assert at_time(session, house, "2027-01-06", "10:00") == ["visit_tomorrow"]
    move(session, visit, tick(FRIDAY, "11:00"))
    assert kinds(session) == []
    assert at_time(session, house, "2027-01-07", "08:00") == []
    assert at_time(session, house, "2027-01-07", "11:00") == ["visit_tomorrow"]
    letter = session.scalars(select(post.Letter).where(post.Letter.kind == "visit_tomorrow")).one()
    assert "11:00" in post.message(letter).get_body(("plain",)).get_content()


def test_a_reminder_that_waited_too_long_does_not_leave(session, house, visit):
    """The mail server was away until the visit was over."""
    at_time(session, house, "2027-01-07", "08:00")
    session.query(post.Letter).filter(post.Letter.kind != "visit_soon").delete()
    house.clock.move_to(at(THURSDAY, "10:00"))
    assert post.lease(session, clock.now()) is None
    post.forget(session, clock.now() + timedelta(seconds=1))
    assert session.scalars(select(post.Letter.state)).all() == ["failed"]


def test_the_worker_reminds_by_itself(app, arranging, frozen, looking):
    clock_ = frozen(MONDAY)
    with arranging() as session:
        set_up(session)
        book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    clock_.move_to(at("2027-01-06", "10:00"))
    with app.app_context():
        worker.every_minute(app)
        worker.every_minute(app)
    with looking() as session:
        assert [*session.scalars(select(Reminder.kind))] == ["visit_tomorrow"]


def asked_to_come_another_time(session, visit):
    """The house closes on Thursday, and staff ask everybody to move."""
    close(session)
    everywhere = all_counters(session)
    found = [(one.visit_id, one.revision) for one in worklist(session, everywhere)]
    assert ask_all(session, everywhere, found, "staff 1") == 1
    session.flush()
    return everywhere


def reminder(session):
    letter = session.scalars(select(post.Letter).where(post.Letter.kind == "visit_tomorrow")).one()
    return post.message(letter)


def test_whom_we_asked_to_move_is_reminded_of_that_and_not_told_to_come(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    asked_to_come_another_time(session, visit)
    assert at_time(session, house, "2027-01-06", "10:00") == ["visit_tomorrow"]
    mail = reminder(session)
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Please choose another time for your visit"
    assert "You have not chosen another time yet." in " ".join(text.split())
    assert "/move/" in text and "Your visit is tomorrow" not in text
    assert not list(mail.iter_attachments()), "no calendar is told to keep the time"


def test_who_moved_when_asked_is_reminded_as_everybody_is(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    asked_to_come_another_time(session, visit)
    move(session, visit, tick(FRIDAY, "10:00"))
    assert at_time(session, house, "2027-01-07", "10:00") == ["visit_tomorrow"]
    assert reminder(session)["Subject"] == "Your visit is tomorrow"


def test_when_the_house_opens_again_the_old_time_is_good_again(session, house):
    visit = book(session, CPR, 1, at(THURSDAY, "10:00"), "en", "Ada", "ada@example.org")
    everywhere = asked_to_come_another_time(session, visit)
    [closing] = closings(session, everywhere, at(THURSDAY, "10:00").date(), True)
    open_again(session, closing.id, everywhere, True, "staff 1")
    assert at_time(session, house, "2027-01-06", "10:00") == ["visit_tomorrow"]
    assert reminder(session)["Subject"] == "Your visit is tomorrow"


def write_all(app, _number):
    from house.db import db, writing

    with app.app_context(), writing(db.session()) as session:
        remind(session, clock.now())


@pytest.mark.races
def test_workers_beside_each_other_remind_once(engine_app, race, frozen):
    travel = frozen(MONDAY)
    with houses.arranging(engine_app) as session:
        set_up(session)
        for minute in range(0, 60, 20):
            book(session, CPR, 1, at(THURSDAY, f"10:{minute:02}"), "en", "Ada", f"ada{minute}@example.org")
    travel.move_to(at("2027-01-06", "11:00"))
    race(write_all, 6)
    with houses.looking(engine_app) as session:
        assert len(kinds(session)) == 3


# --- the clock ---------------------------------------------------------------------------------------------


def due(day, wall, fold=0):
    moment = at(day, wall).replace(fold=fold)
    return {one.kind: one.at for one in reminders(moment, at("2026-01-01", "12:00"), COPENHAGEN)}


@pytest.mark.parametrize(
    ("day", "wall", "before"),
    [
        ("2026-03-29", "10:00", "2026-03-28 10:00"),  # 23 hours before
        ("2026-03-30", "10:00", "2026-03-29 10:00"),
        ("2026-10-25", "10:00", "2026-10-24 10:00"),  # 25 hours before
        ("2026-10-26", "10:00", "2026-10-25 10:00"),
        ("2027-03-28", "09:15", "2027-03-27 09:15"),
        ("2027-01-01", "00:05", "2026-12-31 00:05"),
    ],
)
def test_the_day_before_means_the_same_time_on_the_wall(day, wall, before):
    assert due(day, wall)["visit_tomorrow"] == at(*before.split())
    assert due(day, wall)["visit_soon"] == at(day, wall).astimezone(UTC) - timedelta(hours=2)


def test_two_hours_are_two_hours_also_when_the_clock_leaps():
    spring = due("2026-03-29", "03:30")["visit_soon"]
    assert spring == at("2026-03-29", "00:30")
    autumn = due("2026-10-25", "02:30", fold=1)["visit_soon"]
    assert autumn.astimezone(COPENHAGEN).replace(tzinfo=None).isoformat() == "2026-10-25T01:30:00"


def test_a_time_the_day_before_that_the_clock_leaps_over_is_not_lost():
    found = due("2026-03-30", "02:30")["visit_tomorrow"]
    assert found.astimezone(COPENHAGEN).replace(tzinfo=None).isoformat() == "2026-03-29T03:30:00"


def test_a_time_the_day_before_that_is_shown_twice_means_the_first():
    found = due("2026-10-26", "02:30")["visit_tomorrow"]
    assert found.isoformat() == "2026-10-25T00:30:00+00:00"


@pytest.mark.parametrize(
    ("day", "wall", "tomorrow", "soon"),
    [
        (THURSDAY, "10:00", "06 10:00", "07 08:00"),
        (THURSDAY, "09:00", "06 09:00", "07 07:00"),
        (THURSDAY, "08:00", "06 08:00", "07 07:00"),  # not at six
        (THURSDAY, "07:30", "06 07:30", "07 07:00"),
        (THURSDAY, "07:20", "06 20:00", None),  # too short before: the evening says it
        (THURSDAY, "06:00", "06 20:00", None),
        (THURSDAY, "00:30", "06 20:00", None),
        (THURSDAY, "22:30", "06 20:00", "07 20:30"),
        (THURSDAY, "23:30", "06 20:00", "07 20:00"),
        ("2026-03-29", "08:00", "28 08:00", "29 07:00"),
        ("2026-10-25", "08:00", "24 08:00", "25 07:00"),
    ],
)
def test_no_text_makes_a_noise_at_night(day, wall, tomorrow, soon):
    found = reminders(at(day, wall), at("2026-01-01", "12:00"), COPENHAGEN, by_text=True)
    told = {one.kind: f"{one.at.astimezone(COPENHAGEN):%d %H:%M}" for one in found}
    assert (told["visit_tomorrow"], told.get("visit_soon")) == (tomorrow, soon)
    assert [one.until for one in found] == [*(one.at for one in found[1:]), at(day, wall)]


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.integers(0, 72 * 60),
    st.sampled_from([0, 1]),
)  # fmt: skip
def test_whenever_a_visit_begins_its_texts_come_by_day_in_order_and_before(wall, ago, fold):
    start = wall.replace(second=0, microsecond=0, tzinfo=COPENHAGEN, fold=fold)
    agreed = start.astimezone(UTC) - timedelta(minutes=ago)
    found = reminders(start, agreed, COPENHAGEN, by_text=True)
    for due in found:
        assert not nights.is_night(due.at.astimezone(COPENHAGEN))
        assert agreed < due.at < due.until <= start.astimezone(UTC)
    assert len({due.kind for due in found}) == len(found)


def by_text(session, wall):
    return book(session, CPR, 1, at(THURSDAY, wall), "en", "Ada", mobile="+4520123456")


def test_a_text_of_an_early_visit_waits_for_the_morning_a_letter_does_not(session, frozen):
    house = set_up(session, capacity=2, hours={weekday: [("08:00", "12:00")] for weekday in range(7)})
    house.clock = frozen(MONDAY)
    by_text(session, "08:00")
    book(session, CPR, 1, at(THURSDAY, "08:00"), "en", "Bo", "bo@example.org")
    assert at_time(session, house, "2027-01-06", "08:00") == ["visit_tomorrow"] * 2
    assert at_time(session, house, THURSDAY, "06:00")[2:] == ["visit_soon"]
    assert at_time(session, house, THURSDAY, "06:59")[2:] == ["visit_soon"]
    assert at_time(session, house, THURSDAY, "07:00")[2:] == ["visit_soon"] * 2


def test_a_worker_that_was_away_until_the_night_writes_a_text_for_the_morning(session, house):
    by_text(session, "10:00")
    assert at_time(session, house, "2027-01-06", "21:30") == ["visit_tomorrow"]
    letter = session.scalars(select(post.Letter).where(post.Letter.kind == "visit_tomorrow")).one()
    assert letter.due_at == at(THURSDAY, "07:00") and letter.stale_at == at(THURSDAY, "08:00")


def test_a_text_that_the_morning_would_make_useless_is_not_written(session, frozen):
    house = set_up(session, hours={weekday: [("00:00", "00:00")] for weekday in range(7)})
    house.clock = frozen(MONDAY)
    by_text(session, "06:00")
    assert at_time(session, house, "2027-01-06", "23:00") == []
    assert at_time(session, house, THURSDAY, "05:59") == []


@pytest.mark.parametrize(("day", "agreed"), [("2026-03-29", "2026-03-01"), ("2026-10-25", "2026-10-01")])
def test_reminders_are_written_at_the_same_time_on_the_wall_over_a_change(session, frozen, day, agreed):
    """As the worker does it, minute by minute around the moment."""
    travel = frozen(f"{agreed} 12:00")
    set_up(session, hours={weekday: [("08:00", "12:00")] for weekday in range(7)})
    book(session, CPR, 1, at(day, "10:00"), "en", "Ada", "ada@example.org")
    before = (at(day, "10:00").date() - timedelta(days=1)).isoformat()
    for wall, found in (("09:59", 0), ("10:00", 1), ("10:01", 1)):
        travel.move_to(at(before, wall))
        remind(session, clock.now())
        assert len(kinds(session)) == found, wall
