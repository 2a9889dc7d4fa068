"""Taking a catalogue file over, whole or not at all, and giving the catalogue out again, unchanged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from house import audit
from house.catalogue.bundled import take_over_texts, texts_to_take_over
from house.catalogue.catalogue_file import BrokenCatalogue, Checked, from_record, read_file, to_record, write
from house.catalogue.shelf import new_edition
from house.catalogue.storing import Record, lock, still_used, stored, take_over
from house.catalogue.versions import write_down_import

BUNDLED = Path(__file__).parent / "data" / "services.yaml"


@dataclass(frozen=True)
class Diff:
    """What an import changes: entries by name ("service mitid"), the changed ones with what differs."""

    added: tuple[str, ...] = ()
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    texts: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.texts)

    def lines(self) -> list[str]:
        """The change in sentences for the command line."""
        said = [f"Added: {name}." for name in self.added]
        said += [f"Changed: {name} ({', '.join(keys)})." for name, keys in self.changed.items()]
        said += [f"Removed: {name}." for name in self.removed]
        if self.texts:
            said.append(f"Translated texts taken over: {self.texts}.")
        return said or ["Nothing changes."]


def bundled_catalogue() -> Path:
    """The catalogue file that comes with the house."""
    return BUNDLED


def import_catalogue(session: Session, path: Path) -> Diff:
    """Take over a catalogue file and the bundled texts of its entries; see `import_file`."""
    return import_file(session, path)


def import_file(session: Session, path: Path, dry_run: bool = False) -> Diff:
    """Take over a catalogue file, or with `dry_run` only say what would change.

    Raises BrokenCatalogue with every finding when the file is not sound, or when it leaves out what something
    in the house still points to. Then, and in a dry run, nothing is changed.
    """
    file = read_file(path)
    if file.findings:
        raise BrokenCatalogue(file.findings)
    return import_checked(session, file, dry_run)


def import_checked(
    session: Session, file: Checked, dry_run: bool = False, bundled_texts: bool = True, actor: str = "house"
) -> Diff:
    """The same for a file that was read and is sound; with its bundled texts, or without any."""
    if not dry_run:
        lock(session)  # one import at a time
    before, after = stored(session), to_record(file.data)
    wanted, there = _entries(after), _entries(before)
    if findings := still_used(session, before, after, file.lines):
        raise BrokenCatalogue(findings)
    texts = texts_to_take_over(session, file.data) if bundled_texts else []
    diff = _difference(wanted, there, len(texts))
    if diff and not dry_run:
        take_over(session, after)
        write_down_import(session, before, after)
        take_over_texts(session, texts)
        edition = new_edition(session)
        audit.record(
            session, actor, "catalogue_imported", f"catalogue {edition}",
            added=len(diff.added), changed=len(diff.changed), removed=len(diff.removed), texts=diff.texts,
        )  # fmt: skip
    return diff


def export(session: Session) -> str:
    """The catalogue as a file: what was imported, in the same order, in our way of writing."""
    return write(from_record(stored(session)))


# --- what differs ----------------------------------------------------------------------------------------


def _entries(catalogue: Record) -> dict[str, Any]:
    """Every entry of a catalogue by a name that people know it by; the order of entries is one of them."""
    found: dict[str, Any] = {}
    for name, section in catalogue.items():
        kind = {"authorities": "authority", "services": "service", "offers": "offer"}.get(name)
        if kind:
            found |= {f"{kind} {entry['id']}": entry for entry in section}
            found[f"order of {name}"] = {"order": [entry["id"] for entry in section]}
        else:
            found[name] = section if isinstance(section, dict) else {"entries": section}
    return found | {"parts": {"order": list(catalogue)}} if catalogue else found


def _difference(wanted: Record, stored: Record, texts: int) -> Diff:
    changed = {
        name: keys
        for name, entry in wanted.items()
        if name in stored and (keys := _keys(entry, stored[name]))
    }
    added = tuple(name for name in wanted if name not in stored and not _is_order(name))
    removed = tuple(name for name in stored if name not in wanted and not _is_order(name))
    return Diff(added, changed, removed, texts)


def _is_order(name: str) -> bool:
    return name == "parts" or name.startswith("order of ")


def _keys(new: Record, old: Record) -> tuple[str, ...]:
    """The names in an entry whose contents differ; only their order may."""
    differ = [key for key in (*new, *(key for key in old if key not in new)) if _differ(new, old, key)]
    return tuple(differ) or (("order",) if list(new) != list(old) else ())


def _differ(new: Record, old: Record, key: str) -> bool:
    return key not in new or key not in old or json.dumps(new[key]) != json.dumps(old[key])
