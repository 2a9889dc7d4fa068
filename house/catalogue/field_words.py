"""What the parts of an entry are called, with hints and choices, and the facts of a person in conditions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

# What each part of an entry is called, by its name in the record.
FIELDS: dict[str, Any] = {
    "id": _l("Short name"),
    "kind": _l("How it is given"),
    "order": _l("Place in the list"),
    "name": _lp("of an entry", "Name"),
    "en": _l("In English"),
    "da": _l("In Danish"),
    "name_en": _l("Name in English"),
    "name_da": _l("Name in Danish"),
    "authority": _l("Authority that decides"),
    "other_authorities": _l("Other authorities that help"),
    "municipal_scope": _l("Which municipality does it"),
    "applies_when": _l("Whom it is for"),
    "applies_when_same_as": _l("For the same people as"),
    "applies_also": _l("And only those who also"),
    "applies_src": _l("Sources for whom it is for"),
    "requires": _l("What must be done first"),
    "requires_src": _l("Sources for what must be done first"),
    "requires_note": _l("Note on what must be done first"),
    "requires_of_sponsor": _l("What the family member must do first"),
    "requires_held": _l("What one must have already"),
    "all_of": _l("These services"),
    "item": _l("What"),
    "obligation": _l("Must one do it?"),
    "deadline": _l("By when"),
    "sub_deadlines": _l("Further dates"),
    "earliest": _l("Not before"),
    "rule": _l("The rule in words"),
    "days": _l("Days"),
    "months": _l("Months"),
    "months_job_seeker": _l("Months for job seekers"),
    "earliest_days": _l("Earliest day"),
    "from": _l("Counted from"),
    "type": _l("What the date means"),
    "status": _l("Is the rule certain?"),
    "channels": _l("Ways to do it"),
    "facts": _l("Good to know"),
    "rules": _l("Rules"),
    "checklist": _l("Checklist"),
    "alternatives": _l("Other ways"),
    "processing": _l("How long it takes"),
    "documents": _l("What to bring"),
    "personal_appearance": _l("Must one come in person?"),
    "family_must_attend": _l("Must the family come?"),
    "counter_minutes": _l("Time at the counter"),
    "first": _l("Minutes for the first person"),
    "each_further_person": _l("Minutes for each further person"),
    "formula": _l("How it is worked out"),
    "booking": _l("How one gets a time"),
    "mode": _l("Way"),
    "fee": _l("Fee"),
    "dkk": _l("Danish kroner"),
    "outcome": _l("What one gets"),
    "outcome_src": _l("Sources for what one gets"),
    "link": _l("Link"),
    "company_batchable": _l("Can a company book it for a group?"),
    "verify": _l("Still to be confirmed"),
    "confirmed_on": _l("Confirmed on"),
    "confirmed_by": _l("Confirmed by"),
    "next_review_on": _l("Look at it again on"),
    "level": _lp("an authority", "Level"),
    "at_house": _l("Is it in this house?"),
    "own_booking_system": _l("Has it a booking system of its own?"),
    "url": _l("Web address"),
    "title": _l("Title"),
    "rows": _l("Routes"),
    "to": _l("Where to"),
    "when": _l("Only if"),
    "text": _l("Text"),
    "value": _l("Answer"),
    "src": _l("Sources"),
    "note": _l("Note"),
    "kle": _l("KLE number"),
}

HINTS: dict[str, Any] = {
    "id": _l("Small letters, digits and _. It stays the same for ever."),
    "order": _l("A smaller number stands higher."),
    "applies_when": _l("One of these groups must fit. In a group everything must fit."),
    "applies_when_same_as": _l("Then leave the groups above empty."),
    "src": _l("For example S01, S02. Write A for what is only assumed."),
    "earliest_days": _l("For example -28 for four weeks before."),
    "verify": _l("What the authority still has to confirm."),
    "next_review_on": _l("Empty means a year after it was confirmed."),
    "url": _l("The whole address, beginning with https://"),
    "link": _l("The whole address, beginning with https://"),
}

_YES, _NO = _lp("an answer", "Yes"), _lp("an answer", "No")
CHOICES: dict[str, dict[str, Any]] = {
    "municipal_scope": {
        "": _l("This authority, wherever one lives"),
        "residence": _l("The municipality where one lives"),
        "ics_north": _l("This house, for its municipalities"),
    },
    "type": {"": _l("The last day to do it"), "expected_event": _l("The day when it should arrive")},
    "status": {"": _l("Yes"), "unresolved": _l("No, the sources disagree: show no date")},
    "at_house": {
        "": _l("Not known"), "yes": _YES, "no": _NO, "online": _l("Online"),
        "via_citizen_service": _l("Through Citizen Service"),
    },
    "own_booking_system": {"": _l("Not known"), "yes": _YES, "no": _NO},
    "company_batchable": {"": _l("Not known"), "yes": _YES, "no": _NO},
    "from": {
        "": _l("No date"),
        "entry_date": _l("the day of entry"),
        "move_in_date": _l("the day of moving in"),
        "residence_basis_date": _l("the day the right of residence is in order"),
        "conditions_met": _l("the day all conditions are met"),
        "cpr_date": _l("the day of the CPR number"),
        "first_payday": _l("the first payday"),
        "pdu2_date": _l("the date on the PD U2"),
        "departure_date": _l("the day of leaving"),
        "wedding_date": _l("the wedding day"),
        "online_submission": _l("the day of the online application"),
        "referral_letter": _l("the date of the referral letter"),
        "appointment_date": _l("the day of the appointment"),
    },
}  # fmt: skip

OBLIGATIONS: dict[str, Any] = {
    "": _l("Please choose"),
    "duty": _lp("an obligation", "Duty"),
    "right": _lp("an obligation", "Right"),
    "practical": _lp("an obligation", "Practical"),
    "automatic": _lp("an obligation", "Comes by itself"),
    "optional": _lp("an obligation", "Optional"),
    "conditional": _lp("an obligation", "Depends on the situation"),
}

FACTS: dict[str, Any] = {
    "citizenship": _l("Citizenship"),
    "purpose": _l("Why one comes"),
    "sponsor": _l("Family member one joins"),
    "phase": _l("Arriving, living here or leaving"),
    "stay_months": _l("Months of stay"),
    "age": _l("Age"),
    "municipality": _l("Municipality"),
    "works_in_dk": _l("Works in Denmark"),
    "cpr_status": _l("CPR number"),
    "biometrics_recorded": _l("Fingerprints and photo taken"),
    "licence": _l("Driving licence"),
    "wants_to_drive": _l("Wants to drive"),
    "needs_housing": _l("Looks for a home"),
    "pdu2": _l("Has form PD U2"),
    "works_in_two_countries": _l("Works in two countries"),
    "event": _l("What happened"),
    "actor": _l("Person or company"),
    "company_foreign_posting": _l("Foreign company that posts employees"),
    "relationship": _l("How long together with the partner"),
    "need": _l("Special need"),
}

HOWS: dict[str, Any] = {
    "in": _lp("a condition", "is one of"),
    "not": _lp("a condition", "is none of"),
    "gt": _lp("a condition", "is more than"),
    "gte": _lp("a condition", "is at least"),
    "lt": _lp("a condition", "is less than"),
    "lte": _lp("a condition", "is at most"),
    "yes": _lp("a condition", "yes"),
    "no": _lp("a condition", "no"),
    "as_is": _lp("a condition", "as written"),
}


def field_name(key: str) -> str:
    """What a part of an entry is called; its own name where there are no words for it."""
    return str(FIELDS.get(key, key))


def fact_name(fact: str) -> str:
    """What a fact of a person is called."""
    return str(FACTS.get(fact, fact.replace("_", " ")))
