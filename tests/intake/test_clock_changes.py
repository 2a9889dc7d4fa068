"""The clock on the wall: weeks and nights of both changes, two half past twos, holidays near and far."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from sqlalchemy import select, update

from house import clock, post
from house.catalogue.models import Schedule
from house.intake.booking import book, confirm, give_contact
from house.intake.holding import hold
from house.intake.models import Visit
from house.intake.moving import move, other_times
from house.intake.offering import find_times
from tests.intake.booking_house import (
    COPENHAGEN,
    CPR,
    at,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)
from tests.intake.bookkeeping import agree

ROUND_THE_CLOCK = {weekday: [("00:00", "00:00")] for weekday in range(7)}
EVERY_DAY = {weekday: [("10:00", "12:00")] for weekday in range(7)}
SPRING, AUTUMN, EASTER = "2026-03-29", "2026-10-25", "2027-03-28"


@pytest.fixture
def house(session, frozen):
    """Opens a house round the clock, three weeks before a day; on holidays too, for one change is on one."""

    def open_before(day):
        travel = frozen(f"{date.fromisoformat(day) - timedelta(days=21)} 12:00")
        set_up(session, hours=ROUND_THE_CLOCK)
        session.execute(update(Schedule).values(keeps_holidays=False))
        return travel

    return open_before


def times(session, day):
    return find_times(session, CPR, 1, "en").times(date.fromisoformat(day))


def walls(session, day):
    return [f"{time.starts_at:%H:%M}" for time in times(session, day)]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (EASTER, 23)])
def test_the_week_of_a_change_offers_all_its_hours_and_no_other(session, house, day, hours):
    """Every ten minutes, twenty minutes long, from midnight to midnight on the wall."""
    house(day)
    for shift in range(-3, 4):
        one = date.fromisoformat(day) + timedelta(days=shift)
        long = hours if shift == 0 else 24
        found = times(session, one.isoformat())
        midnight = tick(one.isoformat(), "00:00")
        assert [time.start for time in found] == list(range(midnight, midnight + long * 12 - 3, 2))
        assert all(time.starts_at.date() == one for time in found)


@pytest.mark.parametrize("day", [SPRING, EASTER])
def test_what_the_clock_leaps_over_is_not_offered(session, house, day):
    house(day)
    offered = walls(session, day)
    assert not [wall for wall in offered if wall.startswith("02:")]
    assert offered[offered.index("01:50") + 1] == "03:00"


@pytest.mark.parametrize("day", [SPRING, EASTER])
def test_a_visit_over_the_leap_is_as_long_as_ever(session, house, day):
    house(day)
    visit = book(session, CPR, 1, at(day, "01:50"), "en", "Ada", "ada@example.org")
    [step] = visit.steps
    assert step.ends_at - step.starts_at == timedelta(minutes=20)
    assert f"{step.ends_at.astimezone(COPENHAGEN):%H:%M}" == "03:10"
    assert len(agree(session)) == 4
    move(session, visit, tick(day, "03:00"))
    assert len(agree(session)) == 4


def second(day, wall):
    """The tick of a time of the hour that comes twice, the second time."""
    moment = at(day, wall).replace(fold=1).astimezone(UTC)
    return int(moment.timestamp()) // 300


def test_the_two_half_past_twos_are_two_times(session, house):
    house(AUTUMN)
    twice = [time.start for time in times(session, AUTUMN) if f"{time.starts_at:%H:%M}" == "02:30"]
    assert twice == [tick(AUTUMN, "02:30"), second(AUTUMN, "02:30")]
    assert twice[1] - twice[0] == 12
    for number, start in enumerate(twice):
        visit = hold(session, CPR, 1, start, "en", b"%d" % number)
        give_contact(session, visit, "Ada", f"ada{number}@example.org")
        confirm(session, visit, "en", shown=start)
    first, other = session.scalars(select(Visit).order_by(Visit.id)).all()
    assert other.steps[0].starts_at - first.steps[0].starts_at == timedelta(hours=1)
    assert {first.day, other.day} == {date.fromisoformat(AUTUMN)}
    assert walls(session, AUTUMN).count("02:30") == 0
    assert len(agree(session)) == 8


def test_one_can_move_from_the_first_half_past_two_to_the_second(session, house):
    house(AUTUMN)
    visit = book(session, CPR, 1, at(AUTUMN, "02:30"), "en", "Ada", "ada@example.org")
    later = second(AUTUMN, "02:30")
    listed = [time.start for time in other_times(session, visit).times(visit.day)]
    assert later in listed and tick(AUTUMN, "02:30") not in listed
    move(session, visit, later)
    assert visit.revision == 2 and visit.steps[0].starts_at.astimezone(UTC).hour == 1
    session.flush()
    letters = session.scalars(select(post.Letter).order_by(post.Letter.id)).all()
    begins = [start_in_letter(letter) for letter in letters]
    assert [moment.isoformat() for moment in begins] == [
        "2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00",
    ]  # fmt: skip


def start_in_letter(letter):
    from icalendar import Calendar

    content = next(post.message(letter).iter_attachments()).get_content()
    [event] = Calendar.from_ical(content).walk("VEVENT")
    return event.decoded("DTSTART")


@pytest.mark.parametrize(("day", "until"), [(SPRING, "03:10"), (AUTUMN, "02:10")])
def test_a_hold_lasts_a_quarter_of_an_hour_whatever_the_clock_does(session, house, day, until):
    travel = house(day)
    travel.move_to(at(day, "01:55"))
    visit = hold(session, CPR, 1, tick(day, "10:00"), "en", b"1")
    assert visit.held_until - clock.now() == timedelta(minutes=15)
    assert f"{visit.held_until.astimezone(COPENHAGEN):%H:%M}" == until


# --- holidays ----------------------------------------------------------------------------------------------


def easter_sunday(year):
    """By the rule of Meeus, Jones and Butcher, so that the house's library is not its own witness."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def closed_days(year):
    """The ten public holidays, and the three days that the house keeps of its own."""
    sunday = easter_sunday(year)
    movable = (-3, -2, 0, 1, 39, 49, 50)
    fixed = ((1, 1), (6, 5), (12, 24), (12, 25), (12, 26), (12, 31))
    return {sunday + timedelta(days=n) for n in movable} | {date(year, *one) for one in fixed}


@pytest.mark.parametrize("year", [2026, 2027, 2035])
@pytest.mark.parametrize("season", ["easter", "whitsun", "christmas"])
def test_no_time_is_offered_on_a_holiday_and_on_every_other_day(session, frozen, year, season):
    sunday = easter_sunday(year)
    today = {
        "easter": sunday - timedelta(days=30),
        "whitsun": sunday + timedelta(days=5),
        "christmas": date(year, 12, 1),
    }[season]
    frozen(f"{today} 06:00")
    set_up(session, hours=EVERY_DAY)
    offered = {day for day, _count in find_times(session, CPR, 1, "en").days(today)}
    days = {today + timedelta(days=n) for n in range(60)}
    closed = closed_days(year) | closed_days(year + 1)
    assert offered == days - closed
    assert len(days & closed) >= 3


@pytest.mark.parametrize(("year", "day"), [(2026, "2026-05-01"), (2027, "2027-04-23"), (2035, "2035-04-20")])
def test_the_former_great_prayer_day_is_an_ordinary_friday(session, frozen, year, day):
    """The fourth Friday after Easter, a holiday until 2023."""
    friday = easter_sunday(year) + timedelta(days=26)
    assert (friday.isoformat(), friday.weekday()) == (day, 4)
    frozen(f"{friday - timedelta(days=14)} 12:00")
    set_up(session, hours=EVERY_DAY)
    visit = book(session, CPR, 1, at(day, "10:00"), "en", "Ada", "ada@example.org")
    assert visit.day == friday
