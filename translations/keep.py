"""Keeping the twelve catalogues: extract the messages, bring every language up to date, fill them in.

    .venv/bin/python translations/keep.py             extract, update all, say what is missing
    .venv/bin/python translations/keep.py todo pl     what is missing in one language, as JSON
    .venv/bin/python translations/keep.py fill pl F   take translations over from a JSON file of that form

English is the language of the source; its catalogue repeats the messages, so that it is complete too.
"""

from __future__ import annotations

import io
import json
import sys
import tomllib
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent
TEMPLATE = HERE / "messages.pot"
LANGUAGES = ("da", "en", "de", "pl", "ro", "uk", "lt", "bg", "es", "tr", "ar", "fa")
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2), "_n": (1, 2), "_lp": ((1, "c"), 2),
}  # fmt: skip


def extract() -> Catalog:
    """Every message of the code and the templates, with where it stands and what translators should know."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = settings["tool"]["babel"]["mappings"]
    methods = [(one.pop("pattern"), one.pop("method")) for one in mappings]
    options = {
        pattern: {name: str(value).lower() for name, value in one.items()}
        for (pattern, _method), one in zip(methods, mappings, strict=True)
    }
    catalogue = Catalog(project="International House", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True,
        directory_filter=lambda path: Path(path).name not in (".venv", "node_modules", ".git"),
    )  # fmt: skip
    for name, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """A catalogue as it is stored: without dates and line numbers, which only make changes look larger."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, omit_header=False, include_lineno=False, sort_by_file=True)
    noise = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')
    lines = out.getvalue().decode("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith(noise)) + "\n"


def path_of(language: str) -> Path:
    return HERE / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="International House", charset="utf-8", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def save(language: str, catalogue: Catalog) -> None:
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_text(catalogue), encoding="utf-8")


def missing(catalogue: Catalog) -> list[dict[str, object]]:
    """Messages without a whole translation, in the form that `fill` takes back."""
    todo = []
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        plural = isinstance(message.id, (list, tuple))
        wanted = catalogue.num_plurals if plural else 1
        if len([one for one in strings if one]) < wanted or message.fuzzy:
            todo.append(
                {
                    "id": list(message.id) if plural else message.id, "context": message.context,
                    "note": " ".join(message.auto_comments),
                    "where": sorted({place for place, _ in message.locations}),
                    "text": [""] * wanted if plural else "",
                }
            )  # fmt: skip
    return todo


def update(language: str, template: Catalog) -> list[dict[str, object]]:
    catalogue = load(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language == "en":
        for message in catalogue:
            if message.id:
                message.string = message.id
    save(language, catalogue)
    return missing(catalogue)


def fill(language: str, file: Path) -> int:
    """Take translations over; a message that is not in the catalogue is an error."""
    catalogue = load(language)
    entries = json.loads(file.read_text(encoding="utf-8"))
    for entry in entries:
        one = entry["id"][0] if isinstance(entry["id"], list) else entry["id"]
        message = catalogue.get(one, entry.get("context"))
        if message is None:
            raise SystemExit(f"{language}: no such message: {entry['id']!r}")
        message.string = tuple(entry["text"]) if isinstance(entry["text"], list) else entry["text"]
    save(language, catalogue)
    return len(entries)


def main(words: list[str]) -> None:
    if words[:1] == ["todo"]:
        print(json.dumps(missing(load(words[1])), ensure_ascii=False, indent=1))
        return
    if words[:1] == ["fill"]:
        print(f"{words[1]}: {fill(words[1], Path(words[2]))} taken over")
        return
    TEMPLATE.write_text(as_text(extract()), encoding="utf-8")
    for language in LANGUAGES:
        with TEMPLATE.open("rb") as stream:  # read anew: a catalogue takes the template's messages as its own
            template = read_po(stream)
        print(f"{language}: {len(update(language, template))} missing of {len(template)}")


if __name__ == "__main__":
    main(sys.argv[1:])
