"""Signing in: stub until the people wing is written."""

from flask import Flask


def init(app: Flask) -> None:
    app.extensions["house-signed-in"] = lambda: None
