"""The texts of the catalogue as the rows hold them: what counts, every version, and one version more."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from house import clock
from house.catalogue.language_tree import Made, Translations
from house.catalogue.text_models import Origin, Text, TextVersion

_COUNTS = and_(
    Text.subject == TextVersion.subject,
    Text.language == TextVersion.language,
    Text.number == TextVersion.number,
)


def translations(session: Session, languages: Collection[str]) -> list[Translations]:
    """The texts that count, a language each."""
    found: dict[str, dict[str, Made]] = {language: {} for language in languages}
    rows = session.execute(
        select(
            TextVersion.language, TextVersion.subject, TextVersion.source, TextVersion.text,
            TextVersion.source_language, TextVersion.origin,
        )
        .join(Text, _COUNTS)
        .where(Text.language.in_(found))
        .order_by(Text.subject)
    )  # fmt: skip
    for language, subject, source, text, source_language, origin in rows:
        made = Made(source, text, source_language, origin is Origin.MACHINE)
        found[language][subject] = made
    return [Translations(language, texts) for language, texts in found.items()]


def numbers(session: Session, language: str) -> dict[str, int]:
    """Which version of each text of a language counts."""
    counting = select(Text.subject, Text.number).where(Text.language == language)
    return dict(session.execute(counting).all())


def versions(session: Session, language: str, subject: str) -> list[TextVersion]:
    """Everything a text ever said, the newest first."""
    wanted = select(TextVersion).where(TextVersion.language == language, TextVersion.subject == subject)
    return list(session.scalars(wanted.order_by(TextVersion.number.desc())))


def add_version(session: Session, subject: str, language: str, made: Made, origin: Origin, by: str) -> int:
    """Put a version after the others and let it count; returns its number. The caller holds the lock."""
    row = session.get(Text, (subject, language), populate_existing=True)
    return _follow(session, row, subject, language, made, origin, by)


def add_versions(session: Session, texts: Iterable[tuple[str, str, Made, Origin]], by: str) -> None:
    """The same for many texts (subject, language, made, origin), each once, in one look at what stands."""
    texts = list(texts)
    wanted = select(Text).where(Text.language.in_({language for _, language, _, _ in texts}))
    standing = session.scalars(wanted.execution_options(populate_existing=True))
    rows = {(row.subject, row.language): row for row in standing}
    for subject, language, made, origin in texts:
        _follow(session, rows.get((subject, language)), subject, language, made, origin, by)


def _follow(
    session: Session, row: Text | None, subject: str, language: str, made: Made, origin: Origin, by: str
) -> int:
    number = row.number + 1 if row else 1
    session.add(
        TextVersion(
            subject=subject, language=language, number=number, source_language=made.source_language,
            source=made.source, text=made.text, origin=origin, made_by=by, made_at=clock.now(),
        )
    )  # fmt: skip
    if row:
        row.number = number
    else:
        session.add(Text(subject=subject, language=language, number=number))
    return number
