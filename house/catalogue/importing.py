"""Taking a catalogue file over, and giving it out again, unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from house.catalogue.directory import EDITION
from house.catalogue.models import Authority, CatalogueSection, Service, Text

BUNDLED = Path(__file__).parent / "data" / "services.yaml"
TEXTS = Path(__file__).parent / "texts"


def bundled_catalogue() -> Path:
    """The catalogue that comes with the house."""
    return BUNDLED


def import_catalogue(session: Session, path: Path) -> None:
    """Take over a checked catalogue file and the bundled texts."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    authorities = {one.slug: one for one in session.scalars(select(Authority))}
    for position, record in enumerate(data["authorities"]):
        authority = authorities.get(record["id"]) or Authority(slug=record["id"])
        authority.position, authority.record = position, record
        authorities[record["id"]] = authority
        session.add(authority)
    session.flush()
    services = {one.slug: one for one in session.scalars(select(Service))}
    for position, record in enumerate(data["services"]):
        service = services.get(record["id"]) or Service(slug=record["id"])
        service.position, service.kind, service.record = position, record["kind"], record
        service.authority_id = authorities[record["authority"]].id
        session.add(service)
    for name in ("meta", "offers", "routes_out", "sources"):
        session.merge(CatalogueSection(name=name, record=data[name]))
    known = session.get(CatalogueSection, EDITION)
    session.merge(CatalogueSection(name=EDITION, record=int(known.record) + 1 if known else 1))
    import_texts(session)
    session.flush()


def import_texts(session: Session) -> None:
    """Take over the bundled translations of the catalogue's texts."""
    have = {(text.subject, text.language): text for text in session.scalars(select(Text))}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is
    for path in sorted(TEXTS.glob("*.yaml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), loader):  # noqa: S506 - a safe loader
            text = have.get((entry["of"], path.stem)) or Text(subject=entry["of"], language=path.stem)
            text.en, text.text = entry["en"], entry["text"]
            session.add(text)
