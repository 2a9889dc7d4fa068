"""A bundle goes out and in unchanged; a broken, lying or exploding one is refused with a clear sentence."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from house import cli
from house.catalogue import face
from house.catalogue.bundle_file import CATALOGUE, LARGEST_PART, MANIFEST, MOST_PARTS, BadBundle, pack, unpack
from house.catalogue.bundling import bundle_in, bundle_out
from house.catalogue.editing_models import StaffCase
from house.catalogue.text_models import TextVersion
from house.catalogue.trying import add_case
from house.doors import Role
from tests import houses
from tests.catalogue.test_importing import everything
from tests.inspecting import InspectingClient

Context = Callable[[], AbstractContextManager[Session]]
CASE = "members:\n- who: Ada\n  facts: {citizenship: eu_eea_ch, purpose: worker, stay_months: 12, age: 30}\n"
BUNDLES: list[bytes] = []


@pytest.fixture
def bundle(catalogue: Flask, arranging: Context) -> bytes:
    """The bundle of a house with a case of its own; made once, as every such house gives the same bytes."""
    with arranging() as session:
        add_case(session, "Ada", CASE, "staff 1")
        if not BUNDLES:
            BUNDLES.append(bundle_out(session))
    return BUNDLES[0]


def parts_with(bundle: bytes, **changed: Any) -> bytes:
    """The bundle with some parts put in or, as None, left out; its list says so."""
    parts = unpack(bundle)
    for name, part in changed.items():
        name = name.replace("__", "/").replace("_yaml", ".yaml")
        if part is None:
            parts.pop(name)
        else:
            parts[name] = part if isinstance(part, bytes) else part.encode()
    return pack(parts)


# --- out and in ---------------------------------------------------------------------------------------------


def test_the_same_house_gives_the_same_bytes(bundle: bytes, looking: Context) -> None:
    with looking() as session:
        assert bundle_out(session) == bundle
    names = zipfile.ZipFile(io.BytesIO(bundle)).namelist()
    assert names[0] == MANIFEST
    assert {CATALOGUE, "cases.yaml", "texts/ar.yaml", "texts/da.yaml"} <= set(names)


def test_importing_what_was_exported_changes_nothing(bundle: bytes, arranging: Context) -> None:
    with arranging() as session:
        before = everything(session)
        assert bundle_in(session, bundle, "staff 1").lines() == ["Nothing changes."]
        assert everything(session) == before


def test_an_empty_house_becomes_the_same(bundle: bytes, app_factory: Callable[..., Flask]) -> None:
    other = app_factory()
    with houses.arranging(other) as session:
        said = bundle_in(session, bundle, "staff 1", dry_run=True).lines()
        assert "Added: service mitid." in said
        assert "Case: Ada." in said
        assert bundle_out(session) != bundle
        bundle_in(session, bundle, "staff 1")
        assert bundle_out(session) == bundle


def test_what_differs_is_told_first_and_then_taken_over(bundle: bytes, arranging: Context) -> None:
    catalogue = unpack(bundle)[CATALOGUE].decode().replace("Opholdskort", "Opholdskortet")
    danish = yaml.safe_load(unpack(bundle)["texts/da.yaml"])
    danish[3]["text"] += " her"
    other = parts_with(
        bundle,
        services_yaml=catalogue,
        texts__da_yaml=yaml.safe_dump(danish, allow_unicode=True),
        cases_yaml=yaml.safe_dump([{"title": "Bo", "yaml": CASE}]),
    )
    with arranging() as session:
        before = everything(session)
        said = bundle_in(session, other, "staff 1", dry_run=True).lines()
        assert said == ["Changed: service residence_card (name).", "Texts in da: 1.", "Case: Bo."]
        assert everything(session) == before
        assert bundle_in(session, other, "staff 1").lines() == said
        assert bundle_in(session, other, "staff 1").lines() == ["Nothing changes."]
        assert session.scalar(select(func.count()).select_from(StaffCase)) == 2
        newest = session.scalar(
            select(TextVersion.text)
            .where(TextVersion.subject == danish[3]["of"], TextVersion.language == "da")
            .order_by(TextVersion.number.desc())
        )  # fmt: skip
        assert newest == danish[3]["text"]


# --- refused ------------------------------------------------------------------------------------------------


def zipped(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as made:
        for name, part in files.items():
            made.writestr(name, part)
    return out.getvalue()


def listed(files: dict[str, bytes]) -> bytes:
    """A ZIP with a true list of hashes."""
    hashes = {name: sha256(part).hexdigest() for name, part in files.items()}
    manifest = json.dumps({"format": "house-catalogue-bundle", "version": 1, "files": hashes}).encode()
    return zipped({MANIFEST: manifest, **files})


def lying(bundle: bytes) -> bytes:
    """A ZIP whose directory says that the catalogue is ten bytes long."""
    data = bytearray(zipped({MANIFEST: b"{}", CATALOGUE: b"x" * 5000}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


REFUSED: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("no zip", lambda bundle: b"hello", "not a whole ZIP file"),
    ("empty", lambda bundle: b"", "not a whole ZIP file"),
    ("cut off", lambda bundle: bundle[:-200], "not a whole ZIP file"),
    ("too large", lambda bundle: b"PK" + b"x" * (5 * 1024 * 1024), "larger than 4 MB"),
    ("a bomb", lambda bundle: zipped({CATALOGUE: b" " * (LARGEST_PART + 1)}), "is larger than 2 MB"),
    ("many files", lambda bundle: zipped(
        {f"texts/a{n}.yaml": b"" for n in range(MOST_PARTS + 1)}), "more than 40"),
    ("a bomb of many", lambda bundle: zipped(
        {f"texts/{chr(97 + n)}a.yaml": b" " * LARGEST_PART for n in range(12)}), "larger than 16 MB"),
    ("a way out", lambda bundle: zipped({"../etc/passwd": b"x"}), "does not belong into a bundle"),
    ("another file", lambda bundle: zipped({"run.exe": b"x"}), "does not belong into a bundle"),
    ("odd packing", lambda bundle: zipped({CATALOGUE: b"x"}, zipfile.ZIP_LZMA), "a way that is not taken"),
    ("a lie", lying, "ZIP"),
    ("no list", lambda bundle: zipped({CATALOGUE: b"x"}), "not a bundle of a catalogue"),
    ("an odd list", lambda bundle: zipped({MANIFEST: b"[" * 100_000, CATALOGUE: b"x"}), "not a bundle"),
    ("a changed part", lambda bundle: zipped({**{
        info.filename: zipfile.ZipFile(io.BytesIO(bundle)).read(info) for info in
        zipfile.ZipFile(io.BytesIO(bundle)).infolist()}, CATALOGUE: b"x"}), "is not what the list"),
    ("a part left out", lambda bundle: zipped({
        MANIFEST: zipfile.ZipFile(io.BytesIO(bundle)).read(MANIFEST)}), "not in both"),
    ("no catalogue", lambda bundle: listed({"texts/da.yaml": b"[]"}), "holds no services.yaml"),
    ("odd texts", lambda bundle: parts_with(bundle, texts__da_yaml="- {of: x}"), "has of, source and text"),
    ("a text bomb", lambda bundle: parts_with(bundle, texts__da_yaml="- &a [1]\n- *a\n"), "Anchors"),
    ("a hidden sign", lambda bundle: parts_with(
        bundle, texts__da_yaml="- {of: x, source: y, text: \u202ez}"), "reading direction"),
    ("a CPR number", lambda bundle: parts_with(
        bundle, texts__da_yaml="- {of: x, source: y, text: 010203-1234}"), "CPR number"),
    ("an odd language", lambda bundle: parts_with(bundle, texts__xx_yaml="[]"), "no texts in this language"),
    ("an odd case", lambda bundle: parts_with(
        bundle, cases_yaml="- {title: x, yaml: hello}"), "needs members"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_bad_bundle_is_refused_and_changes_nothing(
    bundle: bytes, arranging: Context, make: Callable[[bytes], bytes], said: str
) -> None:
    with arranging() as session:
        before = everything(session)
        with pytest.raises(BadBundle) as caught:
            bundle_in(session, make(bundle), "staff 1")
        assert said in str(caught.value)
        assert everything(session) == before


def test_a_broken_catalogue_in_a_bundle_is_refused_by_line(bundle: bytes, arranging: Context) -> None:
    broken = unpack(bundle)[CATALOGUE].decode().replace("authority: siri", "authority: nobody", 1)
    with arranging() as session, pytest.raises(face.BrokenCatalogue) as caught:
        bundle_in(session, parts_with(bundle, services_yaml=broken), "staff 1")
    assert caught.value.findings[0].line > 1


# --- on the command line and on the web ---------------------------------------------------------------------


def test_the_command_gives_a_bundle_out_and_takes_it_in(
    bundle: bytes, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("house.cli_bundle._house", lambda: app)
    file = tmp_path / "bundle.zip"
    run = CliRunner().invoke
    assert run(cli.main, ["catalogue", "bundle", "out", str(file)]).exit_code == 0
    assert file.read_bytes() == bundle
    answer = run(cli.main, ["catalogue", "bundle", "in", str(file), "--dry-run"])
    assert answer.output == "Nothing changes.\n"
    file.write_bytes(parts_with(bundle, cases_yaml=yaml.safe_dump([{"title": "Bo", "yaml": CASE}])))
    assert run(cli.main, ["catalogue", "bundle", "in", str(file)]).output == "Case: Bo.\n"
    file.write_bytes(b"hello")
    answer = run(cli.main, ["catalogue", "bundle", "in", str(file)])
    assert answer.exit_code == 1
    assert "not a whole ZIP file" in answer.output
    broken = unpack(bundle)[CATALOGUE].decode().replace("authority: siri", "authority: nobody", 1)
    file.write_bytes(parts_with(bundle, services_yaml=broken))
    assert run(cli.main, ["catalogue", "bundle", "in", str(file)]).exit_code == 1


def upload(client: InspectingClient, data: bytes) -> Any:
    page = client.get_page("/manage/catalogue/bundle")
    values = page.values("Look at it") | {"bundle": (io.BytesIO(data), "bundle.zip")}
    return client.post_page("/manage/catalogue/bundle", values, content_type="multipart/form-data")


def test_an_administrator_looks_first_and_then_takes_over(
    bundle: bytes, client: InspectingClient, sign_in: Callable[..., Any], arranging: Context, looking: Context
) -> None:
    sign_in(client, Role.ADMIN)
    assert client.get("/manage/catalogue/bundle.zip").data == bundle
    assert "Nothing changes." in upload(client, bundle).must_be(200).text
    other = parts_with(bundle, cases_yaml=yaml.safe_dump([{"title": "Bo", "yaml": CASE}]))
    page = upload(client, other).must_be(200)
    assert "Case: Bo." in page.text
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(StaffCase)) == 1
    with arranging() as session:  # somebody changes the catalogue meanwhile
        bundle_in(
            session, parts_with(bundle, cases_yaml=yaml.safe_dump([{"title": "Cy", "yaml": CASE}])), "x"
        )
    assert page.submit("Take it over").status == 409
    page = upload(client, other)
    page.submit("Take it over", extra={"csrf_token": "x"}).must_be(422)
    page.submit("Take it over", extra={"data_kept": "%%%"}).must_be(422)
    assert page.submit("Take it over").must_be(303).follow().select(".notice.good")
    with looking() as session:
        assert session.scalar(select(func.count()).select_from(StaffCase)) == 3


@pytest.mark.parametrize("data", [b"hello", b""])
def test_a_bad_file_is_refused_on_the_page(
    bundle: bytes, client: InspectingClient, sign_in: Callable[..., Any], data: bytes
) -> None:
    sign_in(client, Role.ADMIN)
    assert upload(client, data).must_be(422).select(".summary li")


def test_editors_may_take_a_bundle_along_but_not_put_one_in(
    catalogue: Flask, client: InspectingClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.EDITOR)
    assert client.get("/manage/catalogue/bundle.zip").status_code == 200
    assert client.get("/manage/catalogue/bundle").status_code == 403
