"""Notes on the person's page, at the counter and on the desk's card: seen by one authority alone."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from house.audit import Act
from house.catalogue.face import service as service_of
from house.db import Model
from house.doors import Role
from house.intake import notes
from house.intake.models import Counter, Visit
from house.intake.note_models import Note
from house.people import face as people
from tests.hostile import MEGABYTE, nothing_changes, refuses_everything, send, twice
from tests.intake.booking_house import (
    CPR,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    HAND_OVER,
    REGISTER,
    START,
    TAX,
    booked,
    call,
    serve,
    sit,
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)

WRITE, BACK = "Write down", "Take it back 09:10"
LEASE = "Has the lease only as a photo."
LONG = "The landlord sends the signed lease by e-mail on Monday, so let her come back without waiting."


@pytest.fixture
def sitting(app, house, arranging, sign_in):
    """Opens a browser of an adviser of the authority that gives a service, at its counter."""

    def sit_for(service):
        with arranging() as session:
            slug = service_of(session, service).authority_slug
            body = people.authority_body(session, slug, slug).id
        client = app.test_client()
        sign_in(client, Role.ADVISER, body_id=body)
        sit(client, house, {CPR: 0, TAX: 2}[service])
        return client

    return sit_for


@pytest.fixture
def shared(house, arranging):
    """The address of somebody who comes for two authorities."""
    with arranging() as session:
        return f"/desk/person/{walk_in(session, CPR, TAX, name='Olena').visit.reference}"


def written(page):
    return [one.text for one in page.select("#notes li p")]


def test_a_note_is_written_seen_by_colleagues_and_by_no_other_authority(sitting, shared):
    mine, colleague, other = sitting(CPR), sitting(CPR), sitting(TAX)
    page = mine.get_page(shared).submit(WRITE, note=f"  {LEASE} \u202e ").must_be(303).follow()
    assert page.one(".notice.good").text == "The note is written down."
    assert written(page) == [LEASE]
    page.submit(WRITE, note="A second one").must_be(303)
    seen = colleague.get_page(shared)
    assert written(seen) == [LEASE, "A second one"]
    assert seen.select("#notes li small")[0].text == "Person 1 · 09:10"
    assert not seen.one("#notes").select("li form"), "somebody else's note cannot be taken back"
    for where in (shared, "/desk/", "/counter/"):
        assert LEASE not in other.get_page(where).text
    assert written(other.get_page(shared)) == []


def test_another_authority_cannot_remove_a_note_and_learns_nothing_of_it(app, sitting, shared, looking):
    mine, other = sitting(CPR), sitting(TAX)
    mine.get_page(shared).submit(WRITE, note=LEASE).must_be(303)
    other.get_page(shared).submit(WRITE, note="Of tax").must_be(303)
    token = {"csrf_token": other.get_page(shared).values(WRITE)["csrf_token"]}
    with looking() as session:
        ids = session.scalars(select(Note.id).order_by(Note.id)).all()
    answers = []
    for foreign in (ids[0], ids[-1] + 99, 2**63 - 1):
        with nothing_changes(app, f"note {foreign}"):
            answers.append(other.post_page(f"{shared}/note/{foreign}/remove", token, 409).said)
    assert len(set(answers)) == 1, "a note of others and none at all are told alike"
    other.post_page(f"{shared}/note/{2**63}/remove", token, 404)
    assert written(mine.get_page(shared)) == [LEASE]


def test_whoever_sees_no_such_visit_writes_nothing_there(app, sitting, arranging, house):
    with arranging() as session:
        reference = walk_in(session, CPR).visit.reference
    other = sitting(TAX)
    token = {"csrf_token": other.get_page("/desk/").values(REGISTER)["csrf_token"], "note": "Mine"}
    with nothing_changes(app, "a note about a visit of others"):
        other.post_page(f"/desk/person/{reference}/note", token, 404)
        other.post_page("/desk/person/AAAAAAA/note", token, 404)


def test_staff_of_the_house_see_the_notes_of_the_counter_they_sit_at(sitting, shared, house, desk_client):
    sitting(CPR).get_page(shared).submit(WRITE, note=LEASE).must_be(303)
    assert LEASE not in desk_client.get_page(shared).text, "who sits at no counter reads none"
    assert not desk_client.get_page(shared).select("#notes")
    page = sit(desk_client, house)
    assert written(desk_client.get_page(shared)) == [LEASE]
    page.submit("Sit here", counter=str(house.counter_ids[2])).must_be(303)
    page = desk_client.get_page(shared)
    assert written(page) == []
    page.submit(WRITE, note="Of tax").must_be(303)
    assert written(sitting(TAX).get_page(shared)) == ["Of tax"]
    assert written(sitting(CPR).get_page(shared)) == [LEASE]


def test_ones_own_note_is_taken_back_and_twice_is_said_kindly(sitting, shared, looking):
    mine = sitting(CPR)
    page = mine.get_page(shared).submit(WRITE, note=LEASE).must_be(303).follow()
    done = page.submit(BACK).must_be(303).follow()
    assert (written(done), done.one(".notice.good").text) == ([], "The entry is taken back.")
    again = page.submit(BACK).must_be(409)
    assert "Please look again" in again.one(".summary li").text
    with looking() as session:
        acts = session.scalars(select(Act).order_by(Act.id.desc()).limit(2)).all()
        assert [one.verb for one in acts] == ["note_removed", "noted"]
        assert LEASE not in str([one.facts for one in acts])
        assert session.scalar(select(func.count()).select_from(Note)) == 0


def test_the_same_page_sent_twice_writes_one_note_and_two_windows_write_two(sitting, shared):
    mine = sitting(CPR)
    one, two = mine.get_page(shared), mine.get_page(shared)
    first, again = twice(one, WRITE, {"note": LEASE})
    assert (first.status, again.status) == (303, 303)
    assert again.follow().select(".notice")[-1].text == "This is written down already."
    two.submit(WRITE, note="From the other window").must_be(303)
    assert written(mine.get_page(shared)) == [LEASE, "From the other window"]


def test_every_bad_note_is_refused_on_both_pages(sitting, shared, arranging, house):
    mine = sitting(CPR)
    refuses_everything(lambda: mine.get_page(shared), WRITE, {"note": LEASE}, needed=["note"], lines=["note"])
    with arranging() as session:
        serve(session, house)
    page = mine.get_page("/counter/")
    for bad in ("", "010203-1234", MEGABYTE, "a" * 301):
        answer = send(page, WRITE, {"note": bad}).must_be(422)
        assert answer.h1 == "My counter"
        assert answer.select("#notes .error")
    assert (
        send(page, WRITE, {"note": "a" * 300, "once": "x" * 1024 * 1024}).must_be(303).location == "/counter/"
    )


def test_at_the_counter_a_note_is_read_written_and_taken_back(sitting, shared):
    mine = sitting(CPR)
    page = mine.get_page("/counter/").submit(CALL).follow().submit(START).follow()
    page = page.submit(WRITE, note=LEASE).must_be(303).follow()
    assert (page.url, written(page)) == ("/counter/", [LEASE])
    assert written(mine.get_page(shared)) == [LEASE]
    assert written(page.submit(BACK).must_be(303).follow()) == []


def test_words_are_kept_when_the_person_has_left_the_counter_meanwhile(sitting, shared):
    mine = sitting(CPR)
    page = mine.get_page("/counter/").submit(CALL).follow().submit(START).follow()
    mine.get_page("/counter/").submit(HAND_OVER).must_be(303)
    answer = page.submit(WRITE, note="a" * 301).must_be(422)
    assert answer.h1.startswith("Visit ")
    assert answer.one("#note").text.startswith("aaa")
    answer.submit(WRITE, note=LEASE).must_be(303)
    assert written(mine.get_page(shared)) == [LEASE]


def test_the_desks_card_has_one_line_that_leads_to_the_notes(house, desk_client, arranging):
    with arranging() as session:
        visit = walk_in(session, CPR, name="Olena").visit
        at = session.get(Counter, house.counter_ids[0]).authority_id
        notes.write(session, visit, at, LEASE, "staff 9")
        call(session, house)
        reference, visit_id = visit.reference, visit.id
    line = sit(desk_client, house).one(".now a[accesskey=m]")
    assert (line.text, line["href"]) == (LEASE, f"/desk/person/{reference}#notes")
    for more in (LONG, "A third"):
        with arranging() as session:
            notes.write(session, session.get(Visit, visit_id), at, more, "staff 9")
    assert desk_client.get_page("/desk/").one(".now a[accesskey=m]").text == "3 notes"
    person = desk_client.get_page(f"/desk/person/{reference}")
    assert person.one("#note")["accesskey"] == "m"


def test_a_visit_that_was_called_off_takes_no_note_and_the_words_are_kept(sitting, house, arranging):
    with arranging() as session:
        reference = booked(session, "10:00", "Ada").reference
    mine = sitting(CPR)
    page = mine.get_page(f"/desk/person/{reference}")
    mine.get_page(f"/desk/visit/{reference}").submit("Cancel the visit").must_be(303)
    answer = page.submit(WRITE, note=LEASE).must_be(409)
    assert "Please look again" in answer.one(".summary li").text
    assert answer.one("#note").text == LEASE
    assert not mine.get_page(f"/desk/person/{reference}").select("#note")


def test_a_note_goes_nowhere_else(app, sitting, shared, looking, caplog):
    mine = sitting(CPR)
    page = mine.get_page("/counter/").submit(CALL).follow().submit(START).follow()
    page = page.submit(WRITE, note=LEASE).must_be(303).follow()
    page.submit("Hand over to the authority", wanted=TAX, ground="consent", matter="Tax card").must_be(303)
    with looking() as session:
        found = {
            table.name
            for table in Model.metadata.sorted_tables
            for row in session.execute(select(table))
            if LEASE in str(tuple(row))
        }
        assert found == {"note"}
    assert LEASE not in caplog.text
