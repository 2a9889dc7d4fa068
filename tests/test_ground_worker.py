"""The worker: stops when told to, survives a stumble, and keeps house once an hour."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from house import audit, post, worker
from house.audit import Act
from house.post import Letter, LetterState, Sheet
from tests import houses
from tests.letterbox import Letterbox

AppFactory = Callable[..., Flask]


def run_until(app: Flask, done: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the worker beside the test until `done`, at most ten seconds."""
    monkeypatch.setattr(worker, "PAUSE", 0.02)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app, stop))
    thread.start()
    try:
        for _ in range(200):
            if done():
                break
            stop.wait(0.05)
        else:
            pytest.fail("the worker did not get there in ten seconds")
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()


def toy(app: Flask) -> Flask:
    app.extensions["house-letters"] = {"toy": lambda facts: Sheet("Hello", [str(facts["name"])])}
    return app


def sent(app: Flask) -> int:
    with houses.looking(app) as session:
        found = select(func.count()).select_from(Letter).where(Letter.state == LetterState.SENT)
        return session.scalar(found) or 0


def test_the_worker_sends_seals_and_forgets(
    app_factory: AppFactory, smtp_server: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = toy(app_factory(smtp_url=smtp_server.url))
    with houses.arranging(app) as session:
        post.write(session, "toy", "ada@example.dk", "en", name="Ada")
        audit.record(session, "visitor", "booked", "visit 1")

    def done() -> bool:
        with houses.looking(app) as session:
            unsealed = session.scalar(select(func.count()).select_from(Act).where(Act.link.is_(None)))
        return sent(app) == 1 and unsealed == 0

    run_until(app, done, monkeypatch)
    assert len(smtp_server.messages) == 1


def test_a_demo_house_keeps_its_letters_for_the_mailbox(
    app_factory: AppFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = toy(app_factory(demo=True, smtp_url=None))
    with houses.arranging(app) as session:
        post.write(session, "toy", "ada@example.dk", "en", name="Ada")
    run_until(app, lambda: sent(app) == 1, monkeypatch)


def test_a_stumble_does_not_end_the_work(
    app_factory: AppFactory, smtp_server: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = toy(app_factory(smtp_url=smtp_server.url))
    with houses.arranging(app) as session:
        post.write(session, "toy", "ada@example.dk", "en", name="Ada")
    lease, stumbles = post.lease, iter([RuntimeError("the database went away")])

    def stumbling(session: Any, now: Any) -> Letter | None:
        for stumble in stumbles:
            raise stumble
        return lease(session, now)

    monkeypatch.setattr(post, "lease", stumbling)
    run_until(app, lambda: sent(app) == 1, monkeypatch)


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:9", "smtps://127.0.0.1:9"])
def test_nobody_at_the_mail_server_is_a_problem_for_later(app: Flask, url: str) -> None:
    toy(app)
    with houses.arranging(app) as session:
        post.write(session, "toy", "ada@example.dk", "en", name="Ada")
    with app.app_context():
        assert worker.send_one(worker.smtp(url))
    assert sent(app) == 0
