"""Which states a hand-over may go through. Pure."""

from __future__ import annotations

from enum import StrEnum


class ReferralState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = ReferralState
NEXT: dict[ReferralState, tuple[ReferralState, ...]] = {
    S.DRAFT: (S.SENT, S.CANCELLED),
    S.SENT: (S.ACCEPTED, S.REJECTED, S.CANCELLED),
    S.ACCEPTED: (S.IN_PROGRESS, S.COMPLETED, S.FAILED, S.ON_HOLD, S.CANCELLED),
    S.IN_PROGRESS: (S.COMPLETED, S.FAILED, S.ON_HOLD, S.CANCELLED),
    S.ON_HOLD: (S.IN_PROGRESS, S.FAILED, S.CANCELLED),
    S.REJECTED: (),
    S.COMPLETED: (),
    S.FAILED: (),
    S.CANCELLED: (),
}
ANSWERS = frozenset({S.ACCEPTED, S.REJECTED})
ENDS = frozenset(state for state, following in NEXT.items() if not following)


def may_become(now: ReferralState, wanted: ReferralState) -> bool:
    """Whether a hand-over in one state may go to another."""
    return wanted in NEXT[now]
