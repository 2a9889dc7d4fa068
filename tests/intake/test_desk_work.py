"""What the desk's page costs, counted: nothing in it grows with what is booked for other days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert

from house.intake.models import Channel, Step, StepState, Visit, VisitState
from tests.counting import calls, steps_of_sqlite
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
    statements,
)
from tests.intake.desk_house import (
    TODAY,
    booked,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

STATEMENTS = 11
"""Account, place, edition, counters, languages, all who are served, mine, waits, comes; deeds, cases."""
CALLS = 16_500
"""Of Python, for ten people who wait: some tenth more than it takes."""


def test_what_is_booked_for_other_days_costs_the_desk_nothing(app, house, desk_client, arranging):
    with arranging() as session:
        walk_in(session)
        booked(session)
    desk_client.get("/desk/")
    before = _steps_of_the_page(app, desk_client)
    with arranging() as session:
        _book_other_days(session, house.place_id, 200)
    assert before > 0
    assert abs(_steps_of_the_page(app, desk_client) - before) < 50, "less than one for each booking"


def _steps_of_the_page(app, desk_client):
    with steps_of_sqlite(app) as made:
        assert "Nobody else is expected" not in desk_client.get_page("/desk/").text
    return len(made)


def _book_other_days(session, place_id, many):
    days = [TODAY + timedelta(days=7 + number % 50) for number in range(many)]
    visits = session.scalars(
        insert(Visit).returning(Visit.id),
        [
            {
                "reference": f"R{number}", "place_id": place_id, "day": day, "channel": Channel.BOOKED,
                "state": VisitState.BOOKED, "language": "en", "made_at": _noon(TODAY),
            }
            for number, day in enumerate(days)
        ],
    ).all()  # fmt: skip
    session.execute(
        insert(Step),
        [
            {
                "visit_id": visit, "position": 0, "service_id": 1, "state": StepState.PLANNED,
                "starts_at": _noon(day), "ends_at": _noon(day) + timedelta(minutes=20),
            }
            for visit, day in zip(visits, days, strict=True)
        ],
    )  # fmt: skip


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def test_the_page_of_a_busy_desk_stays_cheap(app, house, desk_client, arranging):
    with arranging() as session:
        for number in range(10):
            walk_in(session, CPR, name=f"Guest {number}")
        booked(session)
    desk_client.get("/desk/")
    with statements(app) as sent:
        desk_client.get("/desk/")
    assert len([one for one in sent if not one.startswith("BEGIN")]) <= STATEMENTS, sent
    assert calls(app, lambda: desk_client.get("/desk/")) <= CALLS
