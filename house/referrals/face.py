"""What other wings may use of referrals: nothing stands above it; the demo hands people over by this."""

from house.referrals.handover import Wanted, close_unanswered, from_the_desk, new_page, send, turn
from house.referrals.models import Basis
from house.referrals.states import ReferralState

__all__ = [
    "Basis", "ReferralState", "Wanted", "close_unanswered", "from_the_desk", "new_page", "send", "turn",
]  # fmt: skip
