"""Publishing, calling off, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.events import programme
from house.events.cancelling import cancel
from house.events.models import Audience, EventState
from house.events.publishing import call_off, change_capacity
from house.events.signing_up import sign_up
from house.languages import speak
from house.post import Letter
from house.problems import Moved, NotHere, Problem
from house.reporting.codes import AUDIENCES
from tests.events.scenes import CAFE, an_event, persons, tomorrow


def test_an_event_is_shown_in_the_language_of_the_page_or_in_english_marked_so(session: Session) -> None:
    an_event(session)
    with speak("da"):
        card = programme.by_slug(session, "cafe")
        assert (card.title, card.text_lang) == ("Sprogcafé", "da")
    with speak("ar"):
        card = programme.by_slug(session, "cafe")
        assert (card.title, card.text_lang) == ("Language café", "en")


def test_a_day_is_the_day_on_the_wall_of_the_house(session: Session) -> None:
    late = tomorrow().replace(month=1, day=5, year=2030, hour=23, minute=30)
    an_event(session, starts_at=late)
    assert f"{programme.by_slug(session, 'cafe').starts:%d %H:%M}" == "06 00:30"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"slug": "No spaces"}, "wrong_slug"),
        ({"slug": "x" * 81}, "wrong_slug"),
        ({"texts": {"da": CAFE["da"]}}, "wrong_texts"),
        ({"texts": {"en": ("", "")}}, "wrong_texts"),
        ({"texts": CAFE | {"xx": ("a", "b")}}, "wrong_texts"),
        ({"ends_at": tomorrow() - timedelta(days=1)}, "wrong_times"),
        ({"sign_up_until": tomorrow() + timedelta(days=9)}, "wrong_times"),
        ({"capacity": 0}, "wrong_capacity"),
        ({"capacity": 2001}, "wrong_capacity"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, changes: dict[str, object], code: str) -> None:
    with pytest.raises(Problem, match=code):
        an_event(session, **changes)  # type: ignore[arg-type]


def test_an_address_is_had_once(session: Session) -> None:
    an_event(session)
    with pytest.raises(Moved, match="event_exists"):
        an_event(session)


def test_an_event_without_a_place_is_in_the_house(catalogue: object, session: Session) -> None:
    from house.catalogue import face

    face.set_up_place(
        session, "The House", "Street 1", None, "Europe/Copenhagen", {0: [("09:00", "12:00")]}, {}
    )
    event = an_event(session, place=None, address=None)
    assert (event.place, event.address) == ("The House", "Street 1")


def test_calling_off_tells_those_who_wanted_to_come_and_only_once(session: Session) -> None:
    event = an_event(session)
    signup = sign_up(session, event, persons(3))
    cancel(session, signup.attendees[0])
    for _ in range(2):
        call_off(session, event.id, "staff 1")
    told = session.scalars(select(Letter.recipient).where(Letter.kind == "event_called_off"))
    assert sorted(map(str, told)) == ["number2@example.dk", "number3@example.dk"]
    assert (event.state, event.revision) == (EventState.CANCELLED, 1)


def test_what_is_over_is_not_called_off(session: Session) -> None:
    event = an_event(session, starts_at=tomorrow() - timedelta(days=3))
    with pytest.raises(Moved, match="event_over"):
        call_off(session, event.id, "staff 1")


def test_a_capacity_has_its_limits(session: Session) -> None:
    event = an_event(session)
    for wrong in (0, 2001):
        with pytest.raises(Problem, match="wrong_capacity"):
            change_capacity(session, event.id, wrong, "staff 1")
    with pytest.raises(NotHere):
        change_capacity(session, 4711, 5, "staff 1")


def test_audiences_are_the_ones_that_reporting_counts() -> None:
    assert tuple(map(str, Audience)) == AUDIENCES
