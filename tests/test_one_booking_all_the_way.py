"""One booking from the newcomer's page through desk, finish and month close into the report.

The same rows all the way: the visit that the page made is the one the desk serves, and its contact, which
knows nobody, is one of those the manager reads.
"""

from __future__ import annotations

from sqlalchemy import func, select

from house import worker
from house.doors import Role
from house.intake.models import Channel, Occupancy, Period, PeriodKind, Step, StepState, Visit, VisitState
from house.post import Letter, LetterState
from house.reporting.models import ClosedMonth, Contact, ExactCell, ReleasedCell
from tests.intake.booking_house import (
    CPR,
    THURSDAY,
    WEDNESDAY,
    house_template,  # noqa: F401 - a fixture
    set_up,
    tick,
)

WALLS = ("10:00", "10:20", "10:40", "11:00", "11:20", "11:40")
"""Six people: five is the fewest that may be seen in a figure."""


def book(app, wall, language="en"):
    """Book as a visitor does, page by page, in a browser of one's own; the page of the booked visit."""
    browser = app.test_client()
    home = browser.get_page(f"/{language}/")
    need = browser.get_page(next(where for _, where in home.links if where.endswith("/book/")))
    days = need.submit(service=CPR).follow().submit().follow()
    times = browser.get_page(next(where for _, where in days.links if where.endswith(THURSDAY)))
    contact = times.submit(start=str(tick(THURSDAY, wall))).follow()
    check = contact.submit(name=f"Olena {wall}", email=f"olena{wall[:2]}{wall[3:]}@example.org").follow()
    return check.submit().follow()


def serve(desk, visit_reference):
    """Check in, call, start and finish, with the buttons of the desk."""
    desk.get_page("/desk/").submit("Check in ↵", reference=visit_reference).follow()
    desk.get_page("/desk/").submit("Call next Alt N").follow()
    desk.get_page("/desk/").submit("Start Alt S").follow()
    return desk.get_page("/desk/").submit("Finish Alt F", outcome="completed").follow()


def test_one_booking_goes_from_the_newcomers_page_into_the_report(
    app, arranging, looking, frozen, sign_in, catalogue
):
    with arranging() as session:
        set_up(session, services=[CPR])
    clock = frozen(WEDNESDAY)
    pages = [book(app, wall, "uk" if wall == WALLS[0] else "en") for wall in WALLS]
    first = pages[0]

    with looking() as session:
        visit = session.scalars(select(Visit).order_by(Visit.id).limit(1)).one()
        assert visit.reference in first.text
        assert (visit.state, visit.channel, visit.language) == (VisitState.BOOKED, Channel.BOOKED, "uk")
        [step] = visit.steps
        visit_id, step_id, reference = visit.id, step.id, visit.reference
        places = select(func.count()).where(Occupancy.visit_id == visit_id, Occupancy.step_id == step_id)
        assert session.scalar(places) == 4  # twenty minutes in ticks of five
        letter = session.scalars(select(Letter).where(Letter.language == "uk")).one()
        assert letter.state is LetterState.WAITING
    with app.app_context():
        sent = []
        while worker.send_one(sent.append):
            pass
    assert len(sent) == len(WALLS)
    [ours] = [one for one in sent if one["Content-Language"] == "uk"]
    assert reference in ours.get_body(("plain",)).get_content()

    clock.move_to(f"{THURSDAY} 09:55+01:00")
    desk = app.test_client()
    sign_in(desk, Role.DESK)
    with looking() as session:
        references = session.scalars(select(Visit.reference).order_by(Visit.id)).all()
    for one in references:
        serve(desk, one)

    clock.move_to("2027-01-08 00:01+01:00")  # until midnight it could be taken back
    with app.app_context():
        worker.every_minute(app)
    with looking() as session:
        step = session.get_one(Step, step_id)
        assert (step.state, step.visit.id, step.visit.state) == (StepState.DONE, visit_id, VisitState.DONE)
        kinds = [period.kind for period in session.scalars(select(Period).where(Period.step_id == step_id))]
        assert kinds == [PeriodKind.WAITING, PeriodKind.CALLED, PeriodKind.SERVING]
        contacts = session.scalars(select(Contact)).all()
        assert len(contacts) == len(WALLS)
        assert {(one.month, one.service, one.channel, one.outcome) for one in contacts} == {
            ("2027-01", CPR, "booked", "served")
        }
        assert sorted(one.language for one in contacts) == ["en"] * 5 + ["uk"]

    manager = app.test_client()
    clock.move_to("2027-02-05 09:00+01:00")
    with app.app_context():
        worker.housekeeping(app)
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(ClosedMonth)) == 0, "closed before its rest"
    clock.move_to("2027-02-12 09:00+01:00")
    with app.app_context():
        worker.housekeeping(app)
    with looking() as session:
        assert session.scalars(select(ClosedMonth.month)).all() == ["2027-01"]
        where = ("ops", "2027-01", "service|channel|outcome", f"{CPR}|booked|served")
        assert session.get_one(ExactCell, where).n == len(WALLS)
        cell = session.get_one(ReleasedCell, ("ops", "2027-01", "service|channel", f"{CPR}|booked"))
        said = "under 5" if cell.value is None else str(cell.value)

    sign_in(manager, Role.MANAGER)
    report = manager.get_page("/reports/")
    assert "January 2027" in report.h1
    row = next(one for one in report.select("tr") if one.text.startswith("Civil registration and CPR number"))
    assert said in row.text
    assert "Olena" not in report.html and reference not in report.html


def test_the_letter_of_the_booking_is_forgotten_with_the_visit(app, arranging, looking, frozen, catalogue):
    with arranging() as session:
        set_up(session, services=[CPR])
    clock = frozen(WEDNESDAY)
    book(app, WALLS[0])
    with app.app_context():
        while worker.send_one(lambda _message: None):
            pass
    clock.move_to("2027-03-01 09:00+01:00")
    with app.app_context():
        worker.housekeeping(app)
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        letter = session.scalars(select(Letter)).one()
        assert (visit.name, visit.email, letter.recipient, letter.facts) == (None, None, None, None)


