"""The editors' pages of texts: what is to be done, one beside its source, two at once, history, coverage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from house.catalogue.exchanging import Row
from house.catalogue.incoming import incoming
from house.catalogue.language_tree import Made, TextState
from house.catalogue.models import Service
from house.catalogue.shelf import new_edition
from house.catalogue.stored_texts import add_version, versions
from house.catalogue.text_models import Origin, Text, TextVersion
from house.catalogue.translating import NewText, all_items, write_text
from house.catalogue.worklist import alike
from house.db import db
from house.doors import Role
from house.languages import LANGUAGES
from house.people.face import authority_body
from tests.inspecting import InspectingClient

SUBJECT = "service/mitid/channels/1"
TAGS = [one.tag for one in LANGUAGES if one.tag != "en"]
TEXTS = "/manage/catalogue/texts/"
PAGE = f"{TEXTS}ar/text/{SUBJECT}"
Arranging = Callable[[], AbstractContextManager[Session]]
SignIn = Callable[..., SimpleNamespace]


@pytest.fixture
def editor(catalogue: Flask, client: InspectingClient, sign_in: SignIn) -> InspectingClient:
    sign_in(client, Role.EDITOR)
    return client


def write(session: Session, text: str, subject: str = SUBJECT, into: str = "ar") -> None:
    mark = next(one.mark for one in all_items(session, into) if one.subject == subject)
    write_text(session, into, NewText(subject, mark, text), "staff 77")


def forget(session: Session, subject: str, into: str = "ar") -> None:
    for model in (Text, TextVersion):
        session.execute(delete(model).where(model.subject == subject, model.language == into))
    new_edition(session)


def reword(session: Session, english: str) -> None:
    row = session.scalars(select(Service).where(Service.slug == "mitid")).one()
    channels = [{**row.record["channels"][0], "text": english}, *row.record["channels"][1:]]
    row.record = {**row.record, "channels": channels}
    new_edition(session)


def shown(page: object, into: str = "ar") -> list[str]:
    return [one.text for one in page.select(f"td [lang={into}]")]  # type: ignore[attr-defined]


# --- doors --------------------------------------------------------------------------------------------------

PATHS = [
    TEXTS, f"{TEXTS}pl/", f"{TEXTS}pl/text/{SUBJECT}", f"{TEXTS}pl/history/{SUBJECT}", f"{TEXTS}pl/files",
    f"{TEXTS}pl/texts.xliff", f"{TEXTS}pl/texts.csv",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_only_editors_pass(
    catalogue: Flask, client: InspectingClient, sign_in: SignIn, path: str
) -> None:
    sign_in(client, Role.MANAGER, Role.DESK, Role.ADVISER, Role.ORGANISER)
    assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    "path", [f"{TEXTS}xx/", f"{TEXTS}en/", f"{TEXTS}pl/text/service/none/name", f"{TEXTS}pl/history/nothing"]
)
def test_what_is_not_there_is_not_found(editor: InspectingClient, path: str) -> None:
    editor.get_page(path, 404)


# --- the list -----------------------------------------------------------------------------------------------


def test_every_language_stands_there_with_its_counts(editor: InspectingClient) -> None:
    page = editor.get_page(TEXTS)
    rows = page.select("main tbody tr")
    assert [row.select("th a")[0]["lang"] for row in rows] == TAGS
    [arabic] = [row.select("th a")[0] for row in rows if row.select("th a")[0]["lang"] == "ar"]
    assert editor.get_page(arabic["href"]).h1.endswith("العربية")


def test_the_list_shows_what_is_to_be_done_and_finds_words(
    editor: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        forget(session, SUBJECT)
    page = editor.get_page(f"{TEXTS}ar/?state=missing")
    [row] = page.select("main tbody tr")
    assert "app: scan a passport" in row.text and row.select("td [lang=en]")[0]["dir"] == "ltr"
    page = page.submit("Search", q="PÁSSPORT nfc", state="all").must_be(200)
    assert [one["href"] for one in page.select("main tbody a")] == [PAGE]
    assert page.one("#q")["value"] == "PÁSSPORT nfc"
    assert "0 texts." in editor.get_page(f"{TEXTS}ar/?q=nothingatall&state=all").text


def test_a_long_list_has_pages_and_keeps_what_was_asked(editor: InspectingClient) -> None:
    first = editor.get_page(f"{TEXTS}ar/?state=all&q=service")
    second = first.click("Next")
    assert first.select("main tbody tr") and second.select("main tbody tr")
    listed = [{one["href"] for one in page.select("main tbody a")} for page in (first, second)]
    assert listed[0].isdisjoint(listed[1])
    for number in ("0", "-7", "99999", "x", "9" * 30):
        assert editor.get_page(f"{TEXTS}ar/?state=all&page={number}").select("main tbody tr")


@pytest.mark.parametrize("query", ["state=nonsense", "q=" + "x" * 200, "q=010190-1234"])
def test_a_question_that_is_none_is_told(editor: InspectingClient, query: str) -> None:
    assert editor.get_page(f"{TEXTS}ar/?{query}", 422).select(".summary")


def test_an_entry_can_be_looked_at_alone(editor: InspectingClient) -> None:
    page = editor.get_page(f"{TEXTS}ar/?state=all&entry=service/mitid")
    links = [one["href"] for one in page.select("main tbody a")]
    assert SUBJECT in links[0] or all("/service/mitid/" in one for one in links)
    assert editor.get_page(f"{TEXTS}ar/?state=all&entry=authorities").select("main tbody tr")


# --- one text -----------------------------------------------------------------------------------------------


def test_a_text_is_saved_and_the_public_page_follows(editor: InspectingClient, arranging: Arranging) -> None:
    with arranging() as session:
        forget(session, SUBJECT)
    page = editor.get_page(PAGE)
    field = page.one("textarea")
    assert (field["lang"], field["dir"]) == ("ar", "rtl")
    assert [one["dir"] for one in page.select(".box [lang=en]")] == ["ltr"]
    page.submit("Save", text="التطبيق: امسح جواز السفر").must_be(303).follow()
    assert "التطبيق: امسح جواز السفر" in editor.get_page("/ar/services/mitid").text
    with arranging() as session:
        [one] = versions(session, "ar", SUBJECT)
        assert one.made_by.startswith("staff ")


def test_saving_leads_to_the_next_that_waits(editor: InspectingClient, arranging: Arranging) -> None:
    second = "service/mitid/channels/2"
    with arranging() as session:
        for one in all_items(session, "ar"):
            if one.state is TextState.MACHINE:
                made = Made(one.source.text, one.text, one.source.lang)
                add_version(session, one.subject, "ar", made, Origin.WRITTEN, "staff 1")
        forget(session, SUBJECT)
        forget(session, second)
    page = editor.get_page(PAGE).submit("Save and go to the next", text="نص").must_be(303)
    assert page.location.endswith(second)
    page = page.follow().submit("Save and go to the next", text="نص آخر").must_be(303)
    assert page.location.endswith(f"{TEXTS}ar/")


def test_a_machines_text_is_confirmed_by_saving_it(editor: InspectingClient, arranging: Arranging) -> None:
    with arranging() as session:
        english = next(one.source.text for one in all_items(session, "ar") if one.subject == SUBJECT)
        add_version(session, SUBJECT, "ar", Made(english, "آلة", machine=True), Origin.MACHINE, "staff 1")
    page = editor.get_page(PAGE)
    assert "A machine made this." in page.text
    page.submit("Save").must_be(303)
    assert "A machine made this." not in editor.get_page(PAGE).text
    assert "Read and confirmed" in editor.get_page(f"{TEXTS}ar/history/{SUBJECT}").text


def test_an_outdated_text_shows_what_changed_in_the_source(
    editor: InspectingClient, arranging: Arranging
) -> None:
    with arranging() as session:
        reword(session, "app: scan a passport with chip on a telephone with NFC")
    page = editor.get_page(PAGE)
    assert "Outdated" in page.text
    assert "telephone" in " ".join(one.text for one in page.select("ins"))
    assert "phone" in " ".join(one.text for one in page.select("del"))
    assert page.one("textarea").text.strip()


def test_two_at_once_see_both_texts_and_decide(editor: InspectingClient, arranging: Arranging) -> None:
    page = editor.get_page(PAGE)
    with arranging() as session:
        write(session, "كلمات الآخر")
    again = page.submit("Save", text="كلماتي").must_be(409)
    assert "Somebody else changed this while you wrote." in again.text
    assert again.one("textarea").text.strip() == "كلماتي"
    assert "كلمات الآخر" in [one.text for one in again.select(".box [lang=ar]")]
    again.submit("Save").must_be(303)
    with arranging() as session:
        assert [one.text for one in versions(session, "ar", SUBJECT)[:2]] == ["كلماتي", "كلمات الآخر"]


def test_a_source_that_changed_while_one_wrote_is_told(
    editor: InspectingClient, arranging: Arranging
) -> None:
    page = editor.get_page(PAGE)
    with arranging() as session:
        reword(session, "by fax")
    again = page.submit("Save", text="كلماتي").must_be(409)
    assert "by fax" in again.text
    assert again.one("textarea").text.strip() == "كلماتي"


@pytest.mark.parametrize("text", ["", "  ", "010190-1234", "x" * 2001, "x" * 1_000_000])
def test_a_bad_text_is_refused_and_kept(editor: InspectingClient, arranging: Arranging, text: str) -> None:
    with arranging() as session:
        before = len(versions(session, "ar", SUBJECT))
    page = editor.post_page(PAGE, {**editor.get_page(PAGE).values("Save"), "text": text}, 422)
    assert page.select(".summary")
    assert page.one("textarea").text.strip() == text.strip()[:2000]
    with arranging() as session:
        assert len(versions(session, "ar", SUBJECT)) == before


@pytest.mark.parametrize("mark", ["", "x" * 500, "\u202e", "0" * 16])
def test_a_mark_that_no_page_of_ours_had_is_refused(editor: InspectingClient, mark: str) -> None:
    data = {**editor.get_page(PAGE).values("Save"), "mark": mark, "text": "نص"}
    editor.post_page(PAGE, data, 409)


EVIL = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<!--<script>", "{{7*7}}{% raw %}",
    "\"><img src=x onerror=alert(1)>",
    "a\u202eevil\u2066\u2069\u200f",
    "${7*7} #{7*7} %(x)s %s {0}", "=cmd|'/C calc'!A0", "]]>&lt;&#0;",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_a_malicious_text_is_harmless_everywhere(
    editor: InspectingClient, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    # The inspecting client takes such texts for what a template forgot to fill in.
    monkeypatch.setattr(InspectingClient, "_inspect", lambda _self, _response: None)
    editor.get_page(PAGE).submit("Save", text=text).must_be(303).follow()
    plain = "".join(one for one in text if one not in "\u202e\u2066\u2069\u200f")
    of_service = f"{TEXTS}ar/?state=all&entry=service/mitid"
    for path in ("/ar/services/mitid", PAGE, f"{TEXTS}ar/history/{SUBJECT}", of_service):
        page = editor.get_page(path)
        assert plain in page.text or plain in page.one("textarea").text
        assert not page.select("main img")
        assert {script["type"] for script in page.select("main script")} <= {"application/ld+json"}
        data = re.findall(r"<script [^>]*ld\+json[^>]*>(.*?)</script>", page.html, re.DOTALL)
        assert all(json.loads(one) for one in data)
        assert bool(data) == path.startswith("/ar/")
        assert not any(sign in page.html for sign in "\u202e\u2066\u2069\u200f")


def test_what_an_entry_says_itself_is_not_written_here(editor: InspectingClient) -> None:
    page = editor.get_page(f"{TEXTS}da/text/service/mitid/name")
    assert "The entry itself says this in this language." in page.text
    assert page.select("textarea") == []
    token = {**editor.get_page(PAGE).values("Save"), "text": "x"}
    editor.post_page(f"{TEXTS}da/text/service/mitid/name", token, 409)


def test_history_names_who_wrote_what_from_what(
    editor: InspectingClient, sign_in: SignIn, arranging: Arranging
) -> None:
    editor.get_page(PAGE).submit("Save", text="نص").must_be(303)
    with arranging() as session:
        write(session, "بلا صاحب")
    page = editor.get_page(f"{TEXTS}ar/history/{SUBJECT}")
    rows = [row.text for row in page.select("main tbody tr")]
    assert "Somebody who has left" in rows[0]
    assert "نص" in rows[1] and "app: scan" in rows[1]
    assert "Came with the house" in rows[-1]


# --- coverage -----------------------------------------------------------------------------------------------


def test_managers_see_the_coverage_and_editors_its_ways(
    catalogue: Flask, client: InspectingClient, sign_in: SignIn, arranging: Arranging
) -> None:
    with arranging() as session:
        forget(session, SUBJECT)
    sign_in(client, Role.MANAGER)
    page = client.get_page("/manage/catalogue/coverage")
    assert "One text is missing." in page.text
    [row] = [one for one in page.select(".coverage tbody tr") if one.select("th")[0].text.startswith("MitID")]
    cells = [one.text for one in row.select("td")]
    number = int(cells[0].split("/")[1])
    assert cells[TAGS.index("ar")] == f"{number - 1}/{number}"
    assert cells[TAGS.index("pl")] == f"{number}/{number}"
    assert page.select(".coverage a") == []
    sign_in(client, Role.EDITOR)
    page = client.get_page("/manage/catalogue/coverage?read=1")
    assert page.select(".coverage td a")
    assert client.get(page.select(".coverage td a")[0]["href"]).status_code == 200


@pytest.mark.parametrize("role", [Role.DESK, Role.ADVISER, Role.ORGANISER])
def test_others_do_not_see_the_coverage(
    catalogue: Flask, client: InspectingClient, sign_in: SignIn, role: Role
) -> None:
    sign_in(client, role)
    assert client.get("/manage/catalogue/coverage").status_code == 403


def test_an_empty_house_has_an_empty_coverage(
    app: Flask, client: InspectingClient, sign_in: SignIn
) -> None:
    sign_in(client, Role.EDITOR)
    for path in ("/manage/catalogue/coverage", TEXTS, f"{TEXTS}pl/", f"{TEXTS}pl/files"):
        client.get_page(path)


# --- whose a text is -------------------------------------------------------------------------------------

CPR_NAME = "service/cpr_registration/name"


@pytest.fixture
def of_siri(
    catalogue: Flask, client: InspectingClient, arranging: Arranging, sign_in: SignIn
) -> InspectingClient:
    """SIRI's editor; Citizen Service has one of its own."""
    with arranging() as session:
        siri = authority_body(session, "siri", "SIRI").id
        citizen = authority_body(session, "aalborg_citizen_service", "Citizen Service").id
    sign_in(client, Role.EDITOR, body_id=citizen)
    sign_in(client, Role.EDITOR, body_id=siri)
    return client


def test_an_authority_says_nothing_of_another_ones_service(of_siri, looking) -> None:
    with looking() as session:
        before = {one.subject: (one.text, one.mark) for one in all_items(session, "ar")}
    page = of_siri.get_page(f"{TEXTS}ar/text/{CPR_NAME}")
    assert "This entry belongs to another authority." in page.text
    assert not page.select("main form")
    mine = of_siri.get_page(f"{TEXTS}ar/text/service/eu_residence_document/name")
    token = mine.values("Save")["csrf_token"]
    forged = {"csrf_token": token, "mark": before[CPR_NAME][1], "text": "Do not go there"}
    of_siri.post_page(f"{TEXTS}ar/text/{CPR_NAME}", forged, 403)
    mine.submit("Save", text="\u0648\u062b\u064a\u0642\u0629").must_be(303)
    with looking() as session:
        after = {one.subject: one.text for one in all_items(session, "ar")}
    assert {one for one, (text, _) in before.items() if after[one] != text} == {
        "service/eu_residence_document/name"
    }


def test_a_text_said_in_many_places_is_written_only_in_those_of_ones_own(catalogue, arranging) -> None:
    def only_mitid(subject: str) -> bool:
        return subject.startswith("service/mitid/")

    with arranging() as session:
        several = {one.subject: one for one in all_items(session, "ar")}
        spread = next(
            one for one in several.values()
            if only_mitid(one.subject)
            and any(not only_mitid(other.subject) for other in alike(several.values(), one))
        )  # fmt: skip
        new = NewText(spread.subject, spread.mark, "\u0646\u0635 \u062c\u062f\u064a\u062f")
        write_text(session, "ar", new, "staff 1", everywhere=True, may=only_mitid)
        changed = {one.subject for one in all_items(session, "ar") if one.text != several[one.subject].text}
    assert changed and all(map(only_mitid, changed))


def test_a_file_brings_in_no_text_of_another_authority(catalogue) -> None:
    with catalogue.app_context():
        several = all_items(db.session(), "ar")
        rows = [
            Row(one.subject, one.source.text, "en", one.text + "\u061f", False, False) for one in several[:40]
        ]
        theirs = {one.subject for one in several[:40] if not one.own}
        found = incoming(rows, several, may=lambda subject: False)
    assert found.changes == []
    assert {subject for subject, problem in found.refused if problem.code == "not_yours"} == theirs
