"""Translators get every English text once, and what they send back is taken or named."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from house.catalogue import face
from house.catalogue.bundled import FOLDER, bundled_translations
from house.catalogue.filling import fill, still_to_do, written
from house.catalogue.subjects import subjects

CATALOGUE = face.bundled_catalogue()
OF, EN = "service/residence_card/facts/1", "must be carried at all times"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled texts that tests may write to."""
    return Path(shutil.copytree(FOLDER, tmp_path / "texts"))


def entries(folder: Path, language: str) -> dict[str, Any]:
    return {one["of"]: one for one in yaml.safe_load((folder / f"{language}.yaml").read_text("utf-8"))}


def test_every_english_is_asked_once(tmp_path: Path) -> None:
    """English itself has no bundled texts: everything is still to do."""
    todo = still_to_do("en", CATALOGUE)
    assert len({one["en"] for one in todo}) == len(todo) > 200
    assert {one["text"] for one in todo} == {""}
    assert yaml.safe_load(written(todo)) == todo


def test_a_filled_file_is_taken_in_the_order_of_the_catalogue(folder: Path) -> None:
    text = "يجب حملها دائما: \"نعم\"\\ 100 %"
    done = fill("ar", CATALOGUE, [{"of": OF, "en": EN, "text": text}], folder)
    assert (done.taken, done.refused) == (1, [])
    taken = entries(folder, "ar")
    assert taken[OF]["text"] == text
    order = [one for one, _ in subjects(yaml.safe_load(CATALOGUE.read_text("utf-8")))]
    assert list(taken) == sorted(taken, key=order.index)
    assert set(taken) >= set(entries(FOLDER, "ar"))


def test_filling_nothing_leaves_the_file_as_it_was(folder: Path) -> None:
    before = (folder / "da.yaml").read_bytes()
    assert fill("da", CATALOGUE, [{"of": OF, "en": EN, "text": " "}], folder) == (0, [], [])
    assert fill("da", CATALOGUE, [], folder).taken == 0
    assert (folder / "da.yaml").read_bytes() == before


def test_what_the_catalogue_says_itself_is_not_asked_taken_or_kept(folder: Path) -> None:
    """The Danish names stand in the catalogue: a second one would never be read."""
    of, english = "service/mitid/name", "MitID (national electronic ID)"
    name = {"of": of, "en": english, "text": "MitID (dansk eID)"}
    assert of not in {one["of"] for one in still_to_do("da", CATALOGUE)}
    [reason] = fill("da", CATALOGUE, [name], folder).refused
    assert "has own words there" in reason
    (folder / "da.yaml").write_text(written([*entries(folder, "da").values(), name]), "utf-8")
    assert of in entries(folder, "da")
    assert fill("da", CATALOGUE, [{"of": OF, "en": EN, "text": "skal altid medbringes"}], folder).taken == 1
    assert of not in entries(folder, "da")


def test_a_text_made_from_another_english_gives_way(folder: Path) -> None:
    offer, kept = "offer/spouse_space/rule", entries(folder, "da")
    kept[OF] = {"of": OF, "en": "must be carried", "text": "gammel"}
    (folder / "da.yaml").write_text(yaml.safe_dump(list(kept.values()), allow_unicode=True), "utf-8")
    fill("da", CATALOGUE, [{"of": offer, "en": "twice a year", "text": "to gange"}], folder)
    assert OF not in entries(folder, "da")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"of": OF, "en": "something else", "text": "x"}, "does not say this English"),
        ({"of": "service/nobody/name", "en": EN, "text": "x"}, "does not say this English"),
        ({"of": OF, "en": EN, "text": "a‮b"}, "cannot be seen"),
        ({"of": OF, "en": EN, "text": "a\x00b"}, "cannot be seen"),
        ({"of": OF, "en": EN}, "it needs `of`"),
        ({"of": OF, "en": EN, "text": 7}, "it needs `of`"),
        ("words", "it needs `of`"),
    ],
)
def test_what_is_not_sound_is_named_and_left_out(folder: Path, entry: Any, said: str) -> None:
    done = fill("da", CATALOGUE, [entry], folder)
    assert done.taken == 0
    [reason] = done.refused
    assert said in reason and reason.startswith("Entry 1: ")


def test_a_number_that_was_lost_is_pointed_at(folder: Path) -> None:
    of, english = "service/daycare/facts/2", "guarantee from 26 weeks of age"
    assert fill("ar", CATALOGUE, [{"of": of, "en": english, "text": "من ٢٦ أسبوعا"}], folder).look_again == []
    [doubt] = fill("ar", CATALOGUE, [{"of": of, "en": english, "text": "من ٢٧"}], folder).look_again
    assert "26" in doubt and of in doubt


def test_the_commands_list_and_refuse(tmp_path: Path) -> None:
    from house.cli import main

    todo = CliRunner().invoke(main, ["catalogue", "texts", "todo", "pl"])
    assert todo.exit_code == 0
    assert yaml.safe_load(todo.output) == still_to_do("pl", CATALOGUE)
    broken = tmp_path / "broken.yaml"
    broken.write_text("- of: [", "utf-8")
    assert "is not YAML" in CliRunner().invoke(main, ["catalogue", "texts", "fill", "pl", str(broken)]).output
    broken.write_text(written([{"of": OF, "en": "no such English", "text": "x"}]), "utf-8")
    done = CliRunner().invoke(main, ["catalogue", "texts", "fill", "pl", str(broken)])
    assert done.exit_code == 1 and "Refused. Entry 1" in done.output
    assert bundled_translations()
