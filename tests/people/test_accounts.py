"""Accounts and companies: what is taken, what is refused, and what closing leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from house import audit, clock
from house.doors import Role
from house.people import face as people
from house.people.forget import forget
from house.people.links import send_sign_in_link
from house.people.models import Account, Attempt, Membership, SignInLink
from house.people.signing_in import Bucket, admit, count_attempt, find
from house.problems import Moved, Problem, TooMany
from tests.conftest import synthetic_cvr

PASSWORD = "a sentence of my own"


def staff(session, email="ada@example.dk", **more):
    body = people.house_body(session)
    return people.open_account(session, email, "Ada Lovelace", [(body.id, Role.DESK)], PASSWORD, **more)


def contact(session, email="hr@example.dk", **more):
    body = people.add_company(session, "Example A/S", synthetic_cvr(0))
    return people.open_account(session, email, "Karen Friis", [(body.id, Role.COMPANY)], **more)


# --- companies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["99000007", "DK99000007", "dk 99 00 00 07", "99-00-00-07"])
def test_a_right_cvr_number_is_taken_however_it_is_written(session, written):
    assert people.add_company(session, "Example A/S", written).cvr == "99000007"


@pytest.mark.parametrize(
    "written", ["", "99000008", "9900000", "990000077", "abcdefgh", "00000000", "٩٩٠٠٠٠٠٧"]
)
def test_a_wrong_cvr_number_is_refused(session, written):
    with pytest.raises(Problem, match="wrong_cvr"):
        people.add_company(session, "Example A/S", written)


def test_a_company_is_added_once(session):
    people.add_company(session, "Example A/S", "99000007")
    with pytest.raises(Moved, match="company_exists"):
        people.add_company(session, "Example again", "DK 99000007")


def test_the_house_has_one_body_of_its_own(session):
    assert people.house_body(session).id == people.house_body(session).id


# --- accounts --------------------------------------------------------------------------------------------


def test_a_password_is_kept_as_an_argon2_hash(session):
    stored = staff(session).password
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_an_account_is_found_whatever_the_capitals(session):
    account = staff(session, "Ada@Example.DK")
    assert find(session, " ADA@example.dk ") is account
    with pytest.raises(Moved, match="account_exists"):
        staff(session, "ada@EXAMPLE.dk")


@pytest.mark.parametrize("email", ["", "ada", "ada@", "ada@example.dk\nBcc: x@example.dk"])
def test_an_address_that_cannot_sign_in_gets_no_account(session, email):
    with pytest.raises(Problem, match="wrong_email"):
        staff(session, email)


@pytest.mark.parametrize("password", ["short", "eleven sign", "aaaaaaaaaaaaaaaa"])
def test_a_weak_password_is_refused(session, password):
    with pytest.raises(Problem, match="weak_password"):
        people.open_account(session, "ada@example.dk", "Ada", [], password)


def test_a_closed_account_is_blank_and_lets_nobody_in(session):
    account = staff(session)
    before = account.fs_uniquifier
    people.close_account(session, account)
    session.commit()
    assert (account.email, account.email_mark, account.name, account.password) == (None,) * 4
    assert account.fs_uniquifier != before, "sessions that are open end too"
    assert admit(session, "ada@example.dk", PASSWORD) is None
    staff(session)  # the address is free again


def test_a_closed_accounts_link_opens_nothing_more(session):
    account = contact(session)
    send_sign_in_link(session, "hr@example.dk")
    people.close_account(session, account)
    session.flush()
    send_sign_in_link(session, "hr@example.dk")
    assert len(session.scalars(select(SignInLink)).all()) == 1


def test_nobody_is_named_where_logs_can_see_it(session):
    account = staff(session)
    shown = [repr(account), repr(people.Person(1, "Ada Lovelace", frozenset(), None))]
    shown += [str(vars(act)) for act in session.scalars(select(audit.Act))]
    assert not any("Ada" in one or "example.dk" in one for one in shown)


# --- forgetting ------------------------------------------------------------------------------------------


def test_old_links_and_counts_and_closed_accounts_are_forgotten(session):
    account = contact(session)
    send_sign_in_link(session, "hr@example.dk")
    session.commit()
    count_attempt(Bucket("somebody", 5, 60))
    account.closed_at = clock.now()  # closed by hand, its data left behind
    session.flush()
    now = clock.now()
    assert forget(session, now) == 1
    session.expire_all()
    assert (account.name, account.email, account.email_mark, account.password) == (None,) * 4
    assert forget(session, now + timedelta(days=1, minutes=29)) == 0
    assert forget(session, now + timedelta(days=1, minutes=31)) == 1, "the link"
    assert forget(session, now + timedelta(days=2, minutes=2)) == 1, "the count"
    assert session.scalars(select(SignInLink)).all() == session.scalars(select(Attempt)).all() == []
    assert session.scalars(select(Membership)).all(), "what somebody was allowed is no personal data"
    assert forget(session, now + timedelta(days=9)) == 0


# --- counting tries --------------------------------------------------------------------------------------


def test_tries_are_counted_within_a_span_and_survive_a_refusal(session, frozen):
    clock_ = frozen("2027-01-07 10:00")
    session.rollback()
    for _ in range(3):
        count_attempt(Bucket("x", 3, 900))
    with pytest.raises(TooMany) as refused:
        count_attempt(Bucket("x", 3, 900))
    session.rollback()
    assert refused.value.retry_after == 900
    count_attempt(Bucket("y", 3, 900))
    session.rollback()
    assert sorted(session.scalars(select(Attempt.count))) == [1, 4]
    clock_.shift(timedelta(seconds=900))
    count_attempt(Bucket("x", 3, 900))


def test_an_act_is_done_for_the_first_time_once(session):
    assert people.first_time(session, "page 1")
    session.rollback()
    assert people.first_time(session, "page 1"), "what was rolled back was not done"
    session.commit()
    assert not people.first_time(session, "page 1")
    assert people.first_time(session, "page 2")


def test_the_account_of_a_closed_company_contact_is_not_found(session):
    account = contact(session)
    account.active = False
    session.flush()
    assert find(session, "hr@example.dk") is None
    assert session.get(Account, account.id) is account
