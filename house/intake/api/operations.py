"""Everything that can be done by this API: routes, checks of bodies and the description are made of this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PREFIX = "/api/v1"
SHORTEST_KEY, LONGEST_KEY = 16, 255


@dataclass(frozen=True)
class Operation:
    """One act: where it is asked for, with which body, what it answers and how it may be refused.

    `changes` acts take an `Idempotency-Key`. `body` and `answer` name schemas.
    """

    name: str
    method: str
    path: str
    says: str
    answer: str | None
    status: int = 200
    body: str | None = None
    query: str | None = None
    changes: bool = False
    refused: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    follows: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Which acts come next, and which field of the answer they need."""

    @property
    def by_link(self) -> bool:
        """Whether it is opened by a capability in its path."""
        return "{token}" in self.path


_UNREADABLE = "No JSON, a key twice, NaN, half of a sign, nested too deeply; or a bad `Idempotency-Key`."
_WRONG = "Readable, and not what can be asked: `errors` names everything. Or another request had this key."
_TAKEN = "Somebody was faster, or there never was such a time: `nearest` has three others."
_BODY = {400: _UNREADABLE, 413: "More than 64 KB.", 415: "Not `application/json`.", 422: _WRONG}
_TOO_MANY = {429: "More than a fair share; `Retry-After` says when to come again."}
_NO_SUCH = {404: "This opens nothing.", 410: "It was used, replaced or has run out."}
_MISASKED = {400: "An unknown or malformed parameter."}

OPERATIONS: dict[str, Operation] = {
    one.name: one
    for one in (
        Operation("getDescription", "GET", "/openapi.json", "This description", None, refused=_MISASKED),
        Operation("listServices", "GET", "/services", "What can be booked, and what to do instead",
                  "Services", refused=_MISASKED),
        Operation("findItineraries", "POST", "/itineraries", "Times for a visit through all of these",
                  "Itineraries", body="Search", refused=_BODY | _TOO_MANY),
        Operation("hold", "POST", "/holds", "Keep a time for a quarter of an hour", "Hold", 201,
                  "HoldRequest", changes=True, refused=_BODY | _NO_SUCH | {409: _TAKEN} | _TOO_MANY,
                  follows={"getHold": "hold", "extendHold": "hold", "bookVisit": "hold"}),
        Operation("getHold", "GET", "/holds/{token}", "See a hold", "Hold", refused=_MISASKED | _NO_SUCH),
        Operation("extendHold", "POST", "/holds/{token}/extend", "Keep it for another quarter of an hour",
                  "Hold", body="Nothing", changes=True, refused=_BODY | _NO_SUCH | {409: _TAKEN}),
        Operation("bookVisit", "POST", "/visits", "Make a hold a booked visit", "Visit", 201, "Booking",
                  changes=True, refused=_BODY | _NO_SUCH | {409: _TAKEN},
                  follows=dict.fromkeys(("getVisit", "listTimes", "moveVisit", "cancelVisit"), "visit")),
        Operation("getVisit", "GET", "/visits/{token}", "See a visit", "Visit", refused=_MISASKED | _NO_SUCH),
        Operation("listTimes", "GET", "/visits/{token}/times", "Other times for a visit; its own never count "
                  "against it", "Times", query="Times", refused=_MISASKED | _NO_SUCH |
                  {409: "It can no longer be moved."}),
        Operation("moveVisit", "POST", "/visits/{token}/move", "Move a visit, or leave it as it is",
                  "Visit", body="Move", changes=True, refused=_BODY | _NO_SUCH | {409: _TAKEN} | _TOO_MANY),
        Operation("askEarlier", "POST", "/visits/{token}/earlier", "Hear of something earlier, or no longer",
                  "Visit", body="Earlier", changes=True,
                  refused=_BODY | _NO_SUCH | {409: "It is over, or there is no e-mail address to write to."}),
        Operation("cancelVisit", "POST", "/visits/{token}/cancel", "Cancel a visit; again is harmless",
                  "Visit", body="Nothing", changes=True,
                  refused=_BODY | _NO_SUCH | {409: "It has begun, or is over."}),
    )
}  # fmt: skip
