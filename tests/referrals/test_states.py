"""Which way a hand-over may go: the whole table, and what its ends are."""

from __future__ import annotations

from house.referrals.states import ANSWERS, BY_TIME, ENDS, NEXT, ReferralState, may_become

S = ReferralState


def test_every_state_is_in_the_table():
    assert set(NEXT) == set(ReferralState)


def test_an_end_is_final_and_every_other_state_can_end():
    assert {S.REJECTED, S.COMPLETED, S.FAILED, S.CANCELLED, S.UNANSWERED} == ENDS
    assert all(set(NEXT[state]) & ENDS for state in set(ReferralState) - ENDS)


def test_every_state_can_be_reached_and_none_goes_to_itself():
    reached = {S.DRAFT}
    while more := {new for state in reached for new in NEXT[state]} - reached:
        reached |= more
    assert reached == set(ReferralState)
    assert not any(may_become(state, state) for state in ReferralState)


def test_time_ends_every_hand_over_that_is_open_and_only_what_was_told_is_unanswered():
    assert set(BY_TIME) == set(ReferralState) - ENDS
    assert all(may_become(state, end) and end in ENDS for state, end in BY_TIME.items())
    assert {state for state, end in BY_TIME.items() if end is not S.UNANSWERED} == {S.DRAFT}


def test_nothing_is_completed_that_was_never_accepted():
    assert not may_become(S.SENT, S.COMPLETED)
    assert not may_become(S.DRAFT, S.ACCEPTED)
    assert {S.SENT} == {state for state in ReferralState if set(NEXT[state]) & ANSWERS}
