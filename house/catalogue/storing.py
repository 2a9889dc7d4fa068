"""The catalogue's rows: reading them as one record, making them say another, and what may not go."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ForeignKeyConstraint, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from house.catalogue.checking import Finding, Lines
from house.catalogue.models import Authority, CatalogueSection, Service
from house.catalogue.shelf import EDITION
from house.db import Model

ORDER = "order"
"""The section that keeps in which order the parts of the file stood."""

PARTS = ("meta", "authorities", "services", "offers", "routes_out", "sources")

Record = dict[str, Any]


def lock(session: Session) -> bool:
    """Let nobody else change the catalogue until this transaction ends; False where nothing was imported."""
    return session.get(CatalogueSection, EDITION, with_for_update=True) is not None


def stored(session: Session) -> Record:
    """The catalogue as the rows hold it, dates still as text."""
    rows = session.execute(select(CatalogueSection.name, CatalogueSection.record))
    sections: Record = {name: record for name, record in rows if name != EDITION}
    order = sections.pop(ORDER, None)
    sections["authorities"] = list(session.scalars(select(Authority.record).order_by(Authority.position)))
    sections["services"] = list(session.scalars(select(Service.record).order_by(Service.position)))
    return {name: sections[name] for name in order or PARTS if order or sections.get(name)}


# --- what may not go ----------------------------------------------------------------------------------------


def still_used(session: Session, before: Record, after: Record, lines: Lines | None = None) -> list[Finding]:
    """What is left out of `after` though something in the house still points to it."""
    findings = []
    for kind, model, section in (("service", Service, "services"), ("authority", Authority, "authorities")):
        kept = {entry["id"] for entry in after.get(section) or ()}
        gone = [entry["id"] for entry in before.get(section) or () if entry["id"] not in kept]
        if gone:
            rows = session.execute(select(model.id, model.slug).where(model.slug.in_(gone)))
            keys = dict(rows.all())
            for id_, table in _pointing_at(session, model, keys):
                reason = f"{kind} {keys[id_]} is missing here, but the house still uses it ({table})."
                findings.append(Finding((lines or {}).get((section,), 1), reason))
    return sorted(findings)


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


def take_over(session: Session, catalogue: Record) -> None:
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
