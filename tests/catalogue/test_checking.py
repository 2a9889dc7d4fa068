"""A catalogue file is sound, or every fault in it is told with its line; and none makes the house slow."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from house.catalogue import face
from house.catalogue.catalogue_file import LARGEST, check, from_record, to_record, write

TEXT = face.bundled_catalogue().read_text("utf-8")
LINES = TEXT.splitlines(keepends=True)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, and quick
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def line_with(words: str, text: str = TEXT) -> int:
    """The number of the only line that holds these words."""
    found = [number for number, line in enumerate(text.splitlines(), start=1) if words in line]
    assert len(found) == 1, found
    return found[0]


def changed(old: str, new: str) -> str:
    """The bundled catalogue with one fault in it."""
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times"
    return TEXT.replace(old, new)


def test_the_bundled_catalogue_has_no_fault() -> None:
    assert face.check_file(face.bundled_catalogue()) == []


# What stands there, what is put there, words of the line that is named, what is said of it.
FAULTS = [
    ("    order: 35\n", "    order: 35\n  order: 36\n", "  order: 36", "not YAML"),
    ("    order: 35\n", "    order: [35\n", 'name: {en: "Tax card', "not YAML"),
    ("    order: 35\n", "    order: 35\n    order: 36\n", "order: 36", "order stands here twice"),
    ("    order: 35\n", "    order: soon\n", "order: soon", "order must be a whole number"),
    ("  - id: tax_card\n", "  - id: Tax Card\n", "- id: Tax Card", "an id has small letters"),
    ("  - id: residence_card\n", "  - id: mitid\n", "- id: mitid\n    kind: automatic", "mitid stands twice"),
    ("  - {id: erst_at,", "  - {id: siri,", "(RUT) / Arbejdstilsynet", "siri stands twice"),
    ("authority: skattestyrelsen\n", "authority: skatt\n", "authority: skatt\n", "no authority skatt"),
    ("[workindenmark, siri, erst_at]", "[nobody]", "[nobody]", "there is no authority nobody"),
    ("all_of: [cpr_registration, mitid]", "all_of: [cpr]", "all_of: [cpr]", "there is no service cpr"),
    ("carried at all times\", src: [S23]", "carried\", src: [S99]", "S99]", "there is no source S99"),
    ("compiled: 2026-11-23", "compiled: 2026-11-31", "compiled: 2026-11-31", "neither a date nor a number"),
    ("compiled: 2026-11-23", "compiled: today", "compiled: today", "compiled must be a date"),
    ('mon: "08:30-15:00", tue: closed', 'mon: "15:00-08:30", tue: shut', "tue: shut", "tue: must be hours"),
    ('mon: "08:30-15:00", tue: closed', 'mon: "15:00-08:30", tue: closed', "15:00-08:30", "must open before"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "shown", "said"), FAULTS, ids=lambda part: str(part)[:30])
def test_a_fault_is_told_with_its_line(old: str, new: str, shown: str, said: str) -> None:
    text = changed(old, new)
    findings = check(text).findings
    line = text[: text.index(shown)].count("\n") + 1
    assert any(said in one.reason and abs(one.line - line) < 2 for one in findings), (line, findings)


SERVICE = "tax_card"


def with_service(**changes: Any) -> list[face.Finding]:
    """What is said of the catalogue with some entries of one service set anew; None takes one away."""
    data = yaml.load(TEXT, LOADER)
    entry = next(one for one in data["services"] if one["id"] == SERVICE)
    entry.update(changes)
    for key in [key for key, value in changes.items() if value is None]:
        del entry[key]
    return check(yaml.dump(data, Dumper=DUMPER, sort_keys=False, allow_unicode=True)).findings


SHAPES: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "name must be there"),
    ({"name": {"da": "Skattekort"}}, "name: en must be there"),
    ({"name": {"en": ""}}, "en is empty"),
    ({"kind": "onlin"}, "'onlin' is none of counter, online, automatic, guidance, company; online perhaps"),
    ({"requries": []}, "requries is not known in services; requires perhaps"),
    ({"obligation": "must"}, "obligation: must be duty, right"),
    ({"obligation": [{"value": "perhaps"}]}, "obligation: must be duty, right"),
    ({"booking": {"mode": "fax", "src": ["A"]}}, "'fax' is none of"),
    ({"documents": [{"src": ["A"]}]}, "a document has a text (en) or is a note"),
    ({"documents": [{"en": "passport"}]}, "src must be there"),
    ({"documents": "passport"}, "documents must be a list"),
    ({"fee": {"dkk": -1, "src": ["A"]}}, "-1 is below 0"),
    ({"fee": {"dkk": "free", "src": ["A"]}}, "dkk must be a number"),
    ({"counter_minutes": {"first": 15.5, "src": ["A"]}}, "first must be a whole number"),
    ({"deadline": {"rule": "soon", "days": 5, "src": ["A"]}}, "days and months need 'from'"),
    ({"link": "javascript:alert(1)"}, "must be a whole address"),
    ({"applies_when": None}, "applies_when or in applies_when_same_as"),
    ({"applies_when_same_as": "cpr_registration"}, "applies_when or in applies_when_same_as"),
    ({"applies_when": [{"citizenship": ["martian"]}]}, "martian is none of nordic"),
    ({"applies_when": [{"citizenhip": ["nordic"]}]}, "there is no fact citizenhip; citizenship perhaps"),
    ({"applies_when": [{"citizenship": "nordic"}]}, "citizenship must be a list of values"),
    ({"applies_when": [{"age": [18]}]}, "age is compared by _gt"),
    ({"applies_when": [{"age_gte": "18"}]}, "must compare a number"),
    ({"applies_when": [{"works_in_dk_is": "yes"}]}, "must ask true or false"),
    ({"applies_when": [{"purpose_gt": 3}]}, "must compare a number"),
    ({"requires": [{"all_of": ["tax_card"]}]}, "tax_card comes before itself: tax_card → tax_card"),
    ({"confirmed_on": "2026-11-23"}, "confirmed_on must be a date"),
    ({"confirmed_on": 20261123}, "confirmed_on must be a date"),
    ({"note": "x"}, "note is not known in services"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "said"), SHAPES, ids=lambda part: str(part)[:40])
def test_an_entry_in_a_wrong_shape_is_told(changes: dict[str, Any], said: str) -> None:
    findings = with_service(**changes)
    assert any(said in finding.reason for finding in findings), findings
    assert all(finding.line > 1 for finding in findings)


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_on": yaml.safe_load("2026-11-23"), "confirmed_by": "Skattestyrelsen"},
        {"x_own_remark": {"anything": [1, 2]}},
        {"fee": {"dkk": 12.5, "src": ["A"]}},
        {"name": {"en": "Tax card", "da": "Skattekort", "pl": "Karta podatkowa"}},
        {"obligation": [{"when": {"age_lt": 18}, "value": "optional"}, {"value": "duty", "src": ["S29"]}]},
    ],
)
def test_what_may_be_written_is_taken(changes: dict[str, Any]) -> None:
    assert with_service(**changes) == []


def test_a_longer_circle_is_told_in_order() -> None:
    text = changed(
        '    requires: []\n    requires_held: [{item: "signed employment contract", src: [S29]}',
        '    requires: [{all_of: [digital_post]}]\n    requires_held: [{item: "signed contract", src: [S29]}',
    ).replace("all_of: [cpr_registration, mitid]", "all_of: [tax_card]")
    [finding] = check(text).findings
    assert finding.reason == "tax_card comes before itself: tax_card → digital_post → tax_card."
    assert finding.line == line_with("all_of: [digital_post]", text)


def test_services_that_are_for_the_same_people_as_each_other_are_told() -> None:
    text = TEXT.replace("applies_when_same_as: cpr_registration", "applies_when_same_as: mitid")
    assert any("mitid is for the same people as itself" in one.reason for one in check(text).findings)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "empty"),
        ("hello", 1, "must be a group of named entries"),
        ("a: 1\n---\nb: 2\n", 2, "second"),
        ("a:\n  b: &x [1]\n", 2, "aliases"),
        ("a: 1\nb: *x\n", 2, "aliases"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "Tags"),
        ("a: 1\nyes: 2\n", 2, "'yes' in quotes"),
        ("a: 1\n[b]: 2\n", 2, "must be text"),
        ("a: 1\nb: 2026-02-30\n", 2, "neither a date nor a number"),
        ("a: 1\nb: 2026-11-23 10:00:00\n", 2, "time of day"),
        ("a: 1\nb: 2026-11-23\n", 2, "A date stands only under"),
        ("a: 1\nb: .inf\n", 2, "no number one can count with"),
        ('a: 1\nb: "\\0"\n', 2, "cannot be shown"),
        ("a: 1\n<<: {b: 1}\n", 2, "'<<'"),
        (b"a: 1\nb: \xe6\n", 2, "UTF-8"),
        ("a: 1\nb: \0\n", 2, "not YAML"),
    ],
)
def test_what_yaml_can_but_a_catalogue_must_not(text: str | bytes, line: int, said: str) -> None:
    assert any(finding.line == line and said in finding.reason for finding in check(text).findings)


@pytest.mark.parametrize(
    "text",
    [
        "[" * LARGEST, "{a: " * (LARGEST // 4), "- " * (LARGEST // 2), "- a\n" * (LARGEST // 4),
        "? " * (LARGEST // 2), 'a: "' + "x" * (LARGEST - 9) + '"', "a: 1" + ":1" * (LARGEST // 2 - 9),
        "a: " + "9" * (LARGEST - 9), "".join(f"k{n}: 1\n" for n in range(150_000)),
        "a: &a [x,x]\n" + "".join(f"k{n}: &k{n} [*a,*a]\n" for n in range(40)), "x" * (LARGEST + 1),
        "services:\n" + "".join(f"- {{id: s{n}, requires: [{{all_of: [s{n + 1}]}}]}}\n" for n in range(4000)),
        "services:\n- {" + ", ".join(f"requries{n}: 1" for n in range(20_000)) + "}\n",
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_a_file_made_to_hurt_is_refused_quickly(text: str) -> None:
    began = time.process_time()
    assert check(text).findings
    assert time.process_time() - began < 5  # a laptop needs under one second for each


def test_no_more_of_a_file_is_read_than_a_catalogue_may_hold(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(10 * 1024**3)  # ten gigabytes of nothing, which take no room on the disk
    [finding] = face.check_file(path)
    assert "larger than 2 MB" in finding.reason


SIGNS = st.sampled_from(
    [*":-[]{}#&*!|>'\"%@,? \t\n", "é", "ø", "\u202e", "\x85", "~", "0", "x", "- ", "null"]
)
PLACES = st.integers(0, len(TEXT) - 1)
ROWS = st.integers(0, len(LINES) - 1)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """The bundled catalogue after somebody's finger slipped, once or twice."""
    text = TEXT
    for _ in range(draw(st.integers(1, 2))):
        place = draw(PLACES) % len(text)
        if draw(st.booleans()):
            text = text[:place] + draw(SIGNS) + text[place + draw(st.integers(0, 3)) :]
        else:
            rows = text.splitlines(keepends=True)
            row = draw(ROWS) % len(rows)
            rows[row : row + 1] = draw(st.sampled_from([[], [rows[row]] * 2, ["  " + rows[row]]]))
            text = "".join(rows)
    return text


@given(broken())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_catalogue_broken_anywhere_is_refused_or_comes_out_as_it_went_in(text: str) -> None:
    checked = check(text)
    if checked.findings:
        last = text.count("\n") + 1
        assert all(1 <= finding.line <= last and finding.reason for finding in checked.findings)
        return
    stored = json.loads(json.dumps(to_record(checked.data)))
    assert yaml.load(write(from_record(stored)), LOADER) == yaml.load(text, LOADER)
