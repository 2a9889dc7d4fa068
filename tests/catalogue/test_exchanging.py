"""Files for translators: what goes out comes back the same, and what comes back may hold anything."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from house.catalogue.exchanging import FORMULA, LARGEST, BrokenFile, Row, read, write_csv, write_xliff
from house.catalogue.incoming import export_texts, import_texts, incoming
from house.catalogue.language_tree import Made, Said, TextState
from house.catalogue.stored_texts import add_version, versions
from house.catalogue.text_models import Origin
from house.catalogue.translating import NewText, all_items, write_text
from house.catalogue.worklist import Item
from house.doors import Role
from house.plain import clean_line, has_cpr
from tests.inspecting import InspectingClient

SUBJECT = "service/mitid/channels/1"
Arranging = Callable[[], AbstractContextManager[Session]]
SignIn = Callable[..., SimpleNamespace]
UP_TO_DATE, MACHINE, OUTDATED, MISSING = TextState


def an_item(state: TextState = UP_TO_DATE, source: str = "tea", text: str = "te", **changes: Any) -> Item:
    then = Said("old tea", "en") if state is OUTDATED else None
    made = Item(f"service/{source}/name"[:60], Said(source, "en"), state, text, then, 1, False)
    return made._replace(**changes)


ITEMS = [
    an_item(), an_item(MACHINE, "coffee & <b>", "kaffe \"=\""), an_item(OUTDATED, "milk", "melk"),
    an_item(MISSING, "=1+1", ""), an_item(source="-minus", text="+plus"),
    an_item(source="'quoted", text="@at"), an_item(source="æøå", text="قهوة", subject="service/te/name"),
    an_item(text="t")._replace(source=Said("te", "da"), subject="service/dansk/name"),
]  # fmt: skip


# --- out ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [write_csv, write_xliff])
def test_what_goes_out_comes_back_and_changes_nothing(write: Callable[..., bytes]) -> None:
    rows = read(write(ITEMS, "pl"), "pl")
    assert {(one.subject, one.source, one.source_language, one.text) for one in rows} == {
        (one.subject, one.source.text, one.source.lang, one.text) for one in ITEMS
    }
    found = incoming(rows, ITEMS)
    assert (found.changes, found.refused, found.unknown, found.other_source) == ([], [], [], [])
    assert (found.same, found.empty) == (len(ITEMS) - 1, 1)


def test_no_cell_is_a_formula() -> None:
    for row in csv.reader(io.StringIO(write_csv(ITEMS, "pl").decode("utf-8-sig"))):
        assert not any(cell.startswith(tuple(set(FORMULA) - {"'"})) for cell in row)


line = st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" =+-@'\"\\;,<>&]"), min_size=1)


@given(st.lists(st.tuples(line, line), max_size=5))
def test_any_text_comes_back_as_it_went(several: list[tuple[str, str]]) -> None:
    assume(not any(has_cpr(text) for _source, text in several))
    wanted = [
        an_item(source=clean_line(source) or "x", text=clean_line(text) or "x", subject=f"service/s{n}/name")
        for n, (source, text) in enumerate(several)
    ]
    for data in (write_csv(wanted, "pl"), write_xliff(wanted, "pl")):
        if wanted:
            assert [one.text for one in read(data, "pl")] == [one.text for one in wanted]
            assert incoming(read(data, "pl"), wanted).same == len(wanted)


def test_the_xliff_is_of_the_version_that_tools_know() -> None:
    text = write_xliff(ITEMS, "pl").decode()
    assert 'version="1.2"' in text and "urn:oasis:names:tc:xliff:document:1.2" in text
    assert 'target-language="pl"' in text and text.count("<file ") == 2
    assert 'state="needs-review-translation"' in text and "Made from: old tea" in text


# --- in -----------------------------------------------------------------------------------------------------

BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<xliff version="1.2">&d;</xliff>"""
FETCH = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xliff version="1.2">&e;</xliff>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_without_headings"),
        (b"subject,source,text\n", "file_empty"),
        (b"\xff\xfe<\x00x\x00", "file_not_utf8"),
        ("subject,source,text\næ,b,c".encode("latin-1"), "file_not_utf8"),
        (b"a\x00b", "file_not_utf8"),
        (b"one,two\n1,2", "file_without_headings"),
        (b'subject,source,text\n"a', "file_not_csv"),
        (b"subject,source,text,language\na,b,c,de", "file_of_another_language"),
        (b"subject,source,text\n" + b"a,b,c\n" * 10_001, "file_too_long"),
        (b"x" * (LARGEST + 1), "file_too_large"),
        (BOMB.encode(), "file_with_entities"),
        (FETCH.encode(), "file_with_entities"),
        (b"<?xml version='1.0' encoding='utf-7'?><xliff/>", "file_not_utf8"),
        (b"<html></html>", "file_not_xliff"),
        (b"<xliff version='1.2'><file", "file_not_xliff"),
        (b"<xliff version='1.2'></xliff>", "file_not_xliff"),
        (b"<" * 100_000, "file_not_xliff"),
        (b"<a>" * 100_000, "file_not_xliff"),
        (b"<xliff version='2.0' xmlns='urn:oasis:names:tc:xliff:document:2.0'/>", "file_not_xliff"),
        (write_xliff(ITEMS, "de"), "file_of_another_language"),
    ],
)
def test_a_broken_file_is_told_and_quickly(data: bytes, code: str) -> None:
    began = time.monotonic()
    with pytest.raises(BrokenFile) as caught:
        read(data, "pl")
    assert caught.value.code == code
    assert time.monotonic() - began < 5


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    for wrapped in (data, b"subject,source,text\n" + data, b"<xliff version='1.2'><file><body>" + data):
        try:
            incoming(read(wrapped, "pl"), ITEMS)
        except BrokenFile as problem:
            assert problem.status == 422


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheet_may_choose_its_separator_and_order(separator: str) -> None:
    lines = [["text", "note", "source", "subject"], ["te, med; mælk", "x", "tea", "service/tea/name"]]
    data = "\r\n".join(separator.join(f'"{cell}"' for cell in one) for one in lines).encode("utf-8-sig")
    assert read(data, "pl") == [Row("service/tea/name", "tea", "", "te, med; mælk", False, False)]


def a_row(item: Item, text: str, **changes: Any) -> Row:
    return Row(item.subject, item.source.text, "en", text, False, False)._replace(**changes)


def test_a_new_text_is_a_change_and_a_machines_waits() -> None:
    one = an_item()
    [change] = incoming([a_row(one, "the")], [one]).changes
    assert (change.text, change.machine) == ("the", False)
    assert incoming([a_row(one, "the", machine=True)], [one]).changes[0].machine
    assert incoming([a_row(one, "the")], [one], machine=True).changes[0].machine


def test_a_machines_text_that_comes_back_finished_is_read() -> None:
    one = an_item(MACHINE)
    assert incoming([a_row(one, "te", unfinished=True)], [one]).changes == []
    [change] = incoming([a_row(one, "te")], [one]).changes
    assert (change.text, change.machine) == ("te", False)


def test_what_does_not_fit_is_named_and_left() -> None:
    one, own = an_item(), an_item(source="sugar", own=True)
    rows = [
        a_row(one, "te", source="green tea"), a_row(own, "sukker"),
        Row("nobody", "x", "en", "y", False, False),
    ]  # fmt: skip
    found = incoming(rows, [one, own])
    assert (found.changes, found.other_source, found.unknown) == ([], [one.subject], ["nobody"])
    found = incoming([a_row(one, "010190-1234"), a_row(own, "x" * 3000)], [one, own._replace(own=False)])
    assert [(subject, problem.code) for subject, problem in found.refused] == [
        (one.subject, "text_with_cpr"), (own.subject, "text_too_long"),
    ]  # fmt: skip


# --- the house ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_csv", [True, False])
def test_a_file_goes_out_and_comes_in_translated(
    catalogue: Flask, arranging: Arranging, as_csv: bool
) -> None:
    with arranging() as session:
        data = export_texts(session, "pl", as_csv)
        assert not import_texts(session, "pl", data).changes
        text = next(one.text for one in all_items(session, "pl") if one.subject == SUBJECT)
        old, new = (text, "nowy tekst") if as_csv else (escape(text), "nowy tekst")
        assert old.encode() in data
        found = import_texts(session, "pl", data.replace(old.encode(), new.encode()), dry_run=True)
        assert [one.item.subject for one in found.changes] == [SUBJECT]
        assert next(one.text for one in all_items(session, "pl") if one.subject == SUBJECT) == text
        import_texts(session, "pl", data.replace(old.encode(), new.encode()))
        assert next(one.text for one in all_items(session, "pl") if one.subject == SUBJECT) == "nowy tekst"
        assert versions(session, "pl", SUBJECT)[0].made_by == "house"


def test_only_what_is_to_be_done_can_go_out(catalogue: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        for one in all_items(session, "pl"):
            if one.subject != SUBJECT and not one.own:
                made = Made(one.source.text, one.text, one.source.lang)
                add_version(session, one.subject, "pl", made, Origin.WRITTEN, "staff 1")
        mark = next(one.mark for one in all_items(session, "pl") if one.subject == SUBJECT)
        write_text(session, "pl", NewText(SUBJECT, mark, "maszyna", machine=True), "staff 1")
        rows = read(export_texts(session, "pl", as_csv=True, only_to_do=True), "pl")
        assert [one.subject for one in rows] == [SUBJECT]


def test_the_commands_give_out_and_take_in(
    catalogue: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from house.cli import main

    config = catalogue.extensions["house-config"]
    monkeypatch.setattr("house.config.from_environment", lambda: config)
    path = tmp_path / "texts.xliff"
    done = CliRunner().invoke(main, ["catalogue", "texts", "export", "pl", str(path)])
    assert done.exit_code == 0, done.output
    text = path.read_text("utf-8")
    source = "app: scan a passport/ID card with chip on a phone with NFC</source>"
    head, _, rest = text.partition(source)
    _, _, tail = rest.partition("</target>")
    path.write_text(f"{head}{source}<target>{{nowy}}</target>{tail}", "utf-8")
    done = CliRunner().invoke(main, ["catalogue", "texts", "import", "pl", str(path), "--dry-run"])
    assert f"Writes: {SUBJECT}." in done.output
    CliRunner().invoke(main, ["catalogue", "texts", "import", "pl", str(path)])
    done = CliRunner().invoke(main, ["catalogue", "texts", "import", "pl", str(path)])
    assert "Written 0," in done.output
    path.write_text(BOMB)
    done = CliRunner().invoke(main, ["catalogue", "texts", "import", "pl", str(path)])
    assert done.exit_code == 1 and "entities of its own" in done.output
    done = CliRunner().invoke(main, ["catalogue", "texts", "export", "en", str(tmp_path / "x.csv")])
    assert done.exit_code == 1 and "written in this language" in done.output
    done = CliRunner().invoke(main, ["catalogue", "texts", "export", "pl", str(tmp_path / "x.doc")])
    assert done.exit_code == 1 and "must end in" in done.output


# --- pages --------------------------------------------------------------------------------------------------

FILES = "/manage/catalogue/texts/pl/files"


@pytest.fixture
def editor(catalogue: Flask, client: InspectingClient, sign_in: SignIn) -> InspectingClient:
    sign_in(client, Role.EDITOR)
    return client


def a_file(text: str, source: str = "app: scan a passport/ID card with chip on a phone with NFC") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["subject", "source", "text"], [SUBJECT, source, text]])
    return out.getvalue().encode()


def send(client: InspectingClient, data: bytes, status: int, name: str = "texts.csv", **more: str) -> Any:
    values = {**client.get_page(FILES).values("Look at the file"), **more, "file": (io.BytesIO(data), name)}
    return client.post_page(FILES, values, status, content_type="multipart/form-data")


def test_a_file_is_looked_at_before_it_is_saved(editor: InspectingClient, arranging: Arranging) -> None:
    page = send(editor, a_file("<b>nowy</b>"), 200)
    assert "One text would change." in page.text and "<b>nowy</b>" in page.text
    with arranging() as session:
        assert "<b>nowy</b>" not in [one.text for one in all_items(session, "pl")]
    page.submit("Save these texts").must_be(303).follow()
    with arranging() as session:
        newest = versions(session, "pl", SUBJECT)[0]
        assert newest.text == "<b>nowy</b>" and newest.made_by.startswith("staff ")
    assert "0 texts would change." in send(editor, a_file("<b>nowy</b>"), 200).text


def test_a_machines_file_waits_for_a_reader(editor: InspectingClient, arranging: Arranging) -> None:
    send(editor, a_file("maszyna"), 200, machine="y").submit("Save these texts").must_be(303)
    with arranging() as session:
        assert versions(session, "pl", SUBJECT)[0].origin is Origin.MACHINE


def test_nothing_is_saved_when_something_changed_meanwhile(
    editor: InspectingClient, arranging: Arranging
) -> None:
    page = send(editor, a_file("nowy"), 200)
    with arranging() as session:
        mark = next(one.mark for one in all_items(session, "pl") if one.subject == SUBJECT)
        write_text(session, "pl", NewText(SUBJECT, mark, "szybszy"), "staff 9")
    again = page.submit("Save these texts").must_be(409)
    assert "A text has changed since you looked." in again.text
    with arranging() as session:
        assert versions(session, "pl", SUBJECT)[0].text == "szybszy"


@pytest.mark.parametrize(
    "data", [BOMB.encode(), b"", b"x" * (LARGEST + 1), a_file("x")[:20], b"\xff\xfe\x00"], ids=range(5)
)
def test_a_broken_file_says_what_is_wrong(editor: InspectingClient, data: bytes) -> None:
    page = send(editor, data, 422)
    assert page.select(".summary") and page.select("#file-error")


def test_no_file_is_told(editor: InspectingClient) -> None:
    assert "Please choose a file." in editor.get_page(FILES).submit("Look at the file").must_be(422).text


@pytest.mark.parametrize(
    "changes",
    [
        "", "{}", "[]", "[1]", "[[1,2]]", '[["a","b","c",1,2]]', "[" * 5000, "null",
        '[["service/nobody/name","x","y",false]]',
    ],
    ids=range(9),
)
def test_changes_that_no_page_of_ours_sent_are_refused(editor: InspectingClient, changes: str) -> None:
    token = editor.get_page(FILES).one("main [name=csrf_token]")["value"]
    response = editor.post(f"{FILES}/take", data={"csrf_token": token, "changes": changes})
    assert response.status_code in (404, 409)


def test_a_page_that_was_open_too_long_is_told(editor: InspectingClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    page = editor.post_page(f"{FILES}/take", {"csrf_token": "old", "changes": "[]"}, 422)
    assert "Please choose the file again." in page.text


@pytest.mark.parametrize(
    ("ending", "kind"), [("csv", "text/csv"), ("xliff", "application/xliff+xml")]
)
def test_files_go_out_by_link(editor: InspectingClient, ending: str, kind: str) -> None:
    response = editor.get(f"/manage/catalogue/texts/pl/texts.{ending}")
    assert response.mimetype == kind
    assert response.headers["Content-Disposition"] == f'attachment; filename="texts-pl.{ending}"'
    assert len(read(response.data, "pl")) > 200
    fewer = editor.get(f"/manage/catalogue/texts/pl/texts.{ending}?which=to_do")
    assert len(fewer.data) <= len(response.data)
