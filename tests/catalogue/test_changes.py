"""What differs between two texts of an entry, in pieces that a person can read, and two changes as one."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from house.catalogue.changes import Change, changes, differing, merge

RECORD: dict[str, Any] = {
    "id": "tea",
    "name": {"en": "Tea", "da": "Te"},
    "deadline": {"rule": "drink within five minutes", "days": 5},
    "documents": [{"en": "cup", "src": ["A"]}, {"en": "spoon", "src": ["A"]}, {"en": "milk", "src": ["A"]}],
    "applies_when": [{"purpose": ["student"]}],
}


def altered(**changed: Any) -> dict[str, Any]:
    return {**copy.deepcopy(RECORD), **changed}


def test_the_same_text_has_no_changes() -> None:
    assert changes(RECORD, altered()) == []


def test_a_changed_text_is_told_word_by_word() -> None:
    [one] = changes(RECORD, altered(deadline={"rule": "drink within ten minutes", "days": 5}))
    assert one.way == ("deadline", "rule")
    assert [(kind, words.strip()) for kind, words in one.parts] == [
        ("same", "drink within"),
        ("out", "five"),
        ("in", "ten"),
        ("same", "minutes"),
    ]


def test_rows_that_only_moved_up_are_not_told() -> None:
    [one] = changes(RECORD, altered(documents=RECORD["documents"][1:]))
    assert one == Change(("documents", 0), {"en": "cup", "src": ["A"]}, None)


def test_a_row_that_came_and_one_that_changed() -> None:
    papers = [{"en": "big cup", "src": ["A"]}, *RECORD["documents"][1:], {"en": "sugar", "src": ["A"]}]
    changed, came = changes(RECORD, altered(documents=papers))
    assert (changed.way, changed.before, changed.after) == (("documents", 0, "en"), "cup", "big cup")
    assert came == Change(("documents", 3), None, {"en": "sugar", "src": ["A"]})


def test_a_condition_is_told_whole() -> None:
    [one] = changes(RECORD, altered(applies_when=[{"purpose": ["student", "worker"]}]))
    assert (one.way, one.after) == (("applies_when",), [{"purpose": ["student", "worker"]}])


def test_a_whole_entry_comes_or_goes() -> None:
    assert [one.way for one in changes(None, RECORD)] == [(key,) for key in RECORD]
    assert all(one.after is None for one in changes(RECORD, None))


def test_two_changes_of_different_parts_come_together() -> None:
    merged = merge(RECORD, altered(id="coffee"), altered(fee={"dkk": 5}, deadline=RECORD["deadline"]))
    assert merged.record == altered(id="coffee", fee={"dkk": 5})
    assert merged.disputed == ()


def test_two_changes_of_one_part_are_disputed_and_mine_stands() -> None:
    merged = merge(RECORD, altered(id="coffee"), altered(id="cocoa"))
    assert (merged.record["id"], merged.disputed) == ("coffee", ("id",))


def test_taking_something_out_is_a_change_too() -> None:
    without = altered()
    del without["deadline"]
    assert merge(RECORD, altered(), without).record == without
    assert merge(RECORD, without, altered()).record == without
    assert merge(RECORD, without, altered(deadline={})).disputed == ("deadline",)


PARTS = some.dictionaries(some.sampled_from("abcd"), some.integers(0, 2), max_size=4)


@given(PARTS, PARTS, PARTS)
def test_merging_takes_each_part_from_a_side(base: Any, mine: Any, theirs: Any) -> None:
    merged = merge(base, mine, theirs)
    assert merge(base, mine, base).record == mine
    assert merge(base, base, theirs).record == theirs
    for key in "abcd":
        assert merged.record.get(key) in (mine.get(key), theirs.get(key))
        changed = [side.get(key) for side in (mine, theirs) if side.get(key) != base.get(key)]
        assert (key in merged.disputed) == (len(changed) == 2 and changed[0] != changed[1])


@given(PARTS, PARTS)
def test_what_differs_is_told(one: Any, other: Any) -> None:
    assert {change.way[0] for change in changes(one, other)} == set(differing(one, other))
