"""The `house` command: set up, serve, work, look after. Heavy things are imported where they are used."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from house import config as configuration
from house.cli_bundle import bundle
from house.cli_letters import letters
from house.cli_texts import texts

if TYPE_CHECKING:
    from flask import Flask


def _house() -> Flask:
    from house import create_app

    return create_app(_config())


def _config() -> configuration.Config:
    try:
        return configuration.from_environment()
    except configuration.Misconfigured as error:
        raise click.ClickException(str(error)) from None


@click.group()
def main() -> None:
    """Run and look after an International House."""


@main.command()
def init() -> None:
    """Make the data folder, bring the database up to date, add the place and the catalogue if missing."""
    from flask_migrate import upgrade

    from house import setting_up
    from house.db import db, writing

    setting_up.shut_files(_config())
    app = _house()
    with app.app_context():
        upgrade()
        with writing(db.session()) as session:
            said = setting_up.first_day(session)
    for line in said or ["The house was already set up; nothing changed."]:
        click.echo(line)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--no-worker", is_flag=True, help="Serve only; letters are sent by `house worker` processes.")
def run(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the house, with a worker beside it."""
    from house import serving

    if os.environ.get("HOUSE_DEMO") == "1":
        os.environ.setdefault("HOUSE_BASE_URL", f"http://127.0.0.1:{port}")
    _config()
    serving.serve(host, port, workers, with_worker=not no_worker)


@main.command()
@click.option("--with-parent", is_flag=True, help="End when the process that started this one is gone.")
def worker(with_parent: bool) -> None:
    """Send letters, seal the audit, forget what is due, until stopped."""
    import signal
    import threading

    from house import worker as working

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    parent = os.getppid()
    working.run(_house(), stop, alone=lambda: with_parent and os.getppid() != parent)


@main.command()
def demo() -> None:
    """Fill an empty house with invented people to walk through; does nothing where one already stands."""
    from house import demo as inventing
    from house.db import db

    app = _house()
    if not app.extensions["house-config"].demo:
        raise click.ClickException("Only with HOUSE_DEMO=1: nobody fills a real house with invented people.")
    with app.app_context():
        if inventing.stands(db.session()):
            click.echo("A demo house already stands.")
            return
        db.session.rollback()
        for line in inventing.build():
            click.echo(line)


@main.command("create-admin")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.password_option()
def create_admin(email: str, name: str, password: str) -> None:
    """Open the first staff account, with every staff role."""
    from house.db import db, writing
    from house.doors import STAFF
    from house.people import face as people
    from house.problems import Problem

    reasons = {
        "account_exists": "There is already an account with this address.",
        "weak_password": "Use at least 12 characters.",
    }
    with _house().app_context():
        try:
            with writing(db.session()) as session:
                body = people.house_body(session)
                people.open_account(session, email, name, [(body.id, role) for role in STAFF], password)
        except Problem as problem:
            raise click.ClickException(reasons.get(problem.code, problem.code)) from None
    click.echo(f"{email} can sign in at /sign-in.")


@main.group()
def catalogue() -> None:
    """Bring the catalogue in and out."""


main.add_command(letters)
catalogue.add_command(texts)
catalogue.add_command(bundle)


@catalogue.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def catalogue_check(file: Path) -> None:
    """Check a catalogue file; every finding has its line."""
    from house.catalogue import face

    findings = face.check_file(file)
    for finding in findings:
        click.echo(f"{file}:{finding.line}: {finding.reason}", err=True)
    if findings:
        sys.exit(1)
    click.echo("Nothing to complain about.")


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def catalogue_import(file: Path, dry_run: bool) -> None:
    """Take a catalogue file over; a broken one is refused and changes nothing."""
    from house.catalogue import face
    from house.db import db, writing

    with _house().app_context():
        try:
            with writing(db.session()) as session:
                diff = face.import_file(session, file, dry_run=dry_run)
        except face.BrokenCatalogue as broken:
            for finding in broken.findings:
                click.echo(f"{file}:{finding.line}: {finding.reason}", err=True)
            sys.exit(1)
    for line in diff.lines():
        click.echo(line)


@catalogue.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def catalogue_export(file: Path | None) -> None:
    """Write the catalogue as one file, or to standard output."""
    from house.catalogue import face
    from house.db import db

    with _house().app_context():
        text = face.export(db.session())
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)


@catalogue.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bundled", is_flag=True, help="By the catalogue that comes with the house, not this house's.")
def catalogue_try(file: Path, bundled: bool) -> None:
    """Print the lists of the people in a YAML case as JSON, by the rules of this house.

    Where no house was set up, the catalogue that comes with it is used.
    """
    import json

    from house.catalogue import face

    try:
        cases = face.read_cases(file.read_text(encoding="utf-8"))
    except (face.BadCase, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    rows = None if bundled else _rows_of_this_house(cases)
    if rows is None:
        rows = face.try_cases_with(face.bundled_catalogue(), cases)
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


def _rows_of_this_house(cases: list[Any]) -> list[dict[str, Any]] | None:
    """The lists by the rules of the house that stands here; None where none was set up."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from house.catalogue import face
    from house.db import db

    with suppress(configuration.Misconfigured, OperationalError, ProgrammingError):
        from house import create_app

        with create_app(configuration.from_environment()).app_context():
            if face.services(db.session()):
                return face.try_cases(db.session(), cases)
    return None


@main.command()
def doctor() -> None:
    """Look the house over: database, migrations, catalogue, audit chain, letters. Exit 1 when ill."""
    from house import doctoring

    app = _house()
    with app.app_context():
        ills = 0
        for well, sentence in doctoring.examine(app):
            click.echo(("ok    " if well else "ILL   ") + sentence)
            ills += not well
    if ills:
        sys.exit(1)


if __name__ == "__main__":
    main()
