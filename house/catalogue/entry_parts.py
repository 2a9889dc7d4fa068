"""What a form asks of each kind of entry, in the order in which a new entry is written down.

Anything of an entry that stands not here (posting rules, rules for witnesses, `x_…`) is kept untouched by
forms and is changed in the raw view.
"""

from __future__ import annotations

from house.catalogue.answers import (
    Conditions,
    Flag,
    Group,
    Marks,
    Number,
    Part,
    Rows,
    Several,
    When,
)
from house.catalogue.entries import ROWS, Kind

_SRC, _NOTE, _WHEN = Marks("src"), Part("note"), When("when")
_FACT = (Part("text"), _WHEN, _SRC, _NOTE)
_REQUIRED = (_WHEN, Several("all_of"), _SRC)
_DEADLINE = (
    Part("rule"), Number("days"), Number("months"), Number("months_job_seeker"), Number("earliest_days"),
    Part("from"), Part("type"), Part("status"), _WHEN, _SRC, _NOTE,
)  # fmt: skip
_REVIEW = (Part("confirmed_on"), Part("next_review_on"))

SERVICE: tuple[Part, ...] = (
    Part("id"),
    Part("kind"),
    Number("order"),
    Group("name", (Part("en"), Part("da"))),
    Part("authority"),
    Part("municipal_scope"),
    Several("other_authorities", "authorities"),
    Conditions("applies_when"),
    Part("applies_when_same_as"),
    When("applies_also"),
    Marks("applies_src"),
    Rows("requires", _REQUIRED),
    Marks("requires_src"),
    Part("requires_note"),
    Rows("requires_of_sponsor", _REQUIRED),
    Rows("requires_held", (Part("item"), _WHEN, _SRC), plain="item"),
    Rows("obligation", (Part("value"), _WHEN, _SRC), plain="value", alone=True),
    Group("deadline", _DEADLINE),
    Rows("sub_deadlines", _DEADLINE),
    Group("earliest", _DEADLINE),
    Rows("channels", _FACT),
    Rows("facts", _FACT),
    Rows("rules", _FACT),
    Rows("checklist", _FACT),
    Rows("alternatives", _FACT),
    Group("processing", _FACT),
    Rows("documents", (Part("en"), _NOTE, _WHEN, _SRC), always=True),
    Group("personal_appearance", (Part("value"), _SRC, _NOTE)),
    Group("family_must_attend", (Part("value"), _SRC, _NOTE)),
    Group("counter_minutes", (Number("first"), Number("each_further_person"), Part("formula"), _SRC, _NOTE)),
    Group("booking", (Part("mode"), _SRC, _NOTE)),
    Group("fee", (Number("dkk"), _SRC, _NOTE)),
    Part("outcome"),
    Marks("outcome_src"),
    Part("link"),
    Flag("company_batchable"),
    Rows("verify", (Part("text"),), plain="text"),
    *_REVIEW,
)
AUTHORITY: tuple[Part, ...] = (
    Part("id"), Part("name_en"), Part("name_da"), Part("level"), Flag("at_house"), Flag("own_booking_system"),
    Part("url"), _SRC, _NOTE, *_REVIEW,
)  # fmt: skip
OFFER: tuple[Part, ...] = (Part("id"), Part("name"), Part("rule"), _SRC)
SOURCE: tuple[Part, ...] = (Part("title"), Part("url"), _NOTE)
ROUTES: tuple[Part, ...] = (Rows(ROWS, (_WHEN, Part("to"), _SRC), always=True),)

PARTS: dict[Kind, tuple[Part, ...]] = {
    Kind.SERVICE: SERVICE,
    Kind.AUTHORITY: AUTHORITY,
    Kind.OFFER: OFFER,
    Kind.SOURCE: SOURCE,
    Kind.ROUTES: ROUTES,
}


def not_asked(kind: Kind, record: dict[str, object]) -> list[str]:
    """The names of an entry that its form does not ask."""
    asked = {part.key for part in PARTS[kind]}
    return [key for key in record if key not in asked]
