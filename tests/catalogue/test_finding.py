"""Finding by a few words: what counts before what, and what is forgiven. Pure: no house is needed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.catalogue.finding import Index, Saying
from house.catalogue.searching import fold, in_latin, slips_between, words_of


def index(**lists: str) -> Index:
    """Things with what they are called, apart by commas; all of it counts the same."""
    said = [Saying(of, text.strip(), 1.0) for of, line in lists.items() for text in line.split(",")]
    return Index(said, ["how do i get a the"])


def found(of: Index, words: str) -> list[str]:
    return [hit.of for hit in of.find(of.read(words))]


# --- words as they are compared ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Führerschein", "fuehrerschein"),
        ("Führerschein", "FUHRERSCHEIN"),
        ("børnehave", "boernehave"),
        ("børnehave", "bornehave"),
        ("lægevalg", "laegevalg"),
        ("Åbyhøj", "aabyhoej"),
        ("address", "adress"),
        ("Żłobek", "zlobek"),
        ("kreş", "kres"),
        ("İKAMET", "ikamet"),
        ("kayıt", "kayit"),
        ("сім'ї", "сімʼї"),
        ("ґанок", "ганок"),
        ("الضريبة", "ضريبه"),
        ("إقامة", "اقامة"),
        ("کتاب", "كتاب"),
        ("می‌خواهم", "میخواهم"),
        ("علی", "على"),
        ("۱۲۳۴", "1234"),
    ],
)  # fmt: skip
def test_words_are_compared_as_people_type_them(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_cyrillic_words_are_known_in_latin_letters_and_the_other_way_round() -> None:
    assert in_latin(fold("Училище")) == "uchilishte"
    of = index(school="училище", account="nemkonto")
    assert found(of, "uchilishte") == ["school"]
    assert found(of, "немконто") == ["account"]


@given(st.text(), st.text())
def test_any_text_can_be_asked_for(said: str, asked: str) -> None:
    of = Index([Saying("it", said, 1.0)])
    of.find(of.read(asked))
    of.near(of.read(asked))
    assert of.knows(of.read(said)) in (True, False)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_slips_are_counted_as_the_plain_rule_counts_them(one: str, other: str, most: int) -> None:
    assert slips_between(one, other, most) == min(slips(one, other), most + 1)


def slips(one: str, other: str) -> int:
    """The same by the textbook: letters more, less, other, and neighbours swapped."""
    if not one or not other:
        return len(one) + len(other)
    best = min(
        slips(one[:-1], other) + 1,
        slips(one, other[:-1]) + 1,
        slips(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-1] == other[-2] and one[-2] == other[-1]:
        best = min(best, slips(one[:-2], other[:-2]) + 1)
    return best


# --- what counts before what ------------------------------------------------------------------------------


def test_a_word_as_it_stands_comes_before_its_beginning_and_that_before_a_slip() -> None:
    of = index(slip="carts", begun="cardigan", exact="card", other="house")
    assert found(of, "card")[:2] == ["exact", "begun"]
    assert found(of, "crad") == ["exact"]
    assert found(of, "cardig")[0] == "begun"


def test_a_name_comes_before_small_print() -> None:
    of = Index([Saying("print", "bring the tax card", 0.2), Saying("name", "tax card for you", 1.0)])
    assert found(of, "tax card") == ["name", "print"]


def test_the_thing_that_is_called_just_so_comes_first() -> None:
    of = index(long="residence card for families of citizens", just="residence card", card="card")
    assert found(of, "residence card") == ["just", "long", "card"]
    assert found(of, "how do I get a residence card?")[0] == "just"


def test_rare_words_tell_more_than_common_ones() -> None:
    of = index(a="card tax", b="card health", c="card residence", d="card bank")
    assert found(of, "health card")[0] == "b"


def test_other_endings_are_the_same_word() -> None:
    of = index(tax="podatki", school="школа", course="kurs duńskiego")
    assert found(of, "podatek") == ["tax"]
    assert found(of, "школу") == ["school"]
    assert found(of, "kursy dunskie") == ["course"]


def test_words_are_found_joined_and_apart() -> None:
    of = index(id="mitid", card="health card", post="e-boks")
    assert found(of, "mit id") == ["id"]
    assert found(of, "healthcard") == ["card"]
    assert found(of, "eboks") == ["post"]


@pytest.mark.parametrize("words", ["", "the", "how do I get a", "zebra", "ca", "!!"])
def test_nothing_is_found_by_words_that_say_nothing(words: str) -> None:
    assert found(index(card="card", house="house"), words) == []


def test_numbers_are_found_only_as_they_stand() -> None:
    of = index(form="form 04063", other="1000 kroner")
    assert found(of, "100") == []
    assert found(of, "04063") == ["form"]


def test_noise_beside_a_clear_result_is_not_shown() -> None:
    of = Index([Saying("clear", "kindergarten", 1.0), Saying("noise", "kindergarten", 0.1)])
    assert [hit.of for hit in Index.worth_showing(of.find(of.read("kindergarten")))] == ["clear"]
    assert Index.worth_showing([]) == []


def test_what_looks_alike_is_offered_and_nothing_that_does_not() -> None:
    of = index(licence="driving licence", house="housing")
    assert of.near(of.read("drivingtest")) == ["licence"]
    assert of.near(of.read("xyz")) == []


def test_a_long_question_is_answered_at_once() -> None:
    of = index(**{f"thing{n}": f"word{n}, other{n} word{n + 1}" for n in range(500)})
    begun = time.perf_counter()
    of.find(of.read("word " * 100_000))
    of.find(of.read("w" * 1_000_000))
    assert time.perf_counter() - begun < 5
