"""For races: the house without its guards, so that a test can show that it could fail.

A careless house looks, lets go of everything it holds, waits until all have looked, and then writes as it
meant to. That is what a house without locks does on a bad day; the day comes at once here.
"""

from __future__ import annotations

import time

from sqlalchemy import func, select, text
from sqlalchemy.orm.attributes import set_committed_value

from house.db import begin_writing, db, is_sqlite, writing
from house.intake import booking, claiming, fairness, holding, standing
from house.intake.models import CounterDay, Occupancy, Step, Visit
from house.problems import Problem
from tests import houses

FEW = 5
PATIENCE = 60
IN_VAIN = 1
"""So long, in seconds, who holds the locks waits for who cannot get them."""


def all_looked(app, number, few=FEW):
    """Wait until this many have looked."""
    folder = app.extensions["house-config"].data_dir
    (folder / f"looked-{number}").touch()
    wait_for(lambda: len(list(folder.glob("looked-*"))) >= few)


def has_looked(app, number):
    """Wait until this one has looked."""
    wait_for((app.extensions["house-config"].data_dir / f"looked-{number}").exists)


def wait_for(true, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)


def look_then_take(app, number, few=FEW):
    """Take the locks out of holding and moving: what is free is looked at before all take it."""
    looked = claiming.lanes_taken

    def careless(session, counter_ids, frame, **which):
        taken = looked(session, counter_ids, frame, **which)
        claiming.lanes_taken = looked
        session.rollback()
        all_looked(app, number, few)
        begin_writing(session)
        return taken

    claiming.lanes_taken = careless


def look_then_hold(app, number, few=FEW):
    """Take the turns out of holding: what this browser holds already is looked at before all hold."""
    looked = holding._held_by

    def careless(session, browser):
        held = looked(session, browser)
        session.rollback()
        all_looked(app, number, few)
        begin_writing(session)
        return held

    holding._held_by = careless


def look_then_keep(app, number, few=FEW):
    """Take the locks out of confirming: whether the places are still there is looked at before."""

    def careless(session, visit):
        there = session.scalar(select(func.count()).where(Occupancy.visit_id == visit.id))
        session.rollback()
        all_looked(app, number, few)
        wait_for(lambda: places_changed(app, visit))
        begin_writing(session)
        return there > 0

    def places_changed(app, visit):
        with writing(db.session()) as session:
            return not session.scalar(select(func.count()).where(Occupancy.visit_id == visit.id))

    booking.keep_places = careless
    standing.still_fits = lambda *_: True


def look_then_act(app, number, few=FEW, after=lambda: True):
    """Take the lock off the visit: its state is looked at before, and believed after all looked."""
    locking = claiming.lock_visit

    def careless(session, visit):
        session.refresh(visit)
        state = visit.state
        claiming.lock_visit = locking
        session.rollback()
        all_looked(app, number, few)
        wait_for(after)
        begin_writing(session)
        session.refresh(visit)
        set_committed_value(visit, "state", state)

    claiming.lock_visit = careless


def look_then_confirm(app, keep_locks):
    """Confirming waits, between seeing the counter open and booking, until it was closed, or in vain."""
    folder, fits = app.extensions["house-config"].data_dir, standing.still_fits

    def look(session, visit, timezone):
        found = fits(session, visit, timezone)
        if not keep_locks:
            session.rollback()  # lets go of every lock
        (folder / "looked").touch()
        wait_for((folder / "closed").exists, IN_VAIN if keep_locks else PATIENCE)
        if not keep_locks:
            begin_writing(session)
        return found

    standing.still_fits = look


def while_it_closes(close_it, prepare, act):
    """One closes at the very moment between another's looking and writing."""

    def work(app, number):
        folder = app.extensions["house-config"].data_dir
        if number == 0:
            wait_for((folder / "looked").exists)
            answer = close_it(app)
            (folder / "closed").touch()
            return answer
        prepare(app)
        return act(app)

    return work


def look_then_judge(app, number, few=FEW):
    """Take the lock off an address: its visits are counted before."""
    judging = fairness.judge

    def careless(session, visit):
        judging(session, visit)
        session.rollback()
        all_looked(app, number, few)
        begin_writing(session)

    fairness.judge = careless


def drop_the_key(app):
    """Take the primary key off `occupancy`."""
    with houses.arranging(app) as session:
        if is_sqlite(session):
            session.execute(text("CREATE TABLE keyless AS SELECT * FROM occupancy"))
            session.execute(text("DROP TABLE occupancy"))
            session.execute(text("ALTER TABLE keyless RENAME TO occupancy"))
        else:
            session.execute(text("ALTER TABLE occupancy DROP CONSTRAINT pk_occupancy"))


def act(app, do):
    """One writing request without its page: the problem's code, or what `do(session)` answers."""
    with app.app_context():
        try:
            with writing(db.session()) as session:
                return do(session) or "done"
        except Problem as problem:
            return problem.code


def counts(app):
    """How many places, visits and steps there are."""
    with houses.looking(app) as session:
        return [session.scalar(select(func.count()).select_from(one)) for one in (Occupancy, Visit, Step)]


def full(app):
    """The bitmaps of all days, by counter and day."""
    with houses.looking(app) as session:
        days = session.scalars(select(CounterDay).order_by(CounterDay.counter_id, CounterDay.day)).all()
        return [int.from_bytes(day.full, "little") for day in days]
