"""An entry on its way from draft to published on the editors' pages, back again, and who may do it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from house.catalogue import face
from tests import houses
from tests.catalogue.editing_pages import (
    ENTRY,
    SERVICE,
    Context,
    browser_of_ane,  # noqa: F401 - a fixture
    browser_of_bo,  # noqa: F401 - a fixture
    browser_of_siri,  # noqa: F401 - a fixture
    save,
)
from tests.inspecting import InspectingClient

# --- from draft to published --------------------------------------------------------------------------------


def test_a_rule_is_changed_reviewed_published_and_the_public_page_follows_in_every_process(
    ane: InspectingClient, siri: InspectingClient
) -> None:
    other = houses.build(ane.application.extensions["house-config"])
    elsewhere: Any = other.test_client()
    assert "Residence card arrives" in elsewhere.get("/en/services/residence_card").text
    page = ane.get_page(f"{ENTRY}/edit")
    page = page.submit("Save the draft", name_en="Card by post", extra={"deadline-days": "14"}).follow()
    assert "Draft" in page.text
    lists = page.one("#lists").parent
    assert lists is not None
    assert "Priya" in lists.text
    assert "Residence card arrives: Thursday, 25 February 2027 → Thursday, 18 February 2027" in lists.text
    assert "Kasia" not in lists.text
    ane.get_page(ENTRY).submit("Send for review").must_be(303)
    page = siri.get_page(ENTRY)
    assert "In review" in page.text
    assert page.submit("Publish").must_be(303).follow().select(".notice.good")
    assert "Card by post" in elsewhere.get("/en/services/residence_card").text
    assert "Card by post" in ane.get_page("/en/services/residence_card").h1
    houses.close(other)


def test_who_wrote_it_cannot_publish_it_and_who_may_is_told(
    ane: InspectingClient, siri: InspectingClient
) -> None:
    save(ane, ENTRY, name_en="Card by post")
    page = ane.get_page(ENTRY).submit("Send for review").follow()
    assert "Publish" not in [one.text for one in page.select("button")]
    assert "SIRI" in page.text
    seen = siri.get_page(ENTRY).values("Publish")
    answer = ane.post_page(ENTRY, {**page.values("Back to a draft"), "do": "publish"})
    assert answer.status == 403
    assert "four eyes" in answer.said
    assert siri.post_page(ENTRY, seen).status == 303


def test_an_authoritys_editor_does_not_write_what_is_anothers(siri: InspectingClient) -> None:
    assert siri.get(f"{SERVICE}/housing_guidance/edit").status_code == 403
    page = siri.get_page(f"{SERVICE}/housing_guidance")
    assert "Edit" not in [said for said, _ in page.links]
    siri.get_page(f"{ENTRY}/edit")


def test_whoever_is_no_editor_stays_outside(desk_client: InspectingClient, catalogue: Flask) -> None:
    assert desk_client.get("/manage/catalogue/").status_code == 403


def test_back_to_a_draft_given_up_and_taken_out(
    ane: InspectingClient, bo: InspectingClient, looking: Context
) -> None:
    where = "/manage/catalogue/entries/offer/cv_dropin"
    save(ane, where, name="CV hour")
    ane.get_page(where).submit("Send for review")
    page = bo.get_page(where).submit("Back to a draft").follow()
    page = page.submit("Give up the draft").follow()
    assert "Published" in page.text
    page = page.submit("Take this entry out").follow()
    assert "This draft takes the whole entry out." in page.text
    page.submit("Send for review")
    ane_page = ane.get_page(where).submit("Publish").must_be(303)
    assert ane_page.location == "/manage/catalogue/entries/offer/"
    with looking() as session:
        assert "cv_dropin" not in face.export(session)


def test_what_the_house_needs_cannot_be_taken_out(ane: InspectingClient, bo: InspectingClient) -> None:
    ane.get_page(f"{SERVICE}/cpr_registration").submit("Take this entry out")
    ane.get_page(f"{SERVICE}/cpr_registration").submit("Send for review")
    answer = bo.get_page(f"{SERVICE}/cpr_registration").submit("Publish").must_be(422)
    assert "there is no service cpr_registration" in answer.said


def test_a_draft_takes_in_what_was_published_under_it(
    ane: InspectingClient, siri: InspectingClient, arranging: Context, tmp_path: Any
) -> None:
    save(ane, ENTRY, name_en="Card by post")
    with arranging() as session:
        text = face.export(session).replace("must be carried at all times", "must be carried always")
        (tmp_path / "new.yaml").write_text(text, "utf-8")
        face.import_file(session, tmp_path / "new.yaml")
    page = ane.get_page(ENTRY)
    assert "The published entry has changed since this draft was begun." in page.text
    page = page.submit("Take it in").must_be(303).follow()
    page.submit("Send for review").must_be(303)
    siri.get_page(ENTRY).submit("Publish").must_be(303)
    public = ane.get_page("/en/services/residence_card").text
    assert "must be carried always" in public


# --- history ------------------------------------------------------------------------------------------------


def test_an_old_text_becomes_a_new_draft(ane: InspectingClient, siri: InspectingClient) -> None:
    save(ane, ENTRY, name_en="Card by post")
    ane.get_page(ENTRY).submit("Send for review")
    siri.get_page(ENTRY).submit("Publish")
    page = ane.get_page(f"{ENTRY}/versions/2")
    row = next(one for one in page.select("tr") if one.text.startswith("Name"))
    assert [one.text for one in row.select("del") + row.select("ins")] == [
        "Residence card arrives",
        "Card by post",
    ]
    page = ane.get_page(f"{ENTRY}/versions/1").submit("Make this text a new draft").must_be(303).follow()
    assert "Residence card arrives" in page.h1
    old = ane.get_page(f"{ENTRY}/versions/1")
    save(siri, ENTRY, name_en="Card by mail")
    assert old.submit("Make this text a new draft").status == 409
    assert ane.get(f"{ENTRY}/versions/99").status_code == 404
