"""Handing over by the verbs: turns, contacts told in codes, letters in the person's language, forgetting."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import func, select

from house import audit, clock, worker
from house.post import Letter, message
from house.problems import Gone, Moved, NotHere, Problem
from house.referrals import handover
from house.referrals.forget import forget
from house.referrals.handover import UNANSWERED_AFTER, Told, Wanted, by_reference, by_token, turn
from house.referrals.models import Basis, Referral, ToldBy
from house.referrals.states import ENDS, NEXT, ReferralState
from house.reporting.models import Contact
from tests.referrals.scenes import (
    EMAIL,
    MATTER,
    NAME,
    SERVICE,
    STAFF,
    S,
    hand_over,
    house_template,  # noqa: F401 - a fixture
    walk,
)


def contacts(session):
    session.flush()
    return session.scalars(select(Contact)).all()


def token_of(referral):
    return handover.link_to(referral).rpartition("/")[2]


# --- sending ---------------------------------------------------------------------------------------------


def test_a_hand_over_is_sent_written_down_and_told_to_the_person(session):
    referral = hand_over(session)
    assert (referral.state, [one.state for one in referral.turns]) == (S.SENT, [S.DRAFT, S.SENT])
    assert {one.actor for one in referral.turns} == {STAFF}
    assert (referral.told.told_by, referral.told.told_on) == (ToldBy.PHONE, clock.today("Europe/Copenhagen"))
    letter = session.scalars(select(Letter)).one()
    assert (letter.recipient, letter.language) == (EMAIL, "uk")
    acts = session.scalars(select(audit.Act).where(audit.Act.verb == "referral_sent")).all()
    assert [act.subject for act in acts] == [f"referral {referral.id}"]
    assert contacts(session) == [], "nothing is told before it ended"


def test_before_the_receiver_is_told_nobody_writes_that_it_was(session):
    referral = hand_over(session, is_told=False)
    assert (referral.state, referral.told) == (S.DRAFT, None)
    assert session.scalars(select(Letter)).all() == []
    with pytest.raises(Problem):
        turn(session, referral, S.SENT, STAFF)
    walk(session, referral, S.SENT)
    assert [letter.kind for letter in session.scalars(select(Letter))] == ["referral_changed"]


@pytest.mark.parametrize("days", [-1, 1])
def test_nobody_was_told_before_there_was_a_hand_over_nor_tomorrow(session, days):
    referral = hand_over(session, is_told=False)
    on = clock.today("Europe/Copenhagen") + timedelta(days=days)
    with pytest.raises(Problem):
        turn(session, referral, S.SENT, STAFF, told=Told(ToldBy.MAIL, on))
    assert referral.state is S.DRAFT and session.scalars(select(Letter)).all() == []


def test_who_was_never_passed_on_is_told_just_that(session):
    walk(session, hand_over(session, is_told=False, language="en"), S.CANCELLED)
    [letter] = session.scalars(select(Letter))
    words = message(letter).get_body(("plain",)).get_content()
    assert "We did not pass your matter on." in words and "we passed on for you" not in words


def test_without_an_address_there_is_no_letter(session):
    walk(session, hand_over(session, email=None), S.ACCEPTED, S.COMPLETED)
    assert session.scalars(select(Letter)).all() == []


def test_an_unknown_service_is_not_here(session):
    with pytest.raises(NotHere):
        hand_over(session, service_id=999_999)


def test_nobody_is_named_in_a_repr_or_the_audit(session):
    referral = hand_over(session)
    session.flush()
    wanted = Wanted(1, NAME, EMAIL, MATTER, "uk", Basis.LAW)
    shown = [repr(referral), repr(referral.turns[0]), repr(wanted)]
    shown += [str(vars(act)) for act in session.scalars(select(audit.Act))]
    assert not any(secret in one for one in shown for secret in (NAME, "Olena", EMAIL, MATTER))


# --- turns -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("now", "wanted"), list(product(ReferralState, ReferralState)))
def test_a_hand_over_goes_only_where_the_table_says(session, now, wanted):
    referral = hand_over(session, email=None)
    referral.state = now
    before = len(referral.turns)
    if wanted in NEXT[now]:
        walk(session, referral, wanted)
        assert (referral.state, len(referral.turns)) == (wanted, before + 1)
        assert (referral.ended_at is not None) == (wanted in ENDS)
    else:
        with pytest.raises(Moved):
            turn(session, referral, wanted, STAFF)
        assert (referral.state, len(referral.turns)) == (now, before)


def test_a_turn_from_a_page_that_is_out_of_date_is_refused(session):
    referral = hand_over(session)
    walk(session, referral, S.ACCEPTED, S.IN_PROGRESS)
    with pytest.raises(Moved):
        turn(session, referral, S.ON_HOLD, STAFF, seen="accepted")
    turn(session, referral, S.ON_HOLD, STAFF, seen="in_progress")


# --- what is told ----------------------------------------------------------------------------------------

ENDINGS = [
    ((S.ACCEPTED, S.COMPLETED), "served", "completed", "not_applicable"),
    ((S.ACCEPTED, S.IN_PROGRESS, S.FAILED), "failed", "failed", "unknown"),
    ((S.REJECTED,), "failed", "rejected", "unknown"),
    ((S.CANCELLED,), "cancelled", "cancelled", "not_applicable"),
    ((S.UNANSWERED,), "failed", "unanswered", "unknown"),
]


@pytest.mark.parametrize(("way", "outcome", "referral_outcome", "reason"), ENDINGS)
def test_an_ending_is_told_once_in_codes(session, way, outcome, referral_outcome, reason):
    walk(session, hand_over(session), *way)
    [contact] = contacts(session)
    assert (contact.service, contact.channel, contact.language) == (SERVICE, "referral", "uk")
    assert contact.partner == contact.authority == "skattestyrelsen"
    assert (contact.outcome, contact.referral_outcome) == (outcome, referral_outcome)
    assert contact.failure_reason == reason
    assert contact.service_group != "not_applicable"
    assert not any(secret in str(vars(contact)) for secret in ("Olena", EMAIL, MATTER))


@pytest.mark.parametrize(
    ("wait", "band"),
    [
        (timedelta(minutes=30), "0"),
        (timedelta(hours=2), "1_2"),  # over midnight on the wall
        (timedelta(days=2, hours=2), "3_7"),
        (timedelta(days=40), "31_plus"),
    ],
)
def test_the_answer_is_counted_in_calendar_days_not_the_end(session, frozen, wait, band):
    clock_ = frozen("2027-01-07 22:30")
    referral = hand_over(session)
    clock_.shift(wait)
    walk(session, referral, S.ACCEPTED)
    clock_.shift(timedelta(days=60))
    walk(session, referral, S.COMPLETED)
    assert contacts(session)[0].response_band == band


def test_the_answer_is_counted_from_the_day_the_receiver_was_told(session, frozen):
    clock_ = frozen("2027-01-07 10:00")
    referral = hand_over(session, is_told=False)
    clock_.shift(timedelta(days=10))
    walk(session, referral, S.SENT)
    clock_.shift(timedelta(days=1))
    walk(session, referral, S.ACCEPTED, S.COMPLETED)
    assert contacts(session)[0].response_band == "1_2"


def test_without_an_answer_the_band_is_unknown(session):
    walk(session, hand_over(session), S.CANCELLED)
    assert contacts(session)[0].response_band == "unknown"


# --- letters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "da", "ar"])
def test_letters_say_how_it_began_and_ended_in_the_persons_language(session, language):
    referral = hand_over(session, language=language)
    walk(session, referral, S.ACCEPTED, S.IN_PROGRESS, S.ON_HOLD, S.IN_PROGRESS, S.COMPLETED)
    session.flush()
    letters = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert len(letters) == 2, "at the beginning and at the end, not at every turn"
    for letter in letters:
        mail = message(letter)
        assert letter.language == language
        assert not any(secret in mail["Subject"] for secret in (NAME, SERVICE, MATTER))
        words = mail.get_body(("plain",)).get_content()
        assert f"/{language}/referral/" in words
        assert MATTER not in words
    if language == "en":
        assert message(letters[0])["Subject"] == "We passed your matter on"
        assert "Completed" in message(letters[1]).get_body(("plain",)).get_content()


# --- links and references --------------------------------------------------------------------------------


def test_the_persons_link_opens_this_hand_over_and_no_other(session):
    referral, other = hand_over(session), hand_over(session)
    assert by_token(session, token_of(referral)) is referral
    for forged in ("", "x", f"{referral.reference}.", f"{other.reference}.{token_of(referral)[8:]}"):
        with pytest.raises(NotHere):
            by_token(session, forged)


@pytest.mark.parametrize("reference", ["K7M4QXT", "", "k7m4qxt", "\x00", "'", "a" * 5000])
def test_a_reference_nobody_has_is_not_here(session, reference):
    with pytest.raises(NotHere):
        by_reference(session, reference)


# --- forgetting ------------------------------------------------------------------------------------------


def test_ninety_days_after_the_end_the_person_is_forgotten_and_the_link_dies(session, frozen):
    clock_ = frozen("2027-01-07 10:00")
    ended, waiting = hand_over(session), hand_over(session)
    walk(session, ended, S.ACCEPTED, S.COMPLETED)
    clock_.shift(timedelta(hours=1))
    walk(session, waiting, S.ACCEPTED)
    clock_.shift(timedelta(hours=-1))
    session.commit()
    token = token_of(ended)
    clock_.shift(timedelta(days=90))
    assert forget(session, clock.now()) == 0
    clock_.shift(timedelta(seconds=1))
    assert forget(session, clock.now()) == 1
    assert forget(session, clock.now()) == 0
    session.expire_all()
    assert (ended.name, ended.email, ended.matter) == (None, None, None)
    assert (waiting.name, waiting.email, waiting.matter) == (NAME, EMAIL, MATTER)
    with pytest.raises(Gone):
        by_token(session, token)
    assert ended.state is S.COMPLETED
    assert session.scalar(select(func.count()).select_from(Referral)) == 2


# --- what nobody answers ---------------------------------------------------------------------------------

def keep_house(app, session):
    """The worker's hour, and what it left."""
    session.commit()
    worker.housekeeping(app)
    session.expire_all()


WAITS = [
    ((), S.UNANSWERED),
    ((S.ACCEPTED,), S.UNANSWERED),
    ((S.ACCEPTED, S.IN_PROGRESS), S.UNANSWERED),
    ((S.ACCEPTED, S.ON_HOLD), S.UNANSWERED),
]


@pytest.mark.parametrize(("way", "end"), WAITS)
def test_what_nobody_answers_is_closed_by_the_worker_told_and_forgotten(app, session, frozen, way, end):
    clock_ = frozen("2027-01-07 10:00")
    referral = hand_over(session, language="en")
    walk(session, referral, *way)
    session.commit()
    clock_.shift(UNANSWERED_AFTER)
    keep_house(app, session)
    assert referral.ended_at is None, "not a moment too soon"
    clock_.shift(timedelta(minutes=1))
    for _ in range(2):  # the second round finds nothing more to do
        keep_house(app, session)
    assert (referral.state, referral.turns[-1].actor) == (end, "house")
    assert [contact.referral_outcome for contact in contacts(session)] == [end.value]
    told = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert len(told) == 2
    assert "Closed without an answer" in message(told[1]).get_body(("plain",)).get_content()
    clock_.shift(timedelta(days=91))
    keep_house(app, session)
    assert (referral.name, referral.email, referral.matter) == (None, None, None)


def test_what_the_house_never_told_is_closed_as_such_and_forgotten(app, session, frozen):
    clock_ = frozen("2027-01-07 10:00")
    referral = hand_over(session, is_told=False)
    session.commit()
    clock_.shift(UNANSWERED_AFTER + timedelta(minutes=1))
    keep_house(app, session)
    assert referral.state is S.CANCELLED
    clock_.shift(timedelta(days=91))
    keep_house(app, session)
    assert (referral.name, referral.email, referral.matter) == (None, None, None)


def test_what_waits_is_forgotten_even_where_no_worker_ever_closed_it(session, frozen):
    clock_ = frozen("2027-01-07 10:00")
    referral = hand_over(session, email=None, name="", matter=MATTER)
    session.commit()
    clock_.shift(timedelta(days=91))
    assert forget(session, clock.now()) == 1
    session.expire_all()
    assert referral.matter is None and referral.state is S.SENT
