"""Two editors save the same entry: the second sees both texts side by side, and brings them together."""

from __future__ import annotations

from tests.catalogue.editing_pages import (
    ENTRY,
    browser_of_ane,  # noqa: F401 - a fixture
    browser_of_bo,  # noqa: F401 - a fixture
    save,
    shown,
)
from tests.inspecting import InspectingClient


def test_the_second_who_saves_sees_both_texts_side_by_side_and_brings_them_together(
    ane: InspectingClient, bo: InspectingClient
) -> None:
    first, second = ane.get_page(f"{ENTRY}/edit"), bo.get_page(f"{ENTRY}/edit")
    first.submit("Save the draft", name_en="Card by post", extra={"deadline-days": "14"}).must_be(303)
    answer = second.submit("Save the draft", name_en="Card by mail", extra={"outcome": "a sheet"}).must_be(
        409
    )
    table = next(one for one in answer.select("table") if "Where the two texts differ" in one.text)
    names = next(one for one in table.select("tr") if one.text.startswith("Name"))
    assert "Card by mail" in names.text
    assert "Card by post" in names.text
    assert "Both changed" in names.text
    assert shown(answer, "name-en") == "Card by mail", "where both changed, mine stands"
    assert shown(answer, "deadline-days") == "14", "what only the other changed is taken in"
    assert shown(answer, "outcome") == "a sheet"
    answer = answer.submit("Save the draft", extra={"do": "take name"}).must_be(200)
    assert shown(answer, "name-en") == "Card by post"
    assert shown(answer, "outcome") == "a sheet"
    answer.submit("Save the draft").must_be(303)
    raw = ane.get_page(f"{ENTRY}/raw").text
    assert "Card by post" in raw
    assert "outcome: a sheet" in raw


def test_the_second_who_saves_the_raw_view_sees_both_texts(
    ane: InspectingClient, bo: InspectingClient
) -> None:
    first, second = ane.get_page(f"{ENTRY}/raw"), bo.get_page(f"{ENTRY}/raw")
    text = first.values("Save the draft")["yaml"]
    first.submit("Save the draft", yaml=text.replace("days: 21", "days: 14")).must_be(303)
    answer = second.submit("Save the draft", yaml=text.replace("order: 53", "order: 54")).must_be(409)
    assert "days: 14" in answer.one("pre").text
    assert "order: 54" in answer.values("Save the draft")["yaml"]
    answer.submit("Save the draft").must_be(303)


def test_a_button_on_an_old_page_is_refused(ane: InspectingClient, bo: InspectingClient) -> None:
    save(ane, ENTRY, name_en="Card by post")
    old = ane.get_page(ENTRY)
    save(bo, ENTRY, name_en="Card by mail").must_be(303)
    answer = old.submit("Send for review").must_be(409)
    assert "Somebody else has saved this entry meanwhile." in answer.said
