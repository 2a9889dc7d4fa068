"""Refusals that verbs raise. Each has the status a page answers with and a code; the words are the views'."""

from __future__ import annotations


class Problem(Exception):
    """A request that was understood and refused; `code` names the sentence, `facts` fill it."""

    status = 422
    code = "refused"

    def __init__(self, code: str | None = None, **facts: object) -> None:
        self.code = code or self.code
        self.facts = facts
        super().__init__(self.code)


class NotHere(Problem):
    """There is no such thing, or it is not yours: both look the same from outside."""

    status = 404
    code = "not_here"


class Taken(Problem):
    """Somebody was faster: the place is gone, the answers are not."""

    status = 409
    code = "taken"


class Moved(Problem):
    """The thing changed under one's hands: it is no longer in the state the act needs."""

    status = 409
    code = "moved"


class Gone(Problem):
    """A link or a hold that was used, replaced or ran out."""

    status = 410
    code = "gone"


class TooMany(Problem):
    """More attempts than a person makes; `retry_after` in seconds."""

    status = 429
    code = "too_many"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after
