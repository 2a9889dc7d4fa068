"""P10: nobody's list, a way out; handed over from the desk with or without consent, followed to its end."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from house.languages import speak
from house.post import Letter, sheet_of
from house.referrals.models import Referral
from house.reporting.models import Contact
from tests.intake.desk_house import furnish
from tests.intake.desk_house import thursday as thursday
from tests.referrals.scenes import house_template  # noqa: F401 - a fixture


@pytest.fixture
def page(app, thursday, arranging, desk_client):
    with arranging() as session:
        furnish(session)
    shown = desk_client.get_page("/desk/guidance?about=routes:1&language=uk")
    noted = shown.submit("Write down Alt N").must_be(303).follow()
    [link] = [href for words, href in noted.links if words.startswith("Hand over and follow")]
    return desk_client.get_page(link)


def stored(looking, table):
    with looking() as session:
        found = list(session.scalars(select(table)))
        session.expunge_all()
    return found


def test_who_agrees_is_handed_over_with_the_name_and_the_status_comes_back(page, looking):
    assert page.one("#service option[selected]")["value"] == "routes:1"
    assert page.one("#language option[selected]")["value"] == "uk"
    page = page.submit("Hand over", name="Oksana", email="oksana@example.dk", basis="consent").follow()
    assert "integration unit" in page.text and "Oksana" in page.text
    page = page.submit("Save", state="sent", told_by="phone").must_be(303).follow()
    for state in ("accepted", "completed"):
        page = page.submit("Save", state=state).must_be(303).follow()
    with looking() as session, speak("uk"):
        letters = session.scalars(select(Letter).where(Letter.kind == "referral_changed")).all()
        assert len(letters) == 2 and all(sheet_of(one).facts for one in letters)
    [contact] = stored(looking, Contact)
    assert (contact.channel, contact.referral_outcome, contact.language) == ("referral", "completed", "uk")
    assert "integration unit" in page.client.get_page("/referrals/").text


def test_who_does_not_agree_is_handed_over_without_a_word_about_them(page, looking):
    page.submit("Hand over", name="Oksana", matter="Came alone", basis="nothing").must_be(303)
    [referral] = stored(looking, Referral)
    assert (referral.name, referral.matter, referral.route, referral.service_id) == (None, None, 1, None)
    assert referral.state == "draft" and page.client.get_page("/referrals/").select("table")


def test_her_own_page_says_who_has_it_in_her_language(page, looking, app):
    page.submit("Hand over", name="Oksana", email="oksana@example.dk", basis="law").follow().submit(
        "Save", state="sent", told_by="mail"
    ).must_be(303)
    import json

    [letter] = stored(looking, Letter)
    link = json.loads(letter.facts)["link"].partition("://")[2].partition("/")[2]
    mine = app.test_client().get_page(f"/{link}")
    assert mine.one("html")["lang"] == "uk" and "Udlændingestyrelsen" in mine.text


def test_a_name_is_needed_where_something_is_told(page):
    assert page.submit("Hand over", name="", basis="consent").must_be(422).select("#name-error")
    page.client.get_page("/referrals/new?about=routes:99&language=zz&visit=%00")
