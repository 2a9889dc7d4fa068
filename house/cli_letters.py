"""`house letters`: what to do about letters that could not leave."""

from __future__ import annotations

import click

from house import config as configuration


@click.group()
def letters() -> None:
    """Look after the letters that could not leave."""


@letters.command()
def retry() -> None:
    """Send again what was given up or refused and is not stale yet; the worker does it."""
    from house import clock, create_app, post
    from house.db import db, writing

    try:
        app = create_app(configuration.from_environment())
    except configuration.Misconfigured as error:
        raise click.ClickException(str(error)) from None
    with app.app_context(), writing(db.session()) as session:
        again = post.retry(session, clock.now())
    click.echo(f"{again} letters wait to be sent again.")
