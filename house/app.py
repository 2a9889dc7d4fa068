"""The front door: a short list of everything the house has, in the order it is put together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, abort, g, has_request_context, request
from flask_migrate import Migrate
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

from house import (
    clock,
    db,
    doors,
    formats,
    front,
    languages,
    logs,
    messages,
    options,
    packing,
    pages,
    pieces,
    post,
    repeats,
    sessions,
)
from house import config as configuration
from house.catalogue import face as catalogue_face
from house.catalogue import views as catalogue_views
from house.events import face as events_face
from house.events import forget as events_forget
from house.events import letters as events_letters
from house.events import views as events_views
from house.forms import csrf_token
from house.intake import face as intake_face
from house.intake import forget as intake_forget
from house.intake import letters as intake_letters
from house.intake import views as intake_views
from house.people import forget as people_forget
from house.people import letters as people_letters
from house.people import signing_in
from house.people import views as people_views
from house.referrals import face as referrals_face
from house.referrals import forget as referrals_forget
from house.referrals import letters as referrals_letters
from house.referrals import views as referrals_views
from house.reporting import face as reporting_face
from house.reporting import forget as reporting_forget
from house.reporting import views as reporting_views
from house.seals import Keyring

MEGABYTE = 1024 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BLUEPRINTS = (
    front.bp,
    people_views.bp,
    catalogue_views.bp,
    intake_views.bp,
    events_views.bp,
    referrals_views.bp,
    reporting_views.bp,
)
LETTERS: dict[str, post.Render] = {
    **people_letters.LETTERS,
    **intake_letters.LETTERS,
    **events_letters.LETTERS,
    **referrals_letters.LETTERS,
}
FORGET = (
    post.forget,
    repeats.forget,
    people_forget.forget,
    intake_forget.forget,
    events_forget.forget,
    referrals_forget.forget,
    reporting_forget.forget,
)
EVERY_MINUTE = (
    intake_face.remind, intake_face.let_lapse, intake_face.clear_run_out, intake_face.offer_next,
    intake_face.tell_ended, intake_face.tell_guidance,
)  # fmt: skip


def build(config: configuration.Config | None = None) -> Flask:
    """The whole house, from the given configuration or the environment's."""
    config = config or configuration.from_environment()
    app = Flask("house")
    app.jinja_environment = pieces.Templates
    app.extensions["house-config"] = config
    app.extensions["house-keyring"] = Keyring(config.secret)
    app.extensions["house-letters"] = LETTERS
    app.extensions["house-forget"] = FORGET
    app.extensions["house-every-day"] = EVERY_DAY
    app.extensions["house-every-minute"] = EVERY_MINUTE
    _settings(app, config)
    logs.init(app, config.testing)
    sessions.init(app)
    db.init(app, config.database_url)
    Migrate(app, db.db, directory=str(languages.MIGRATIONS), render_as_batch=True)
    languages.init(app)
    messages.init(app)
    app.before_request(_begin)  # before Flask-Security loads the account: a reader cannot become a writer
    signing_in.init(app)
    doors.init(app)
    packing.init(app)
    options.init(app)
    pieces.init(app)
    pages.init(app)
    formats.init(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    plug_in()
    _template_words(app, config)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]
    return app


def plug_in() -> None:
    """Let lower wings hear of the wings above them: the only arrows that go up, and all of them."""
    catalogue_face.bookable[:] = [
        lambda session: frozenset(service.slug for service in intake_face.bookable_services(session))
    ]
    catalogue_face.at_counters[:] = [intake_face.at_counters]
    intake_face.handed_outside[:] = [referrals_face.from_the_desk]
    intake_face.hand_over_pages[:] = [referrals_face.new_page]
    reporting_face.SOURCES.update(
        service=lambda session: [service.slug for service in catalogue_face.services(session)],
        service_group=lambda session: [service.kind for service in catalogue_face.services(session)],
        authority=lambda session: [service.authority_slug for service in catalogue_face.services(session)],
        partner=lambda session: [service.authority_slug for service in catalogue_face.services(session)],
        event_type=lambda _session: [kind.value for kind in events_face.EventKind],
    )
    reporting_face.NAMES.update(
        service=lambda session: {service.slug: service.name for service in catalogue_face.services(session)}
    )


def _close_days(session: Session, _now: datetime) -> int:
    """Close the days that are over."""
    return intake_face.close_days_before(session, clock.today(catalogue_face.place(session).timezone))


EVERY_DAY = (_close_days, referrals_face.close_unanswered, reporting_face.close_due, intake_face.sweep)
"""What the worker sees to beside letters; days before months, so that each is told in the month it was in."""


def _settings(app: Flask, config: configuration.Config) -> None:
    ring: Keyring = app.extensions["house-keyring"]
    app.config.update(
        SECRET_KEY=ring.key("session").hex(),
        TESTING=config.testing,
        SESSION_COOKIE_NAME="house",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure,
        MAX_CONTENT_LENGTH=4 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=3 * MEGABYTE,
        TRUSTED_HOSTS=list(config.trusted_hosts),
        WTF_CSRF_TIME_LIMIT=None,
    )


def _begin() -> None:
    """Choose the language; let a writing request read its body first, then begin as a writer."""
    languages.choose()
    if "\0" in request.path:  # PostgreSQL knows no such text, so nothing can be called that
        abort(404)
    if request.method not in SAFE:
        request.get_data(parse_form_data=True)  # a slow sender must not hold the writer's lock
        db.begin_writing(db.db.session())


def _template_words(app: Flask, config: configuration.Config) -> None:
    app.jinja_env.globals.update(
        csrf_token=csrf_token, house_name=config.house_name, demo=config.demo, base_url=config.base_url,
        sms=config.sms is not None,
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def words() -> dict[str, Any]:
        # A letter is written without a request: nobody is signed in there.
        person = doors.person_if_session() if has_request_context() else None
        return {"lang": languages.current(), "signed_in": person}


@event.listens_for(Session, "before_commit")
def only_after_a_valid_form(_session: Session) -> None:
    """A writing request may commit only when a form of it, with its token, was valid."""
    if not has_request_context() or request.method in SAFE or g.get("form_was_valid"):
        return
    raise RuntimeError(f"{request.endpoint} commits without a valid form")
