"""Forgetting runs every room it is handed, in one transaction, and knows every fate."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session

from house.db import Model
from house.forgetting import fates, forget_all
from tests.house_rules.schema import sealed_columns

NOW = datetime(2027, 1, 7, 9, tzinfo=UTC)


def test_every_room_is_run_once_and_counted(session: Session) -> None:
    asked: list[datetime] = []

    def room(_session: Session, now: datetime) -> int:
        asked.append(now)
        return 2

    assert forget_all(session, NOW, (room, room)) == 4
    assert asked == [NOW, NOW]


def test_every_sealed_column_tells_its_fate(app: Flask) -> None:
    told = fates()
    assert set(told) == {f"{one.table.name}.{one.name}" for one in sealed_columns(Model.metadata)}
    assert all(len(fate.split()) >= 3 for fate in told.values())


def test_a_fresh_house_forgets_without_complaint(app: Flask, session: Session) -> None:
    assert forget_all(session, NOW, app.extensions["house-forget"]) == 0
