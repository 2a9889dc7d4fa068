"""The editors' forms: the lists, rows by buttons, wrong answers, new entries, and the raw view's findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from house.catalogue.editing_models import Draft
from tests.catalogue.editing_pages import (
    ENTRY,
    KINDS,
    SERVICE,
    Context,
    browser_of_ane,  # noqa: F401 - a fixture
    browser_of_bo,  # noqa: F401 - a fixture
    listed,
    save,
    shown,
)
from tests.inspecting import InspectingClient

# --- lists and forms ----------------------------------------------------------------------------------------


def test_the_list_tells_authority_state_and_review(ane: InspectingClient, frozen: Any) -> None:
    save(ane, ENTRY, name_en="Card by post").must_be(303)
    page = ane.get_page("/manage/catalogue/")
    row = next(one for one in page.select("tbody tr") if "Residence card" in one.text)
    assert "Immigration" in row.text or "SIRI" in row.text
    assert "Draft" in row.text
    assert "Never confirmed" in row.text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_entry_has_its_list_and_its_pages(ane: InspectingClient, kind: str) -> None:
    for where in listed(ane, kind)[:2]:
        ane.get_page(where)
        ane.get_page(f"{where}/edit").form("Save the draft")
        ane.get_page(f"{where}/raw")


@pytest.mark.parametrize("kind", KINDS)
def test_saving_a_form_as_it_is_changes_nothing(ane: InspectingClient, looking: Context, kind: str) -> None:
    for where in listed(ane, kind)[5:7] or listed(ane, kind)[:1]:
        assert "Nothing was changed." in save(ane, where).must_be(303).follow().text, where
    with looking() as session:
        assert session.scalars(select(Draft)).all() == []


@pytest.mark.parametrize("kind", KINDS)
def test_saving_the_raw_view_as_it_is_changes_nothing(
    ane: InspectingClient, looking: Context, kind: str
) -> None:
    for where in listed(ane, kind)[:2]:
        page = ane.get_page(f"{where}/raw").submit("Save the draft")
        assert "Nothing was changed." in page.must_be(303).follow().text, where
    with looking() as session:
        assert session.scalars(select(Draft)).all() == []


def test_buttons_add_move_and_take_out_rows_and_keep_every_answer(ane: InspectingClient) -> None:
    page = ane.get_page(f"{ENTRY}/edit")
    first = shown(page, "facts-0-text")
    page = page.submit("Save the draft", name_en="Card", extra={"do": "add facts"}).must_be(200)
    assert shown(page, "facts-1-text") == ""
    assert shown(page, "name-en") == "Card"
    page = page.submit(
        "Save the draft", extra={"facts-1-text": "keep it dry", "facts-1-src": "A", "do": "up facts-1"}
    )
    assert (shown(page, "facts-0-text"), shown(page, "facts-1-text")) == ("keep it dry", first)
    page = page.submit("Save the draft", extra={"do": "remove facts-1"})
    assert shown(page, "facts-1-text") is None
    assert shown(page, "name-en") == "Card"
    page.submit("Save the draft").must_be(303)
    assert "keep it dry" in ane.get_page(f"{ENTRY}/raw").text


def test_a_condition_is_built_fact_by_fact(ane: InspectingClient) -> None:
    page = ane.get_page(f"{ENTRY}/edit")
    for fact in ("age", "purpose", "works_in_dk", "municipality"):
        page = page.submit("Save the draft", extra={"applies_also-add": fact, "do": "add applies_also"})
    row = "applies_also-rows"
    answers = {
        f"{row}-0-how": "gte", f"{row}-0-text": "18", f"{row}-1-values": ["student", "worker"],
        f"{row}-2-how": "no", f"{row}-3-text": "Rebild, Ry",
    }  # fmt: skip
    page.submit("Save the draft", extra=answers).must_be(303)
    raw = ane.get_page(f"{ENTRY}/raw").values("Save the draft")["yaml"]
    assert yaml.safe_load(raw)["applies_also"] == {
        "age_gte": 18,
        "purpose": ["student", "worker"],
        "works_in_dk_is": False,
        "municipality": ["Rebild", "Ry"],
    }


@pytest.mark.parametrize(
    "button",
    [
        "add nothing",
        "remove facts-99",
        "up facts-0",
        "remove name",
        "add",
        "add facts-0",
        "x" * 500,
    ],
)
def test_a_button_that_fits_nothing_changes_nothing(ane: InspectingClient, button: str) -> None:
    page = ane.get_page(f"{ENTRY}/edit")
    before = page.values("Save the draft")
    after = page.submit("Save the draft", extra={"do": button}).must_be(200).values("Save the draft")
    assert {**after, "do": "", "csrf_token": ""} == {**before, "do": "", "csrf_token": ""}


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"counter_minutes-first": "soon"}, "counter_minutes-first", "first must be a whole number."),
        ({"deadline-src": "S999"}, "deadline-src", "there is no source S999"),
        ({"link": "nonsense"}, "link", "must be a whole address"),
        ({"facts-0-text": ""}, "facts-0-text", "text must be there"),
        (
            {"applies_when-0-rows-0-values": None},
            "applies_when-0-rows-0-values",
            "citizenship must be a list",
        ),
        ({"confirmed_on": "soon"}, "confirmed_on", "must be a date"),
        ({"name-en": "010203-1234"}, "name-en", "do not write a CPR number"),
        ({"name-en": "x" * 3000}, "name-en", "at most 2000 signs"),
        ({"authority": "nobody"}, "authority", "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_stored(
    ane: InspectingClient, looking: Context, answers: dict[str, Any], field: str, said: str
) -> None:
    page = ane.get_page(f"{ENTRY}/edit")
    answer = page.submit("Save the draft", extra={"outcome": "a kept answer", **answers}).must_be(422)
    bad = [one for one in answer.select(".bad") if one.select(f"[name={field}]")]
    assert bad, answer.said
    assert any(said in one.text for box in bad for one in box.select(".error")), answer.said
    assert answer.select(".summary li")
    assert shown(answer, "outcome") == "a kept answer"
    with looking() as session:
        assert session.scalars(select(Draft)).all() == []


def test_one_fact_twice_in_a_condition_is_refused(ane: InspectingClient) -> None:
    page = ane.get_page(f"{ENTRY}/edit")
    for _ in range(2):
        page = page.submit("Save the draft", extra={"applies_also-add": "age", "do": "add applies_also"})
    answers = {"applies_also-rows-0-text": "1", "applies_also-rows-1-text": "2"}
    answer = page.submit("Save the draft", extra=answers).must_be(422)
    assert "The same fact stands here twice in the same way." in answer.text


def test_odd_field_names_and_floods_are_not_a_fault_of_ours(ane: InspectingClient) -> None:
    page = ane.get_page(f"{ENTRY}/edit")
    odd = {"facts-²-text": "x", "facts-99999-text": "x", "facts--text": "x", "seen": "²", "rows": "x"}
    assert page.submit("Save the draft", extra=odd).status in (303, 404, 409, 422)
    flood = {f"facts-{n}-text": "x" for n in range(6000)}
    assert page.submit("Save the draft", extra=flood).status == 413


def test_a_form_without_its_token_keeps_the_answers(ane: InspectingClient) -> None:
    page = ane.get_page(f"{ENTRY}/edit")
    answer = page.submit("Save the draft", name_en="Card by post", extra={"csrf_token": "x"}).must_be(422)
    assert shown(answer, "name-en") == "Card by post"


# --- new entries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "slug", "answers"),
    [
        ("offer", "tea_hour", {"name": "Tea hour", "rule": "every day", "src": "A"}),
        ("source", "S99", {"title": "Tea", "url": "https://tea.example.dk"}),
        ("authority", "tea_board", {"name_en": "Tea", "level": "state", "url": "https://tea.dk", "src": "A"}),
    ],
)  # fmt: skip
def test_a_new_entry_begins_with_its_short_name(
    ane: InspectingClient, bo: InspectingClient, kind: str, slug: str, answers: dict[str, str]
) -> None:
    form = ane.get_page(f"/manage/catalogue/new/{kind}")
    form.submit("Continue", id="Not a name!").must_be(422)
    page = form.submit("Continue", id=slug).follow()
    page.submit("Save the draft", **answers).must_be(303)
    assert "Draft" in ane.get_page(f"/manage/catalogue/entries/{kind}/").text
    where = f"/manage/catalogue/entries/{kind}/{slug}"
    ane.get_page(where).submit("Send for review").must_be(303)
    assert "Published." in bo.get_page(where).submit("Publish").must_be(303).follow().text
    form.submit("Continue", id=slug).must_be(422)


def test_a_new_service_asks_for_everything_it_needs(ane: InspectingClient, bo: InspectingClient) -> None:
    page = ane.get_page("/manage/catalogue/new/service").submit("Continue", id="tea").follow()
    answer = page.submit("Save the draft", name_en="Tea").must_be(422)
    assert "authority" in answer.said
    assert "counter_minutes" in answer.said
    page = answer.submit("Save the draft", extra={"do": "add obligation"})
    page = page.submit("Save the draft", extra={"do": "add applies_when"})
    page = page.submit("Save the draft", extra={"applies_when-0-add": "age", "do": "add applies_when-0"})
    page = page.submit(
        "Save the draft",
        extra={
            "kind": "counter", "order": "33", "authority": "ihnd", "obligation-0-value": "optional",
            "applies_when-0-rows-0-how": "gte", "applies_when-0-rows-0-text": "18",
            "counter_minutes-first": "5", "counter_minutes-src": "A", "booking-mode": "walk_in",
            "booking-src": "A",
        },
    )  # fmt: skip
    page.must_be(303)
    ane.get_page(f"{SERVICE}/tea").submit("Send for review")
    bo.get_page(f"{SERVICE}/tea").submit("Publish").must_be(303)
    assert "Tea" in ane.get_page("/en/services/tea").h1


# --- the raw view -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (lambda text: text.replace("kind: automatic", "kind: tea"), 2, "'tea' is none of counter"),
        (lambda text: "id: other\n" + text.partition("\n")[2], 1, "stays so"),
        (lambda text: text + "x: [1\n", None, "This is not YAML"),
        (lambda text: "a: &b [1]\nc: *b\n", 1, "Anchors"),
        (lambda text: text + "kle: x\n", None, "stands here twice"),
        (lambda text: text.replace("must be carried", "\u202emust"), None, "turns the reading direction"),
        (lambda text: text.replace("must be carried", "010203-1234"), None, "CPR number"),
        (lambda text: "- a\n", 1, "group of named"),
        (lambda text: "", 1, "empty"),
    ],
)
def test_findings_in_the_raw_view_have_their_lines(
    ane: InspectingClient, change: Callable[[str], str], line: int | None, said: str
) -> None:
    page = ane.get_page(f"{ENTRY}/raw")
    text = change(page.values("Save the draft")["yaml"])
    answer = page.submit("Save the draft", yaml=text).must_be(422)
    assert any(said in one.text for one in answer.select(".summary li")), answer.said
    if line:
        assert answer.select(".summary li")[0].text.startswith(f"Line {line}:")
    assert answer.values("Save the draft")["yaml"].strip() == text.strip()


def test_an_entry_that_is_not_there_is_not_found(ane: InspectingClient) -> None:
    for where in (f"{SERVICE}/nothing", f"{SERVICE}/No-Name/edit", f"{SERVICE}/nothing/versions/1"):
        assert ane.get(where).status_code == 404
