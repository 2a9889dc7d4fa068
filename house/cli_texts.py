"""`house catalogue texts`: the catalogue's texts in other languages, for those who translate."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from house import config as configuration
from house.languages import LANGUAGES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REASONS = {
    "file_empty": "There are no texts in this file.",
    "file_not_csv": "This is not a CSV file.",
    "file_not_utf8": "The file is not UTF-8.",
    "file_not_xliff": "This is not an XLIFF 1.2 file.",
    "file_of_another_language": "The file is for another language: {language}.",
    "file_too_large": "The file is larger than {megabytes} MB.",
    "file_too_long": "The file has more than {most} rows.",
    "file_with_entities": "The file brings entities of its own (DOCTYPE); such files are not read.",
    "file_without_headings": "The first row must have these headings: {headings}.",
    "not_here": "The catalogue itself is written in this language.",
}
LANGUAGE = click.Choice([one.tag for one in LANGUAGES])


@contextmanager
def _house() -> Iterator[Session]:
    """A session in the house of the environment; what it refuses is told in a sentence."""
    from house import create_app
    from house.db import db
    from house.problems import Problem

    try:
        config = configuration.from_environment()
    except configuration.Misconfigured as error:
        raise click.ClickException(str(error)) from None
    with create_app(config).app_context():
        try:
            yield db.session()
        except Problem as problem:
            reason = REASONS.get(problem.code, problem.code).format(**problem.facts)
            raise click.ClickException(reason) from None


@click.group()
def texts() -> None:
    """Give the catalogue's texts out for translation, and take translations in."""


@texts.command("todo")
@click.argument("language", type=LANGUAGE)
def texts_todo(language: str) -> None:
    """List what the bundled texts of a LANGUAGE lack, as YAML to fill in: `text` is yours."""
    from house.catalogue import face

    click.echo(face.written(face.still_to_do(language, face.bundled_catalogue())), nl=False)


@texts.command("fill")
@click.argument("language", type=LANGUAGE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def texts_fill(language: str, file: Path) -> None:
    """Add the translations in a filled-in FILE to the bundled texts of a LANGUAGE."""
    import yaml

    from house.catalogue import face

    try:
        entries = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} is not YAML: {error}") from None
    filled = face.fill(language, face.bundled_catalogue(), entries or [])
    for sentence in filled.refused:
        click.echo(f"Refused. {sentence}", err=True)
    for sentence in filled.look_again:
        click.echo(f"Look again. {sentence}", err=True)
    left = len(face.still_to_do(language, face.bundled_catalogue()))
    click.echo(f"Taken: {filled.taken}. Still to do in {language}: {left}.")
    if filled.refused:
        sys.exit(1)


@texts.command("export")
@click.argument("language", type=LANGUAGE)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to-do", is_flag=True, help="Only what is missing, outdated or a machine's.")
def texts_export(language: str, file: Path, to_do: bool) -> None:
    """Write the house's texts in a LANGUAGE to a FILE for translators: .xliff, .xlf or .csv."""
    from house.catalogue import face

    if file.suffix not in (".csv", ".xliff", ".xlf"):
        raise click.ClickException("The name of the file must end in .xliff, .xlf or .csv.")
    with _house() as session:
        file.write_bytes(face.export_texts(session, language, file.suffix == ".csv", only_to_do=to_do))


@texts.command("import")
@click.argument("language", type=LANGUAGE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--machine", is_flag=True, help="A machine made the new texts.")
def texts_import(language: str, file: Path, dry_run: bool, machine: bool) -> None:
    """Take the texts of a translated FILE into the house, all that can be taken."""
    from house.catalogue import face
    from house.db import writing

    with _house() as session, writing(session):
        found = face.import_texts(session, language, file.read_bytes(), machine=machine, dry_run=dry_run)
    for line in found.lines():
        click.echo(line)
    if found.refused:
        sys.exit(1)
