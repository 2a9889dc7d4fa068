"""The tree of languages: a text is worth what it was made from, all the way down to the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.catalogue.language_tree import LanguageTree, Made, Said, TextState, Translations

UP_TO_DATE, MACHINE, OUTDATED, MISSING = TextState


def tree(record: str = "en", **languages: Mapping[str, Made]) -> LanguageTree:
    return LanguageTree(record, *(Translations(tag, texts) for tag, texts in languages.items()))


def test_a_text_has_a_state() -> None:
    by_machine = Made("milk", "mælk", machine=True)
    some = tree(da={"a": Made("tea", "te"), "b": Made("coffee", "kaffe"), "c": by_machine})
    assert some.state("da", "a", "tea") is UP_TO_DATE
    assert some.state("da", "b", "decaf") is OUTDATED
    assert some.state("da", "c", "milk") is MACHINE
    assert some.state("da", "d", "water") is MISSING
    assert some.state("pl", "a", "tea") is MISSING
    assert some.state("en", "a", "anything") is UP_TO_DATE


def test_what_is_missing_or_outdated_is_said_in_the_catalogues_own_words() -> None:
    some = tree(da={"a": Made("tea", "te"), "b": Made("coffee", "kaffe")})
    assert some.say("da", "a", "tea") == Said("te", "da")
    assert some.say("da", "b", "decaf") == Said("decaf", "en")
    assert some.say("da", "d", "water") == Said("water", "en")


def test_what_an_entry_says_itself_goes_before_a_text() -> None:
    some = tree(da={"b": Made("coffee", "kaffe")})
    assert some.say("da", "b", "coffee", {"da": "kaffe, sort"}) == Said("kaffe, sort", "da")
    assert some.state("da", "b", "decaf", {"da": "koffeinfri"}) is UP_TO_DATE


def test_what_is_said_twice_is_translated_once_and_an_entry_may_move() -> None:
    some = tree(da={"a": Made("tea", "te"), "b": Made("coffee", "kaffe")})
    assert some.say("da", "z", "tea") == Said("te", "da")
    assert some.say("da", "a", "coffee") == Said("kaffe", "da")
    assert some.state("da", "a", "coffee") is UP_TO_DATE
    twice = tree(da={"a": Made("no", "nej", machine=True), "b": Made("no", "ingen")})
    assert twice.say("da", "a", "no").text == "nej"
    assert twice.say("da", "c", "no").text == "ingen"
    assert twice.state("da", "c", "no") is UP_TO_DATE


DANISH = {
    "en": {"a": Made("te", "tea", "da"), "b": Made("kaffe", "coffee", "da")},
    "pl": {"a": Made("tea", "herbata"), "b": Made("coffee", "kawa"), "c": Made("mælk", "mleko", "da")},
}


def test_a_danish_catalogue_goes_by_english_to_the_others() -> None:
    some = tree("da", **DANISH)
    assert some.say("da", "a", "te") == Said("te", "da")
    assert some.say("en", "a", "te") == Said("tea", "en")
    assert some.say("pl", "a", "te") == Said("herbata", "pl")
    assert some.source("pl", "a", "te") == Said("tea", "en")
    assert some.source("en", "a", "te") == Said("te", "da")


def test_where_english_is_missing_a_text_may_come_from_the_catalogues_own_words() -> None:
    some = tree("da", **DANISH)
    assert some.source("pl", "c", "mælk") == Said("mælk", "da")
    assert some.say("pl", "c", "mælk") == Said("mleko", "pl")
    assert some.say("de", "a", "te") == Said("tea", "en")
    assert some.say("de", "c", "mælk") == Said("mælk", "da")


def test_when_the_source_of_the_source_changes_the_whole_branch_is_outdated() -> None:
    some = tree("da", **DANISH)
    assert some.state("en", "b", "te uden mælk") is OUTDATED
    assert some.state("pl", "b", "te uden mælk") is OUTDATED
    assert some.say("pl", "b", "te uden mælk") == Said("te uden mælk", "da")


def test_english_that_an_entry_says_itself_carries_the_branch() -> None:
    some = tree("da", pl={"a": Made("tea", "herbata")})
    assert some.say("pl", "a", "te", {"en": "tea"}) == Said("herbata", "pl")
    assert some.say("pl", "a", "te", {"en": "green tea"}) == Said("green tea", "en")


words = st.sampled_from(["one", "two", "three"])
made = st.builds(Made, words, words, st.sampled_from(["en", "da", "pl"]), st.booleans())
some_texts = st.dictionaries(st.sampled_from("abc"), made)


@pytest.mark.parametrize("record", ["en", "da", "pl"])
@given(some_texts, some_texts, some_texts, st.sampled_from("abc"), words)
def test_nothing_is_shown_that_was_made_from_what_does_not_stand(
    record: str, da: dict[str, Made], en: dict[str, Made], pl: dict[str, Made], subject: str, now: str
) -> None:
    some = tree(record, da=da, en=en, pl=pl)
    for language in ("da", "en", "pl", "ar"):
        said, state = some.say(language, subject, now), some.state(language, subject, now)
        assert (said.lang == language) == (state in (UP_TO_DATE, MACHINE))
        if said.lang == record:
            assert said.text == now
        else:
            sources = {some.source(said.lang, subject, now), Said(now, record)}
            texts = {"da": da, "en": en, "pl": pl}[said.lang].values()
            assert any(
                one.text == said.text and Said(one.source, one.source_language) in sources for one in texts
            )
