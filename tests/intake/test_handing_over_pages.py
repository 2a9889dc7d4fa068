"""Finishing and handing over to a next step, another counter, a further service, or somebody outside."""

from __future__ import annotations

import re

from sqlalchemy import select

from house.intake.models import Counter, Step, Visit
from house.referrals.models import Referral
from tests.hostile import nothing_changes, refuses_everything
from tests.intake.booking_house import (
    CPR,
    DRIVING,
    house_template,  # noqa: F401 - a fixture
)
from tests.intake.desk_house import (
    CALL,
    FINISH,
    HAND_OVER,
    REGISTER,
    START,
    TAX,
    the_desk,  # noqa: F401 - a fixture
    the_house,  # noqa: F401 - a fixture
    thursday,  # noqa: F401 - a fixture
    walk_in,
)


def serving(desk, arranging, *services, **more):
    """Somebody sits at my counter."""
    with arranging() as session:
        walk_in(session, *services, **more)
    return desk.client.get_page("/desk/").submit(CALL).follow().submit(START).follow()


def test_the_next_step_is_chosen_and_so_is_the_counter(desk, house, arranging, looking):
    page = serving(desk, arranging, CPR, DRIVING, TAX)
    later = [one["value"] for one in page.select("#then option") if one["value"].startswith("step-")]
    page = page.submit(HAND_OVER, then=later[1], where=str(house.counter_ids[2])).must_be(303).follow()
    assert "They wait for: Tax card" in page.one(".notice.good").text
    with looking() as session:
        states = [step.state.value for step in session.scalars(select(Step).order_by(Step.id))]
        assert states == ["done", "planned", "waiting"]
    assert "Counter Counter 1" in page.one(".queue li").text


def test_who_is_handed_over_is_here_since_the_first_arrival(desk, arranging, thursday):  # noqa: F811
    page = serving(desk, arranging, CPR, DRIVING)
    assert "here since" not in page.text
    thursday.shift(20 * 60)
    page = page.submit(HAND_OVER).must_be(303).follow()
    line = page.one("[data-part=waiting] .queue li").text
    assert "here since 09:10" in line
    assert "0 min" in line
    assert "here since 09:10" in desk.client.get_page("/counter/").one("[data-part=next]").text


def test_a_further_service_is_added_and_handed_over_to(desk, arranging, looking):
    page = serving(desk, arranging, CPR)
    page.submit(FINISH, then=f"service-{DRIVING}").must_be(303)
    assert desk.client.get_page("/desk/").submit(CALL).follow().one(".now .no").text == "A1"
    with looking() as session:
        assert len(session.scalars(select(Step)).all()) == 2


def test_a_counter_to_send_to_says_whose_it_is_and_one_that_gives_nothing_is_not_offered(
    desk, house, arranging
):
    with arranging() as session:
        idle = session.get_one(Counter, house.counter_ids[1])
        idle.services.clear()
    page = serving(desk, arranging, CPR, TAX)
    options = {one["value"]: one.text for one in page.select("#where option")}
    assert list(options) == ["", str(house.counter_ids[0]), str(house.counter_ids[2])]
    first, tax = (options[str(house.counter_ids[number])] for number in (0, 2))
    assert first != tax and first.startswith("Counter Counter 1 (") and tax.startswith("Counter Counter 1 (")


def test_a_counter_that_does_not_give_it_is_refused(desk, house, arranging):
    page = serving(desk, arranging, CPR, DRIVING)
    with nothing_changes(desk.client.application, "hand over"):
        refused = page.submit(HAND_OVER, where=str(house.counter_ids[2])).must_be(422)
    assert refused.one(".summary li").text == "That counter does not give this service."


def test_missing_papers_give_the_later_steps_back_and_a_new_time_is_offered(desk, arranging):
    page = serving(desk, arranging, CPR, DRIVING)
    where = page.one(".now .who a")["href"]
    done = page.submit(HAND_OVER, outcome="papers_missing", missing=["0"]).must_be(303).follow()
    offered = done.one(".notice.warn a")
    person = desk.client.get_page(where)
    assert "Papers are missing: " in person.one(".log").text
    [link] = [link for words, link in person.links if words.startswith("Book another time")]
    [again] = re.findall("again=([A-Z0-9]{7})", link)
    assert link.replace(f"&again={again}", "") == (
        f"/desk/caller?service={CPR}&service={DRIVING}&language=en&party=1"
    )
    assert where == f"/desk/person/{again}"
    assert (offered["href"], offered["accesskey"]) == (link, "k")
    desk.client.get_page(link)


def test_somebody_is_handed_over_to_an_authority_outside_and_that_is_final(desk, arranging, looking):
    page = serving(desk, arranging, CPR, name="Olena")
    good = {"wanted": TAX, "ground": "consent", "matter": "Tax card"}
    refuses_everything(
        lambda: desk.client.get_page("/desk/"), "Hand over to the authority", good,
        needed=["ground"], choices=["wanted", "ground"], lines=["matter"],
    )  # fmt: skip
    page = page.submit("Hand over to the authority", **good).must_be(303).follow()
    assert "Undo Handed" not in page.one(".undo").text
    with looking() as session:
        referral = session.scalars(select(Referral)).one()
        reference = session.scalars(select(Visit.reference)).one()
        assert (referral.name, referral.visit_reference) == ("Olena", reference)
        step_id = session.scalars(select(Step.id)).one()
    token = {"csrf_token": page.values(REGISTER)["csrf_token"], **good}
    desk.client.post_page(f"/desk/step/{step_id}/outside", token, 409)
    desk.client.post_page(f"/desk/step/{step_id + 99}/outside", token, 404)
