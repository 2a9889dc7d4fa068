"""A visitor's answers to the plan's questions, kept in her own browser: a sealed cookie, and nowhere else.

The cookie ends with the browser's session, at the latest a day after the last answer. Who carries it cannot
read or change it; one that is too old, too long or not ours is forgotten, and the visitor begins again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import Response, current_app, request

from house import clock
from house.problems import Problem
from house.seals import Unsealable, keyring

COOKIE = "house_plan"
PURPOSE = "plan.answers"
LONGEST = 3 * 1024
KEPT_SECONDS = 24 * 3600
FORM = 1
"""The form in which answers are kept; those of another form are not read."""
Ticks = Mapping[str, Mapping[str, str]]
"""For each person of the household what is done, each with the day it was ticked."""


class TooMuch(Problem):
    """More answers than a cookie can hold."""

    code = "too_much"


@dataclass(frozen=True)
class Kept:
    """What a visitor has answered so far."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    ticks: Ticks = field(default_factory=dict)
    before: Mapping[str, list[str]] | None = None
    """The services of each person's list before the last answers changed it; None before there was a list."""
    mark: str = ""
    """Random, for the dates of this list in a calendar: the same list updates its own entries."""
    lost: bool = False
    """There was a cookie, but it could not be read any more."""

    def answered(self, question: str, answer: Any) -> Kept:
        """With one more answer, or another one; children who change lose what was ticked for them."""
        ticks = self.ticks
        if question == "household" and self.answers.get("household") != answer:
            ticks = {who: done for who, done in ticks.items() if who in ("me", "sponsor")}
        return replace(self, answers={**self.answers, question: answer}, ticks=ticks)

    def ticked(self, who: str, service: str, day: date | None) -> Kept:
        """With a step done on a day, or not done after all."""
        done = {one: when for one, when in self.ticks.get(who, {}).items() if one != service}
        if day:
            done[service] = day.isoformat()
        return replace(self, ticks={**self.ticks, who: done})

    def remembering(self, before: Mapping[str, list[str]]) -> Kept:
        """With the list as it was before the last answer changed it."""
        return replace(self, before=before)


def kept() -> Kept:
    """What the visitor of this request has answered so far."""
    token = request.cookies.get(COOKIE)
    if not token:
        return Kept()
    try:
        if len(token) > LONGEST:
            raise Unsealable(PURPOSE)
        found = json.loads(keyring().carried(PURPOSE, token))
    except (Unsealable, ValueError):
        return Kept(lost=True)
    fresh = 0 <= clock.now().timestamp() - found["at"] < KEPT_SECONDS
    if found["form"] != FORM or not fresh:
        return Kept(lost=True)
    return Kept(found["answers"], found["ticks"], found["before"], found["mark"])


def keep(response: Response, one: Kept) -> Response:
    """Give the answers back to the browser; raises TooMuch."""
    told = {
        "form": FORM, "at": int(clock.now().timestamp()), "answers": one.answers, "ticks": one.ticks,
        "before": one.before, "mark": one.mark or secrets.token_hex(8),
    }  # fmt: skip
    token = keyring().carry(PURPOSE, json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    if len(token) > LONGEST:
        raise TooMuch()
    secure = bool(current_app.extensions["house-config"].secure)
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure, path="/")
    return response


def forget(response: Response) -> Response:
    """Leave nothing in the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", path="/")
    return response


def not_stored(response: Response) -> Response:
    """Somebody else at this computer must not find the page again by pressing Back."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
