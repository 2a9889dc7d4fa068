"""Taking a catalogue file over, whole or not at all, and giving the catalogue out again, unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from house import audit
from house.catalogue.catalogue_file import BrokenCatalogue, from_record, read_file, to_record, write
from house.catalogue.checking import Finding, Lines
from house.catalogue.models import Authority, CatalogueSection, Service
from house.catalogue.shelf import EDITION, new_edition
from house.catalogue.translating import take_over_texts, texts_to_take_over
from house.db import Model

BUNDLED = Path(__file__).parent / "data" / "services.yaml"
ORDER = "order"
"""The section that keeps in which order the parts of the file stood."""

PARTS = ("meta", "authorities", "services", "offers", "routes_out", "sources")

Record = dict[str, Any]


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
    if not dry_run:
        session.get(CatalogueSection, EDITION, with_for_update=True)  # one import at a time
    wanted, stored = _entries(to_record(file.data)), _entries(_stored(session))
    _refuse_removing_what_is_used(session, wanted, stored, file.lines)
    texts = texts_to_take_over(session, file.data)
    diff = _difference(wanted, stored, len(texts))
    if diff and not dry_run:
        _take_over(session, to_record(file.data))
        take_over_texts(session, texts)
        edition = new_edition(session)
        audit.record(
            session, "house", "catalogue_imported", f"catalogue {edition}",
            added=len(diff.added), changed=len(diff.changed), removed=len(diff.removed), texts=diff.texts,
        )  # fmt: skip
    return diff


def export(session: Session) -> str:
    """The catalogue as a file: what was imported, in the same order, in our way of writing."""
    return write(from_record(_stored(session)))


# --- what the rows hold -------------------------------------------------------------------------------------


def _stored(session: Session) -> Record:
    """The catalogue as the rows hold it, dates still as text."""
    rows = session.execute(select(CatalogueSection.name, CatalogueSection.record))
    sections: Record = {name: record for name, record in rows if name != EDITION}
    order = sections.pop(ORDER, None)
    sections["authorities"] = list(session.scalars(select(Authority.record).order_by(Authority.position)))
    sections["services"] = list(session.scalars(select(Service.record).order_by(Service.position)))
    return {name: sections[name] for name in order or PARTS if order or sections.get(name)}


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


# --- what may not go ----------------------------------------------------------------------------------------


def _refuse_removing_what_is_used(session: Session, wanted: Record, stored: Record, lines: Lines) -> None:
    findings = []
    for kind, model, section in (("service", Service, "services"), ("authority", Authority, "authorities")):
        gone = [name.split(" ")[1] for name in stored if name.startswith(f"{kind} ") and name not in wanted]
        if gone:
            rows = session.execute(select(model.id, model.slug).where(model.slug.in_(gone)))
            keys = dict(rows.all())
            for id_, table in _pointing_at(session, model, keys):
                reason = f"{kind} {keys[id_]} is missing here, but the house still uses it ({table})."
                findings.append(Finding(lines.get((section,), 1), reason))
    if findings:
        raise BrokenCatalogue(sorted(findings))


def _pointing_at(session: Session, model: type[Model], keys: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Which of these rows other tables point to, whatever wing they belong to; the catalogue's own aside."""
    for table in Model.metadata.sorted_tables:
        if table.name == Service.__tablename__:
            continue
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table is model.__table__:
                column = constraint.columns[0]
                used = select(column).where(column.in_(keys)).distinct()
                yield from ((id_, table.name) for id_ in session.scalars(used))


# --- writing ------------------------------------------------------------------------------------------------


def _take_over(session: Session, catalogue: Record) -> None:
    """Make the rows say what the catalogue says."""
    authorities = {row.slug: row for row in session.scalars(select(Authority))}
    for position, record in enumerate(catalogue["authorities"]):
        authority = authorities.setdefault(record["id"], Authority(slug=record["id"]))
        authority.position = position
        _write(session, authority, record)
    session.flush()
    services = {row.slug: row for row in session.scalars(select(Service))}
    for position, record in enumerate(catalogue["services"]):
        service = services.setdefault(record["id"], Service(slug=record["id"]))
        confirmed = record.get("confirmed_on")
        service.position, service.kind = position, record["kind"]
        service.authority_id = authorities[record["authority"]].id
        service.confirmed_on = date.fromisoformat(confirmed) if confirmed else None
        _write(session, service, record)
    session.flush()
    _remove(session, services, catalogue["services"])
    _remove(session, authorities, catalogue["authorities"])
    others = {name: part for name, part in catalogue.items() if name not in ("authorities", "services")}
    sections = {row.name: row for row in session.scalars(select(CatalogueSection))}
    for name, part in (others | {ORDER: list(catalogue)}).items():
        _write(session, sections.pop(name, CatalogueSection(name=name)), part)
    for name, row in sections.items():
        if name != EDITION:
            session.delete(row)
    session.flush()


def _write(session: Session, row: Authority | Service | CatalogueSection, record: Any) -> None:
    """Say it anew only where it differs: who writes, modifies."""
    if row not in session or json.dumps(row.record) != json.dumps(record):
        row.record = record
        flag_modified(row, "record")  # entries in another order compare as equal
    session.add(row)


def _remove(session: Session, rows: Mapping[str, Model], records: list[Record]) -> None:
    kept = {record["id"] for record in records}
    for slug, row in rows.items():
        if slug not in kept:
            session.delete(row)
    session.flush()
