"""What the house is measured against: a bare Flask route, and a plain page with one query."""

from __future__ import annotations

import os
import sqlite3

from flask import Flask, render_template
from sqlalchemy import create_engine, text

ROWS = 20
SENTENCE = "Bring your passport, your contract of employment and the address where you will live. "
PAGE = (
    "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{{ title }}</title></head><body>"
    "<h1>{{ title }}</h1><ul>{% for row in rows %}<li id='row-{{ row.id }}'><h2>{{ row.name }}</h2>"
    "<p class='{{ loop.cycle('odd', 'even') }}'>{{ row.words }}</p></li>{% endfor %}</ul></body></html>"
)


def hello() -> Flask:
    """Yardstick A: a bare route, for gunicorn's sync worker."""
    app = Flask("hello")

    @app.get("/")
    def say() -> str:
        return "hello"

    return app


def plain() -> Flask:
    """Yardstick B: 10 KB of HTML from a template and one SELECT of twenty rows, for our own server."""
    app = Flask("plain")
    template = app.jinja_env.from_string(PAGE)
    engine = create_engine(f"sqlite:///{os.environ['BENCH_PLAIN_DATABASE']}")

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT id, name, words FROM line ORDER BY id")).all()
        return render_template(template, title="Services", rows=rows)

    return app


def lay_rows(database: str) -> None:
    """The twenty rows of yardstick B."""
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, name TEXT, words TEXT)")
    lines = [(f"Service number {number}", SENTENCE * 5) for number in range(ROWS)]
    connection.executemany("INSERT INTO line (name, words) VALUES (?, ?)", lines)
    connection.commit()
    connection.close()
