"""Keys: links that open one thing, marks that find an address again, codes to say on the phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from house.seals import ALPHABET, Keyring, Unsealable, new_reference, read_reference, reference_in

RING, OTHER = Keyring("a secret of this house, long enough"), Keyring("a secret of another house, long too")


def test_a_link_opens_its_own_thing_only() -> None:
    token = RING.link("visit", "K7M4QXT", 1)
    assert RING.opens(token, "visit", "K7M4QXT", 1)
    assert not RING.opens(token, "seat", "K7M4QXT", 1)
    assert not RING.opens(token, "visit", "K7M4QXP", 1)
    assert not OTHER.opens(token, "visit", "K7M4QXT", 1)


def test_a_new_generation_shuts_the_old_link() -> None:
    token = RING.link("visit", "K7M4QXT", 1)
    assert not RING.opens(token, "visit", "K7M4QXT", 2)
    assert RING.link("visit", "K7M4QXT", 1) == token  # so that letters can repeat it


@given(st.integers(0, 29), st.sampled_from("Aa0_-.é"))
def test_no_sign_of_a_link_may_differ(place: int, sign: str) -> None:
    token = RING.link("visit", "K7M4QXT", 1)
    changed = token[:place] + sign + token[place + 1 :]
    assert RING.opens(changed, "visit", "K7M4QXT", 1) == (changed == token)


@pytest.mark.parametrize(
    "token", ["", ".", "K7M4QXT", "K7M4QXT.", ".abc", "k7m4qxt.a", "K7M4QXT/.a", "K" * 17 + ".a"]
)
def test_what_is_no_link_names_nothing(token: str) -> None:
    assert reference_in(token) is None


def test_a_link_names_its_reference() -> None:
    assert reference_in(RING.link("visit", "K7M4QXT", 3)) == "K7M4QXT"


def test_a_reference_can_be_read_aloud_and_typed_badly() -> None:
    assert read_reference(" k7m-4q xt\n") == "K7M4QXT"
    assert set(new_reference()) <= set(ALPHABET)
    assert len({new_reference() for _ in range(200)}) == 200


@given(st.text(max_size=200))
def test_sealing_is_undone_by_the_same_house_for_the_same_column_only(words: str) -> None:
    sealed = RING.seal("visit.name", words)
    assert RING.unseal("visit.name", sealed) == words
    for ring, purpose in ((RING, "visit.email"), (OTHER, "visit.name")):
        with pytest.raises(Unsealable):
            ring.unseal(purpose, sealed)
    assert RING.seal("visit.name", words) != sealed  # equal names do not look equal


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x02" + bytes(40), b"\x01" + bytes(40)])
def test_what_was_never_sealed_is_refused(broken: bytes) -> None:
    with pytest.raises(Unsealable):
        RING.unseal("visit.name", broken)


def test_a_mark_is_the_same_for_the_same_address_and_purpose() -> None:
    mark = RING.mark("account.email", "ada@example.dk")
    assert mark == RING.mark("account.email", "ada@example.dk")
    assert (
        len({mark, RING.mark("visit.email", "ada@example.dk"), OTHER.mark("account.email", "ada@example.dk")})
        == 3
    )


@given(st.text(max_size=400))
def test_a_carried_text_comes_back_and_cannot_be_read_on_the_way(text: str) -> None:
    token = RING.carry("plan", text)
    assert RING.carried("plan", token) == text
    assert token.isascii() and not set(token) & set('"; ,\\=')
    assert RING.carry("plan", text) != token


@given(st.integers(0, 60), st.sampled_from("Aa0_-.é=\x00"))
def test_no_sign_of_a_carried_text_may_differ(place: int, sign: str) -> None:
    token = RING.carry("plan", "a few answers, sealed")
    changed = token[:place] + sign + token[place + 1 :]
    if changed != token:
        with pytest.raises(Unsealable):
            RING.carried("plan", changed)


@pytest.mark.parametrize("token", ["", "x", "AAAA", "=", "AQ", "A" * 5000, "é", "\udcff"])
def test_what_was_never_carried_is_not_read(token: str) -> None:
    with pytest.raises(Unsealable):
        RING.carried("plan", token)


def test_a_carried_text_is_for_its_house_and_purpose_only() -> None:
    token = RING.carry("plan", "answers")
    for ring, purpose in ((OTHER, "plan"), (RING, "else")):
        with pytest.raises(Unsealable):
            ring.carried(purpose, token)
