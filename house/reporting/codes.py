"""The code lists of a contact: every value a published table may have in its rows.

Pure, and codes only; the words for them are `words.py`. Lists that staff keep (`DYNAMIC`: services, partners,
nationalities …) come in as arguments. `UNKNOWN` is a row of a table, a contact whose value nobody knows;
`NOT_APPLICABLE` never is: such a contact stays out of every cube with that dimension.
Bands are half-open and count whole units that have passed; nothing finer than the band is kept (R7).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import pairwise

UNKNOWN = "unknown"
NOT_APPLICABLE = "not_applicable"


class Channel(StrEnum):
    """How the person came to be served."""

    BOOKED = "booked"
    PHONED = "phoned"
    WALK_IN = "walk_in"
    EVENT = "event"
    REFERRAL = "referral"
    GUIDANCE = "guidance"


class Outcome(StrEnum):
    """How it ended. Served: the person got the service, the seat, the answer. Failed: was there, did not."""

    SERVED = "served"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"
    REFERRED = "referred"


class FailureReason(StrEnum):
    """Why a step failed; only contacts with the outcome `failed` have one."""

    PAPER_MISSING = "paper_missing"
    EARLIER_STEP_MISSING = "earlier_step_missing"
    FAMILY_ABSENT = "family_absent"
    NOT_ENTITLED = "not_entitled"
    WRONG_AUTHORITY = "wrong_authority"
    NO_COMMON_LANGUAGE = "no_common_language"
    SYSTEM_DOWN = "system_down"
    LEFT = "left"
    OTHER = "other"
    UNKNOWN = UNKNOWN


class ReferralOutcome(StrEnum):
    """How a hand-over was closed; the ends of a referral's states, and the timer that ran out."""

    COMPLETED = "completed"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNANSWERED = "unanswered"


class Region(StrEnum):
    """Region of origin: `citizenship` in services.yaml (meta.person_facts), which is what the law asks."""

    NORDIC = "nordic"
    EU_EEA_CH = "eu_eea_ch"
    THIRD_COUNTRY = "third_country"
    UNKNOWN = UNKNOWN


class Purpose(StrEnum):
    """Why the person is here: `purpose` in services.yaml (meta.person_facts)."""

    WORKER = "worker"
    SELF_EMPLOYED = "self_employed"
    STUDENT = "student"
    RESEARCHER = "researcher"
    ACCOMPANYING_PARTNER = "accompanying_partner"
    ACCOMPANYING_CHILD = "accompanying_child"
    JOB_SEEKER = "job_seeker"
    AU_PAIR = "au_pair"
    CROSS_BORDER_COMMUTER = "cross_border_commuter"
    POSTED_WORKER = "posted_worker"
    DISPLACED_SPECIAL_ACT = "displaced_special_act"
    UNKNOWN = UNKNOWN


class SameDay(StrEnum):
    """Whether residence document and CPR number were had on one day."""

    YES = "yes"
    NO = "no"
    UNKNOWN = UNKNOWN


SCORES = ("1", "2", "3", "4", "5", "none")
"""The one question after the visit, 5 is best; `none` was asked and did not answer."""
AUDIENCES = ("everybody", "students", "researchers", "employees", "partners", "families", "companies")
"""For whom an event is."""
SECTORS = (
    *("agriculture", "industry", "construction", "trade_transport", "information", "finance"),
    *("real_estate", "business_services", "public", "culture_other", UNKNOWN),
)
"""Industry of a company: Statistics Denmark's standard grouping of industries into ten."""
COMPANY_SIZES = ("0_9", "10_49", "50_249", "250_plus", UNKNOWN)
"""Employees, in the head-count classes of Commission Recommendation 2003/361/EC."""
LANGUAGES = ("da", "en", "de", "pl", "ro", "uk", "lt", "bg", "es", "tr", "ar", "fa", "other", UNKNOWN)
"""The tags of the house and `other`: the language the contact was held in."""

PURPOSE_GROUPS = ("study", "research", "work", "family", "other", UNKNOWN)
"""The groups of the strategy's global perspective: students, researchers, employees, partners."""
_GROUPS = {
    "study": (Purpose.STUDENT,),
    "research": (Purpose.RESEARCHER,),
    "work": (Purpose.WORKER, Purpose.SELF_EMPLOYED, Purpose.POSTED_WORKER, Purpose.CROSS_BORDER_COMMUTER),
    "family": (Purpose.ACCOMPANYING_PARTNER, Purpose.ACCOMPANYING_CHILD),
    "other": (Purpose.JOB_SEEKER, Purpose.AU_PAIR, Purpose.DISPLACED_SPECIAL_ACT),
    UNKNOWN: (Purpose.UNKNOWN,),
}


def purpose_group(purpose: str) -> str:
    """The strategy's group of a purpose; raises `ValueError` for a code outside the list."""
    return next(group for group, members in _GROUPS.items() if Purpose(purpose) in members)


_WAIT = (5, 10, 20, 30, 60)
_RESPONSE = (1, 3, 8, 15, 31)
_CPR = (6, 15, 31, 61, 91)


def _names(limits: tuple[int, ...]) -> tuple[str, ...]:
    """Band names from their lower limits: (1, 3) gives 0, 1_2, 3_plus."""
    spans = pairwise((0, *limits))
    closed = (f"{low}" if high - low == 1 else f"{low}_{high - 1}" for low, high in spans)
    return (*closed, f"{limits[-1]}_plus")


WAIT_BANDS = (*_names(_WAIT), UNKNOWN)
RESPONSE_BANDS = (*_names(_RESPONSE), UNKNOWN)
CPR_BANDS = (*_names(_CPR), UNKNOWN)


def _band(measure: float | None, limits: tuple[int, ...]) -> str:
    """No measure, and an impossible one (a clock set back), is unknown: no statistic may stop the desk."""
    if measure is None or not measure >= 0:
        return UNKNOWN
    return _names(limits)[bisect_right(limits, measure)]


def wait_band(minutes: float | None) -> str:
    """Minutes from check-in to being called, as a code of `WAIT_BANDS`."""
    return _band(minutes, _WAIT)


def response_band(days: float | None) -> str:
    """Calendar days from a referral sent to its answer, as a code of `RESPONSE_BANDS`."""
    return _band(days, _RESPONSE)


def cpr_band(days: float | None) -> str:
    """Calendar days from arrival to the CPR number, as a code of `CPR_BANDS`."""
    return _band(days, _CPR)


FIXED: Mapping[str, tuple[str, ...]] = {
    "channel": tuple(map(str, Channel)),
    "outcome": tuple(map(str, Outcome)),
    "failure_reason": tuple(map(str, FailureReason)),
    "referral_outcome": tuple(map(str, ReferralOutcome)),
    "region_of_origin": tuple(map(str, Region)),
    "purpose": tuple(map(str, Purpose)),
    "purpose_group": PURPOSE_GROUPS,
    "same_day": tuple(map(str, SameDay)),
    "score": SCORES,
    "audience": AUDIENCES,
    "sector": SECTORS,
    "company_size": COMPANY_SIZES,
    "language": LANGUAGES,
    "wait_band": WAIT_BANDS,
    "response_band": RESPONSE_BANDS,
    "cpr_band": CPR_BANDS,
}
DYNAMIC = frozenset({"service", "service_group", "authority", "partner", "nationality", "event_type"})
"""Dimensions whose codes staff keep; a code that was ever used stays in its list."""


def code_lists(**dynamic: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every dimension's codes: the fixed ones and, given by name, all of `DYNAMIC` (`unknown` is added).

    Raises `ValueError` when one is missing or strange, or when a list holds `not_applicable`.
    """
    if dynamic.keys() != DYNAMIC:
        raise ValueError(f"code lists missing or strange: {sorted(dynamic.keys() ^ DYNAMIC)}")
    lists = {name: tuple(dict.fromkeys((*codes, UNKNOWN))) for name, codes in dynamic.items()}
    if wrong := sorted(name for name, codes in lists.items() if NOT_APPLICABLE in codes):
        raise ValueError(f"{NOT_APPLICABLE} is no row of a table: {wrong}")
    return {**FIXED, **lists}
