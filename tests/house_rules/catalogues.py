"""The twelve catalogues: complete, with the same placeholders, in their own script, and no stale template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from babel import Locale
from babel.messages import Catalog
from babel.messages.catalog import Message

from tests.house_rules.reading import House
from tests.house_rules.wording import messages

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
SCRIPTS = {
    "ar": r"[\u0600-\u06ff]",
    "fa": r"[\u0600-\u06ff]",
    "uk": r"[\u0400-\u04ff]",
    "bg": r"[\u0400-\u04ff]",
}
CatalogueRule = Callable[[str, Catalog], Iterator[str]]


def ids(message: Message) -> tuple[str, ...]:
    """The English of a message: one text, or one and many."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def texts(message: Message) -> tuple[str, ...]:
    """Its translation: one text, or one for each plural form."""
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said or ())


def entries(catalogue: Catalog) -> Iterator[Message]:
    yield from (message for message in catalogue if message.id)


def every_message_is_translated(language: str, catalogue: Catalog) -> Iterator[str]:
    """Nothing missing, nothing fuzzy, all plural forms of the language."""
    for message in entries(catalogue):
        wanted = catalogue.num_plurals if len(ids(message)) > 1 else 1
        if message.fuzzy:
            yield f"{language}: fuzzy: {ids(message)[0]!r}"
        if len([text for text in texts(message) if text.strip()]) != wanted:
            yield f"{language}: not translated ({wanted} forms wanted): {ids(message)[0]!r}"


def placeholders_are_kept(language: str, catalogue: Catalog) -> Iterator[str]:
    """The same named placeholders, and a text that can be filled; a plural form may leave out its number."""
    for message in entries(catalogue):
        known = {name for text in ids(message) for name in PLACEHOLDER.findall(text)}
        needed = {name for name in known if all(f"%({name})" in text for text in ids(message))} - {"num"}
        if len(ids(message)) == 1:
            needed = known
        for text in texts(message):
            found = set(PLACEHOLDER.findall(text))
            if text and (found - known or needed - found):
                yield f"{language}: placeholders {sorted(found)} for {sorted(known)}: {text!r}"
            try:
                text % dict.fromkeys(known, 1)
            except (ValueError, TypeError, KeyError):
                yield f"{language}: cannot be filled in: {text!r}"


def markup_is_not_smuggled_in(language: str, catalogue: Catalog) -> Iterator[str]:
    """Templates trust the catalogue as markup, so a translation brings no tags and no invisible signs."""
    for message in entries(catalogue):
        for text in texts(message):
            if re.search(r"[<>]|&\w+;", text) and not any(
                re.search(r"[<>]|&\w+;", one) for one in ids(message)
            ):
                yield f"{language}: markup in {text!r}"
            if re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff]", text):
                yield f"{language}: an invisible sign in {text!r}; the pages use <bdi>"
            if text != text.strip() and all(one == one.strip() for one in ids(message)):
                yield f"{language}: blanks round {text!r}"


def texts_are_in_their_language(language: str, catalogue: Catalog) -> Iterator[str]:
    """Not the English once more, and in the script of the language."""
    script = SCRIPTS.get(language)
    for message in entries(catalogue):
        words = re.findall(r"[a-z]{3,}", PLACEHOLDER.sub(" ", ids(message)[0]))
        for text in texts(message):
            if script and words and text and not re.search(script, text):
                yield f"{language}: not in its script: {text!r}"
            elif language != "en" and len(words) > 2 and text in ids(message):
                yield f"{language}: still English: {text!r}"


CATALOGUE_RULES: tuple[CatalogueRule, ...] = (
    every_message_is_translated,
    placeholders_are_kept,
    markup_is_not_smuggled_in,
    texts_are_in_their_language,
)


def plural_forms_are_right(language: str, catalogue: Catalog) -> Iterator[str]:
    """As many plural forms as the language has."""
    wanted = Catalog(locale=Locale.parse(language)).num_plurals
    if catalogue.num_plurals != wanted:
        yield f"{language}: {catalogue.num_plurals} plural forms, the language has {wanted}"


def difference(one: Catalog, other: Catalog) -> list[str]:
    """Messages that only one of two catalogues has."""
    ours, theirs = ({(message.context, ids(message)) for message in entries(each)} for each in (one, other))
    return sorted(f"{context or ''} {text[0]!r}".strip() for context, text in ours ^ theirs)


def not_extracted(house: House, template: Catalog) -> list[str]:
    """Messages that the code says and the template lacks: a keyword that extraction does not know."""
    known = {text for message in entries(template) for text in ids(message)}
    known |= {message.context for message in entries(template) if message.context}
    return [f"{path}:{line}: {text!r}" for path, line, text in messages(house) if text not in known]
