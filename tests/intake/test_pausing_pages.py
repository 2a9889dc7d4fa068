"""My break, a pause, who goes first, who is here after all, a quick question: the desk's pages."""

from __future__ import annotations

from sqlalchemy import select, text

from house.audit import Act
from house.catalogue.face import service as service_of
from house.doors import Role
from house.intake import parking
from house.intake.desk_models import Deed
from house.intake.models import Counter, Outcome, Step, Visit
from house.people import face as people
from tests.hostile import nothing_changes, refuses_everything
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    DESK,
    REGISTER,
    TAX,
    booked,
    miss,
    numbers,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)


def test_a_break_stops_calling_until_it_is_over(desk, arranging, looking):
    with arranging() as session:
        walk_in(session)
    before = desk.client.get_page("/desk/")
    page = before.submit("My break Alt P").must_be(303).follow()
    assert "You have a break since 09:10." in page.one(".now").text
    refused = before.submit(CALL).must_be(409)
    assert refused.one(".summary li").text == "Your counter has a break. Please end it first."
    page = page.submit("Back from the break Alt P").must_be(303).follow()
    busy = page.submit(CALL).must_be(303)
    assert busy.follow().one(".now .no").text == "A1"
    assert page.submit("My break Alt P").must_be(409).select(".summary li")
    desk.client.post_page("/desk/break/begin", {"csrf_token": "forged"}, 422)
    with looking() as session:
        assert set(session.scalars(select(Counter.paused_at))) == {None}


def test_somebody_pauses_and_keeps_the_place(desk, arranging, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, name="First")
        thursday.shift(60)
        walk_in(session, name="Second")
    page = desk.client.get_page("/desk/").submit(CALL).follow().submit("Pause Alt P").must_be(303).follow()
    assert numbers(page) == ["A2", "A1"]
    assert page.select(".queue .tag")[1].text == "0 min"
    assert page.submit(CALL).follow().one(".now .no").text == "A2"
    person = desk.client.get_page(page.select("a.no")[1]["href"])
    person = person.submit("Back to the queue").must_be(303).follow()
    assert person.submit("Pause").must_be(303).follow().submit("Back to the queue").must_be(303)
    assert numbers(desk.client.get_page("/desk/")) == ["A1"]


def test_a_pause_stays_in_sight_on_the_counter_until_it_is_ended_there(desk, arranging, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, CPR, name="Olena")
        walk_in(session, TAX, name="Of another authority")
        parking.park(session, session.scalars(select(Step).order_by(Step.id.desc())).first(), DESK)
    page = desk.client.get_page("/counter/").submit(CALL).follow().submit("Pause Alt P").must_be(303).follow()
    tones = []
    for minutes in (19, 20, 45):
        thursday.move_to(f"2027-01-07T{9 + (10 + minutes) // 60:02}:{(10 + minutes) % 60:02}:00+01:00")
        page = desk.client.get_page("/counter/")
        tones.append((page.one("[data-part=next] .tag").text, *page.one("[data-part=next] .tag").classes[1:]))
        front = desk.client.get_page("/desk/")
        assert [one.text for one in front.select("[data-part=waiting] .tag")] == [f"{minutes} min"] * 2
    assert tones == [("19 min", "quiet"), ("20 min", "warn"), ("45 min", "bad")]
    assert page.select(".undo") == [], "the way back is not what reminds of somebody any more"
    assert "Olena" in desk.client.get("/counter/next").json["next"]
    assert "Of another" not in page.text
    [line] = page.select("[data-part=next] .queue a.no")
    assert desk.client.get_page(line["href"]).h1.startswith("Visit ")
    done = page.submit("Back to the queue A1").must_be(303)
    assert done.location == "/counter/"
    again = done.follow()
    assert numbers(again, "next") == ["A1"] and not again.select("#parked-title")
    assert page.submit("Back to the queue A1").must_be(409).h1 == "My counter"


def test_a_pause_is_ended_on_the_desk_and_by_nobody_who_may_not(app, desk, house, arranging, sign_in):
    with arranging() as session:
        visit = walk_in(session, CPR, name="Olena").visit
        parking.park(session, visit.steps[0], DESK)
        reference = visit.reference
        body = people.authority_body(session, service_of(session, TAX).authority_slug, "Tax").id
    adviser = app.test_client()
    sign_in(adviser, Role.ADVISER, body_id=body)
    theirs = adviser.get_page("/desk/")
    assert not theirs.select("#parked-title")
    token = {"csrf_token": theirs.values(REGISTER)["csrf_token"]}
    with nothing_changes(app, "somebody of others"):
        for named in (reference, "AAAAAAA", "\0", "x" * 1_000_000, None):
            adviser.post_page("/desk/resume", {**token, "reference": named or ""}, 404)
        desk.client.post_page("/desk/resume", {"csrf_token": "forged", "reference": reference}, 422)
    page = desk.client.get_page("/desk/").submit("Back to the queue A1").must_be(303).follow()
    assert page.url == "/desk/" and numbers(page) == ["A1"]


def test_who_goes_first_is_called_first_and_the_reason_is_shown(desk, arranging):
    with arranging() as session:
        walk_in(session)
        walk_in(session)
    page = desk.client.get_page("/desk/")
    person = desk.client.get_page(page.select("a.no")[1]["href"])
    person.submit("Save", priority="small_children", party="3", service=TAX).must_be(303)
    page = desk.client.get_page("/desk/")
    assert numbers(page) == ["A2", "A1"]
    assert "3 people" in page.select(".queue li")[0].text
    assert "First: Small children" in page.select(".queue li")[0].text
    page = page.submit("Undo Details changed A2 Alt Z").must_be(303).follow()
    assert numbers(page) == ["A1", "A2"]


def test_a_wrong_name_and_a_wrong_language_are_corrected_and_taken_back(desk, arranging, looking):
    with arranging() as session:
        reference = walk_in(session, CPR, name="Olga Mistake", language="en").visit.reference
    person = desk.client.get_page(f"/desk/person/{reference}")
    assert person.one("#name")["value"] == "Olga Mistake"
    person = person.submit("Save", name="Olena", language="uk").must_be(303).follow()
    assert "Olena" in person.one(".lead").text and "Ukrainian" in person.one("main").text
    line = desk.client.get_page("/desk/").one("[data-part=waiting] .queue li").text
    assert "Olena" in line and "Ukrainian" in line
    with looking() as session:
        deed = session.scalars(select(Deed).order_by(Deed.id.desc())).first()
        assert deed.name_was == "Olga Mistake"
        assert (deed.before["language"], deed.after["language"]) == ("en", "uk")
        resting = session.execute(text("SELECT name_was, before, after FROM deed")).all()
        assert "Olga" not in str(resting) and "Olena" not in str(resting), "sealed, or not there"
        facts = session.scalars(select(Act.facts)).all()
        assert "Olena" not in str(facts)
    page = desk.client.get_page("/desk/").submit("Undo Details changed A1 Alt Z").must_be(303).follow()
    assert "Olga Mistake" in page.one("[data-part=waiting] .queue li").text
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.name, visit.language, visit.speaks) == ("Olga Mistake", "en", None)
        assert session.scalars(select(Deed.name_was)).all() == [None, None]


def test_who_booked_online_keeps_the_language_of_the_letters(desk, arranging, looking):
    with arranging() as session:
        reference = booked(session, name="Ada").reference
    person = desk.client.get_page(f"/desk/person/{reference}").submit("Check in").must_be(303).follow()
    person = person.submit("Save", language="ar", name="").must_be(303).follow()
    with looking() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.language, visit.speaks, visit.name) == ("en", "ar", None)
    person.submit("Save", language="en").must_be(303)
    with looking() as session:
        assert session.scalars(select(Visit.speaks)).one() is None


def test_every_bad_change_of_a_person_is_refused(desk, arranging):
    with arranging() as session:
        reference = walk_in(session).visit.reference
    refuses_everything(
        lambda: desk.client.get_page(f"/desk/person/{reference}"), "Save",
        {"party": "2", "priority": "last_day", "service": TAX, "name": "Olena", "language": "uk"},
        needed=["party"], choices=["priority", "service", "party", "language"], lines=["name"],
    )  # fmt: skip


def test_somebody_missed_is_here_after_all(desk, house, arranging, looking, thursday):  # noqa: F811
    with arranging() as session:
        walk_in(session, CPR, TAX, name="Olena")
        reference = miss(session, house, thursday).visit.reference
    thursday.shift(600)
    page = desk.client.get_page(f"/desk/person/{reference}")
    assert "Nobody came to this visit." in page.text
    page.submit("Is here after all").must_be(303)
    assert page.submit("Is here after all").must_be(409).select(".summary li")
    assert numbers(desk.client.get_page("/desk/")) == ["A1"]
    with looking() as session:
        step = session.scalars(select(Step).order_by(Step.id)).first()
        assert [period.kind for period in step.periods] == ["waiting", "called", "paused", "waiting"]


def test_a_quick_question_is_one_act(desk, looking):
    page = desk.submit(REGISTER, service=CPR, quick="advice_given").must_be(303).follow()
    assert page.one(".notice.good .given").text == "Ticket A1"
    assert page.select(".now .no") == []
    page = page.submit(REGISTER, service=CPR, quick="stay", priority="last_day").must_be(303).follow()
    assert page.one(".now .no").text == "A2"
    assert page.submit(REGISTER, service=CPR, quick="stay").must_be(409).select(".summary li")
    with looking() as session:
        assert session.scalars(select(Step.outcome).order_by(Step.id)).all() == [Outcome.ADVICE_GIVEN, None]
    page.submit("Undo Served at once A2 Alt Z").must_be(303)
