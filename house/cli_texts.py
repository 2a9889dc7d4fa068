"""`house catalogue texts`: the catalogue's texts in other languages, for those who translate."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from house.languages import LANGUAGES

LANGUAGE = click.Choice([one.tag for one in LANGUAGES])


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
