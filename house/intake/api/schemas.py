"""JSON Schemas of everything that is sent and answered: bodies are checked by them and described by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from house.intake.household import ACCESS, LARGEST_PARTY, MOST_SERVICES, OTHER

Schema = dict[str, Any]
LANGUAGES = ("da", "en", "de", "pl", "ro", "uk", "lt", "bg", "es", "tr", "ar", "fa")
"""As `house.languages` has them: a test compares."""
MOST_TIMES, TIMES = 100, 20
LONGEST_NAME, LONGEST_EMAIL, LONGEST_MOBILE, LONGEST_REFERENCE, LONGEST_TOKEN = 80, 254, 40, 40, 64


def text(says: str, **rules: Any) -> Schema:
    return {"type": "string", "description": says, **rules}


def flag(says: str) -> Schema:
    return {"type": "boolean", "default": False, "description": says}


def yes_no(says: str) -> Schema:
    return {"type": "boolean", "description": says}


def number(says: str, lowest: int, highest: int, **more: Any) -> Schema:
    return {"type": "integer", "minimum": lowest, "maximum": highest, "description": says, **more}


def several(items: Schema, says: str, **rules: Any) -> Schema:
    return {"type": "array", "items": items, "description": says, **rules}


def moment(says: str) -> Schema:
    return text(says, format="date-time", maxLength=40, examples=["2027-01-07T10:00:00+01:00"])


def day(says: str) -> Schema:
    return text(says, format="date", maxLength=10, examples=["2027-01-07"])


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def asked(says: str, properties: dict[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A body that is sent: what is not known is refused, for a slip would look like an answer."""
    return {
        "type": "object", "description": says, "properties": properties, "required": list(required),
        "additionalProperties": False,
    }  # fmt: skip


def told(says: str, properties: dict[str, Schema], optional: Iterable[str] = ()) -> Schema:
    """A body that is answered."""
    left_out = set(optional)
    required = [name for name in properties if name not in left_out]
    return {"type": "object", "description": says, "properties": properties, "required": required}


SLUG = text("A service, as the list of services names it.", pattern="^[a-z0-9_]+$", maxLength=60, minLength=1,
            examples=["cpr_registration"])  # fmt: skip
TOKEN = text("A capability: whoever has it, may. Keep it as a key.", minLength=1, maxLength=LONGEST_TOKEN)
SPEAKS = text("The language they want to speak; what Accept-Language prefers if not said.",
              enum=[*LANGUAGES, OTHER])  # fmt: skip
WISH: dict[str, Schema] = {
    "services": several(SLUG, "What they need, in one visit. In any order: the catalogue's rules order it.",
                        minItems=1, maxItems=MOST_SERVICES, uniqueItems=True,
                        examples=[["eu_residence_document", "cpr_registration", "tax_card"]]),
    "party": number("How many people come, children among them.", 1, LARGEST_PARTY, default=1),
    "children": number("How many of them are children.", 0, LARGEST_PARTY - 1, default=0),
    "language": SPEAKS,
    "only_in_this_language": flag("Only times at counters that speak it."),
    "interpreter": flag("They would like an interpreter."),
    "access": several(text("A need.", enum=list(ACCESS)), "What makes the house passable.", uniqueItems=True),
    "municipality": maybe(text("Where they live or will live, of the list beside the services, or `other`. "
                               "Some services are done here only for some; never stored.", maxLength=60)),
    "elsewhere": several(ref("Elsewhere"), "Times that other systems gave; the rest is planned around them.",
                         maxItems=MOST_SERVICES),
}  # fmt: skip

_STEP = {
    "service": SLUG, "name": text("Its name, in the language of the answer where it is translated."),
    "authority": text("Whose service it is."), "counter": text("Where in the house; nothing for elsewhere."),
    "starts_at": moment("On the wall of the house."), "ends_at": moment("On the wall of the house."),
}  # fmt: skip
_ITINERARY = {
    "starts_at": moment("What a hold asks for."), "ends_at": moment("When the last step ends."),
    "minutes": number("From the first beginning to the last end.", 1, 24 * 60),
    "language": maybe(text("The language of all counters: theirs, else English, else any; null for none.")),
    "steps": several(ref("ItineraryStep"), "In the order of time.", minItems=1),
}  # fmt: skip
_CARD = {
    "starts_at": moment("When the first step begins."), "ends_at": moment("When the last step ends."),
    "party": number("How many people come.", 1, LARGEST_PARTY),
    "children": number("How many of them are children.", 0, LARGEST_PARTY),
    "language": text("The language they want to speak."),
    "steps": several(ref("VisitStep"), "At our counters, in the order of time.", minItems=1),
    "elsewhere": several(ref("VisitStep"), "What another system booked."),
}  # fmt: skip

ASKED: dict[str, Schema] = {
    "Elsewhere": asked(
        "A time that another system gave.",
        {"service": SLUG, "starts_at": moment("When it begins."),
         "reference": maybe(text("The reference there.", maxLength=LONGEST_REFERENCE))},
        ["service", "starts_at"],
    ),
    "Search": asked(
        "What is wished for, and when.",
        {**WISH, "from": day("The first day to look at; today if not said."), "to": day("The last one."),
         "after": moment("Only times that begin later: the `next_after` of the answer before."),
         "limit": number("How many at most.", 1, MOST_TIMES, default=TIMES)},
        ["services"],
    ),
    "HoldRequest": asked(
        "The wish again, with the time that was chosen. How long, where and with whom is the house's to say.",
        {**WISH, "starts_at": moment("The time that was chosen."),
         "replaces": {**TOKEN, "description": "An earlier hold that is given up for this one."}},
        ["services", "starts_at"],
    ),
    "Booking": asked(
        "Who comes.",
        {"hold": TOKEN, "name": text("How they want to be called.", minLength=1, maxLength=LONGEST_NAME,
                                     examples=["Amal"]),
         "email": maybe(text("Where the confirmation goes; without one there are no letters.",
                             maxLength=LONGEST_EMAIL, examples=["amal@example.org"])),
         "mobile": maybe(text("Where text messages go when there is no e-mail address. Only a house with an "
                              "SMS gateway takes it; others refuse it.", maxLength=LONGEST_MOBILE,
                              examples=["+4520123456"])),
         "tell_earlier": flag("Write when something earlier is free; needs an address to write to."),
         "starts_at": moment("The time that was shown to them; refused when the hold has another by now.")},
        ["hold", "name"],
    ),
    "Move": asked("Where to.", {"starts_at": moment("The new time.")}, ["starts_at"]),
    "Earlier": asked("Whether to write when something earlier is free.", {
        "wanted": yes_no("Yes needs a visit with an address to write to; no gives back an offer."),
    }, ["wanted"]),
    "Nothing": asked("There is nothing to say: no body, or an empty object.", {}),
}  # fmt: skip

TOLD: dict[str, Schema] = {
    "Service": told("A service of the catalogue.", {
        "service": SLUG, "name": text("Its name."), "name_language": text("The language the name is in."),
        "authority": text("Whose it is."), "bookable": yes_no("Whether counters here take bookings."),
        "instead": maybe(text("What to do instead, where it cannot be booked.")),
        "may_be_elsewhere": yes_no("Whether another system may give a time for it."),
        "municipalities": maybe(several({"type": "string"}, "Whose people get it here; null for everybody.")),
    }),
    "Services": told("Everything in the catalogue's order.", {
        "services": several(ref("Service"), "The services."),
        "municipalities": several({"type": "string"}, "What `municipality` can be, beside `other`."),
        "languages": several({"type": "string"}, "The languages of the house."),
        "timezone": text("Whose wall clock this is.", examples=["Europe/Copenhagen"]),
    }),
    "ItineraryStep": told("A service at a counter.", {
        **_STEP, "languages": several({"type": "string"}, "What is spoken there then."),
    }),
    "VisitStep": told("A service at a counter.", {
        **_STEP, "papers": several(ref("Paper"), "What each person brings."),
        "reference": maybe(text("The reference that another system gave.")),
    }),
    "Paper": told("Something to bring.", {
        "text": text("What."), "language": text("The language of the text."),
        "if": several({"type": "string"}, "Only if all this is true."),
    }),
    "Itinerary": told("One time on offer: the whole visit.", _ITINERARY),
    "NotHere": told("A service that cannot be booked here.", {
        "service": SLUG, "name": text("Its name."), "authority": text("Whose it is."),
        "detail": text("Why, and what to do instead."), "link": maybe(text("Where to go on.")),
    }),
    "Part": told("Services that can be had in one visit, and those that remain.", {
        "services": several(SLUG, "Can be booked together.", minItems=1),
        "missing": several(SLUG, "Cannot, in the same visit."),
    }),
    "Itineraries": told("Times on offer, earliest first, then least waiting, then best language.", {
        "itineraries": several(ref("Itinerary"), "Each can be held as it is."),
        "next_after": maybe(moment("There is more: ask again with this as `after`.")),
        "first_in_language": maybe(moment("The first time of these days that is all in their language.")),
        "first_anywhen": maybe(moment("Where the days asked for have none: the first time of all.")),
        "parts": several(ref("Part"), "Where there is no time for everything: the largest parts there are."),
        "not_here": several(ref("NotHere"), "What cannot be booked here; the others can, without it."),
    }),
    "Hold": told("A time that is kept for a while.", {
        "hold": TOKEN, "held_until": moment("Until when. It may still be confirmed while nobody took it."),
        "extensions_left": number("How often it can be extended.", 0, 10), **_CARD,
    }),
    "Visit": told("A visit that was booked.", {
        "visit": TOKEN, "reference": text("What to say at the desk.", examples=["K7M4QXT"]),
        "state": text("How it stands.", enum=["booked", "arrived", "done", "missed", "cancelled"]),
        "cancelled_by": maybe(text("Who cancelled it.", enum=["visitor", "house", None])),
        "can_change": yes_no("Whether it can be moved or cancelled now."),
        "must_move": yes_no("Whether we can no longer see them at this time: move or cancel it, or ask us."),
        "tell_earlier": yes_no("Whether we write when something earlier is free."),
        "interpreter": yes_no("Whether they would like an interpreter."),
        "access": several({"type": "string"}, "What makes the house passable."),
        "page": text("The visit's own page, for people.", format="uri"),
        "calendar": text("The same as an iCalendar file.", format="uri"), **_CARD,
    }),
    "Times": told("Other times for a visit, earliest first.", {
        "itineraries": several(ref("Itinerary"), "Each can be moved to."),
        "next_after": maybe(moment("There is more: ask again with this as `after`.")),
    }),
    "Error": told("What is wrong in one place.", {
        "pointer": text("Where in the body, as a JSON pointer (RFC 6901)."),
        "parameter": text("Which parameter of the address."),
        "rule": text("Which rule it breaks, for machines."), "detail": text("The same in a sentence."),
    }, ["pointer", "parameter"]),
    "Problem": told("A refusal, as RFC 9457 has it.", {
        "type": text("Always about:blank: `code` says more."),
        "title": text("In the language of the request."),
        "status": number("The status again.", 400, 599), "code": text("What it is, for machines."),
        "detail": text("A sentence for people."),
        "errors": several(ref("Error"), "Everything that is wrong, at once."),
        "nearest": several(ref("Itinerary"), "Where somebody was faster: the nearest others.", maxItems=3),
    }, ["errors", "nearest"]),
}  # fmt: skip
SCHEMAS: dict[str, Schema] = {**ASKED, **TOLD}
