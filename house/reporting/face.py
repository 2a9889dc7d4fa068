"""What other wings may use of reporting: telling it what happened, in codes, and closing months."""

from house.reporting.closing import close_due, close_month
from house.reporting.codes import LANGUAGES, cpr_band, response_band, wait_band
from house.reporting.contacts import record_contact
from house.reporting.sources import NAMES, SOURCES

__all__ = [
    "LANGUAGES", "NAMES", "SOURCES", "close_due", "close_month", "cpr_band", "record_contact",
    "response_band", "wait_band",
]  # fmt: skip
