"""What newcomers type is found: sixty and more queries a language, written apart from the word lists.

Every second query is the half that lists and weights may be tuned on; the other half only measures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml
from flask import Flask
from sqlalchemy.orm import Session

from house.catalogue.everyday import everyday
from house.catalogue.looking import look
from house.catalogue.shelf import Shelf, shelf
from house.languages import LANGUAGES, speak

TAGS = [language.tag for language in LANGUAGES]
QUERIES: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "everyday_queries.yaml").read_text("utf-8")
)
AIM = 0.95
Looking = Callable[[], AbstractContextManager[Session]]


def queries(tag: str) -> list[tuple[str, str]]:
    """The queries of a language with the service that each looks for."""
    return [(query.strip(), slug) for slug, line in QUERIES[tag].items() for query in line.split("|")]


def missed(shelf: Shelf, asked: list[tuple[str, str]]) -> list[str]:
    """The queries whose service is not among the first three found, a line each."""
    found = ((query, slug, look(shelf, query).services) for query, slug in asked)
    return [f"{query!r}: {slug} not in {hits[:3]}" for query, slug, hits in found if slug not in hits[:3]]


@pytest.mark.parametrize("tag", TAGS)
def test_everyday_queries_find_their_service_among_the_first_three(
    catalogue: Flask, looking: Looking, tag: str, record_property: Callable[[str, object], None]
) -> None:
    asked = queries(tag)
    assert len(asked) >= 60 and len({query for query, _ in asked}) == len(asked)
    with speak(tag), looking() as session:
        here = shelf(session)
        assert {slug for _, slug in asked} == set(here.by_slug)
        for half, part in (("tuned on", asked[::2]), ("only measured", asked[1::2])):
            lost = missed(here, part)
            said = f"{tag}, {half}: {len(part) - len(lost)} of {len(part)} in the first three"
            record_property(half, said)
            assert len(part) - len(lost) >= AIM * len(part), "\n".join([said, *lost])


@pytest.mark.parametrize("tag", TAGS)
def test_a_slip_in_the_longest_word_is_forgiven(catalogue: Flask, looking: Looking, tag: str) -> None:
    """One letter left out, in the middle of the longest word, where the word is long enough to be known."""
    slipped = [(slip(query), slug) for query, slug in queries(tag) if slip(query) != query]
    assert len(slipped) >= 20
    with speak(tag), looking() as session:
        lost = missed(shelf(session), slipped)
    said = f"{tag}: {len(slipped) - len(lost)} of {len(slipped)} with a letter left out"
    assert len(slipped) - len(lost) >= 0.9 * len(slipped), "\n".join([said, *lost])


def slip(query: str) -> str:
    word = max(query.split(), key=len)
    if len(word) < 6:
        return query
    middle = len(word) // 2
    return query.replace(word, word[:middle] + word[middle + 1 :], 1)


@pytest.mark.parametrize("tag", TAGS)
def test_the_everyday_words_of_every_language_cover_every_service_and_authority(
    catalogue: Flask, looking: Looking, tag: str
) -> None:
    words = everyday(tag)
    with looking() as session:
        here = shelf(session)
        assert set(words.services) == set(here.by_slug)
        assert set(words.authorities) == set(here.authority_by_slug)
    assert len(words.little.split()) > 30
    for of, texts in {**words.services, **words.authorities}.items():
        assert all(texts) and len(set(texts)) == len(texts), (tag, of)
        assert len(texts) >= (6 if of in words.services else 1), (tag, of)


def test_what_is_typed_in_another_language_than_the_page_is_found(catalogue: Flask, looking: Looking) -> None:
    def first() -> Iterator[str]:
        for tag, word in (("en", "meldunek"), ("pl", "ehliyet"), ("ar", "школа"), ("fa", "førerbevis")):
            with speak(tag):
                yield look(shelf(session), word).services[0]

    with looking() as session:
        assert list(first()) == [
            "cpr_registration", "driving_licence_exchange", "school_enrolment", "driving_licence_exchange",
        ]  # fmt: skip


def test_authorities_are_found_by_name_and_by_what_people_call_them(
    catalogue: Flask, looking: Looking
) -> None:
    with speak("en"), looking() as session:
        here = shelf(session)
        assert look(here, "siri").authorities == ("siri",)
        assert "eu_residence_document" in look(here, "siri").services
        assert look(here, "tax office").authorities == ("skattestyrelsen",)
        assert look(here, "Danish Tax Agency").authorities[0] == "skattestyrelsen"
        assert look(here, "town hall").authorities == ("aalborg_citizen_service",)
        assert look(here, "yellow card").authorities == ()


@pytest.mark.parametrize("words", ["teapot", "xyzzy", "the", "how do I", "?!", "100%", "a", "𝔘"])
def test_what_means_nothing_here_finds_nothing(catalogue: Flask, looking: Looking, words: str) -> None:
    with speak("en"), looking() as session:
        found = look(shelf(session), words)
    assert found.services == () and found.authorities == ()


def test_who_found_nothing_is_offered_what_looks_alike(catalogue: Flask, looking: Looking) -> None:
    with speak("en"), looking() as session:
        found = look(shelf(session), "kommunikation")
        assert found.services == () and found.near != ()
