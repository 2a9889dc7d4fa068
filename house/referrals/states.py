"""Which states a hand-over may go through. Pure."""

from __future__ import annotations

from enum import StrEnum


class ReferralState(StrEnum):
    """Where a hand-over stands; a draft is one that the house has still to tell its receiver."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"


S = ReferralState
NEXT: dict[ReferralState, tuple[ReferralState, ...]] = {
    S.DRAFT: (S.SENT, S.CANCELLED),
    S.SENT: (S.ACCEPTED, S.REJECTED, S.CANCELLED, S.UNANSWERED),
    S.ACCEPTED: (S.IN_PROGRESS, S.COMPLETED, S.FAILED, S.ON_HOLD, S.CANCELLED, S.UNANSWERED),
    S.IN_PROGRESS: (S.COMPLETED, S.FAILED, S.ON_HOLD, S.CANCELLED, S.UNANSWERED),
    S.ON_HOLD: (S.IN_PROGRESS, S.FAILED, S.CANCELLED, S.UNANSWERED),
    S.REJECTED: (),
    S.COMPLETED: (),
    S.FAILED: (),
    S.CANCELLED: (),
    S.UNANSWERED: (),
}
ANSWERS = frozenset({S.ACCEPTED, S.REJECTED})
BY_TIME = {
    state: S.UNANSWERED if S.UNANSWERED in following else S.CANCELLED
    for state, following in NEXT.items() if following
}  # fmt: skip
"""How a hand-over ends that nobody touched for long: unanswered, or, where nobody was told, cancelled."""
BY_CLOCK = frozenset({S.UNANSWERED})
"""What the worker alone says."""
ENDS = frozenset(state for state, following in NEXT.items() if not following)


def may_become(now: ReferralState, wanted: ReferralState) -> bool:
    """Whether a hand-over in one state may go to another."""
    return wanted in NEXT[now]
