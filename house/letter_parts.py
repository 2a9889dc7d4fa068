"""What a letter is made of before it leaves: a sheet of words, its enclosures, its short form."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a letter."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Sheet:
    """What a letter says: a wing's letters room makes it while the recipient's language is spoken.

    `lists` are headings with what stands below them. `short` is the same for a text message, which ends with
    the button's link; without it the subject does.
    """

    subject: str
    paragraphs: list[str]
    facts: list[tuple[str, str]] = field(default_factory=list)
    lists: list[tuple[str, list[str]]] = field(default_factory=list)
    button: tuple[str, str] | None = None
    after: list[str] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)
    short: str = ""


@dataclass(frozen=True)
class TextMessage:
    """A letter as an SMS gateway takes it; sent again, it has the same id."""

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
