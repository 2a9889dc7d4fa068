"""What other wings may use of the catalogue: services, authorities, the place and its hours."""

from house.catalogue.answering import (
    authorities,
    authority_names,
    documents,
    minutes,
    service,
    service_by_id,
    services,
)
from house.catalogue.cases import BadCase, read_cases
from house.catalogue.catalogue_file import BrokenCatalogue, check_file
from house.catalogue.checking import Finding
from house.catalogue.filling import fill, still_to_do, written
from house.catalogue.hooks import AtCounter, at_counters, bookable
from house.catalogue.hours import open_spans, today_hours
from house.catalogue.importing import Diff, bundled_catalogue, export, import_catalogue, import_file
from house.catalogue.incoming import Incoming, export_texts, import_texts
from house.catalogue.models import Authority, Place, Schedule
from house.catalogue.opening import Span
from house.catalogue.places import add_schedule, place, set_up_place
from house.catalogue.planning import last_days, plans_for, try_cases, try_cases_with
from house.catalogue.shelf import AuthorityView, ServiceView

__all__ = [
    "AtCounter",
    "Authority",
    "BadCase",
    "BrokenCatalogue",
    "Diff",
    "Finding",
    "Incoming",
    "Place",
    "Schedule",
    "ServiceView",
    "Span",
    "add_schedule",
    "at_counters",
    "authority_names",
    "bookable",
    "bundled_catalogue",
    "check_file",
    "documents",
    "export",
    "export_texts",
    "fill",
    "import_catalogue",
    "import_file",
    "import_texts",
    "last_days",
    "minutes",
    "open_spans",
    "place",
    "plans_for",
    "read_cases",
    "service",
    "service_by_id",
    "services",
    "set_up_place",
    "still_to_do",
    "today_hours",
    "try_cases",
    "try_cases_with",
    "written",
]

# --- advice at the desk -----------------------------------------------------------------------------------
from house.catalogue.advice import advice, can_be_asked
from house.catalogue.advising import (
    About,
    Advice,
    Given,
    Line,
    Topic,
    entry_version,
    read_about,
    texts_given,
)

# --- the whole catalogue as one file, and its links --------------------------------------------------------
from house.catalogue.bundle_file import LARGEST as LARGEST_BUNDLE
from house.catalogue.bundle_file import BadBundle
from house.catalogue.bundling import BundleDiff, bundle_in, bundle_out

# --- visits, the door, and hours that managers set ---------------------------------------------------------
from house.catalogue.door import Door, closed_now, door
from house.catalogue.for_visits import (
    Paper,
    asks_where,
    authority_of,
    before,
    done_here,
    municipalities,
    papers,
    served,
)
from house.catalogue.hours import (
    ShiftDays,
    holidays_between,
    rules_for,
    shift_days,
    shifts_of,
)
from house.catalogue.link_checking import claim as claim_link
from house.catalogue.link_checking import note as note_link
from house.catalogue.link_looking import Found
from house.catalogue.link_looking import look as look_at
from house.catalogue.models import ClosedFor, ClosedTime, Closure, Opening
from house.catalogue.opening import DayException, Languages, OpeningRule, Shift, closed_span
from house.catalogue.overlaps import overlapping_days, overlapping_rules
from house.catalogue.own_plan import own_last_days
from house.catalogue.places import copy_schedule
from house.catalogue.schedule_rules import Closing, Rules, Whose

__all__ += [
    "AuthorityView",
    "ClosedFor",
    "ClosedTime",
    "Closing",
    "Closure",
    "DayException",
    "Door",
    "Languages",
    "Opening",
    "OpeningRule",
    "Paper",
    "Rules",
    "Shift",
    "ShiftDays",
    "Whose",
    "asks_where",
    "authorities",
    "authority_of",
    "before",
    "closed_now",
    "closed_span",
    "copy_schedule",
    "done_here",
    "door",
    "holidays_between",
    "municipalities",
    "overlapping_days",
    "overlapping_rules",
    "own_last_days",
    "papers",
    "rules_for",
    "served",
    "shift_days",
    "shifts_of",
]  # fmt: skip
__all__ += [
    "LARGEST_BUNDLE", "BadBundle", "BundleDiff", "Found", "bundle_in", "bundle_out", "claim_link", "look_at",
    "note_link",
]  # fmt: skip
__all__ += [
    "About", "Advice", "Given", "Line", "Topic", "advice", "can_be_asked", "entry_version", "read_about",
    "texts_given",
]  # fmt: skip
