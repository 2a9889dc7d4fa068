"""`house catalogue bundle`: the whole catalogue out of one house and into another, as one file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask


def _house() -> Flask:
    from house import config as configuration
    from house import create_app

    try:
        return create_app(configuration.from_environment())
    except configuration.Misconfigured as error:
        raise click.ClickException(str(error)) from None


@click.group()
def bundle() -> None:
    """Give the catalogue out with its texts and cases as one file, and take such a file in."""


@bundle.command("out")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def bundle_out(file: Path) -> None:
    """Write the catalogue, its texts and staff's cases to one ZIP FILE."""
    from house.catalogue import face
    from house.db import db

    with _house().app_context():
        file.write_bytes(face.bundle_out(db.session()))


@bundle.command("in")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def bundle_in(file: Path, dry_run: bool) -> None:
    """Take a bundle over; a broken one is refused and changes nothing."""
    from house.catalogue import face
    from house.db import db, writing

    with file.open("rb") as stream:
        data = stream.read(face.LARGEST_BUNDLE + 1)
    with _house().app_context():
        try:
            with writing(db.session()) as session:
                diff = face.bundle_in(session, data, "house", dry_run=dry_run)
        except face.BadBundle as problem:
            raise click.ClickException(str(problem)) from None
        except face.BrokenCatalogue as broken:
            for finding in broken.findings:
                click.echo(f"services.yaml:{finding.line}: {finding.reason}", err=True)
            sys.exit(1)
    for line in diff.lines():
        click.echo(line)
