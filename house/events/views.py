"""Pages of this wing."""

from flask import Blueprint

bp = Blueprint("events", __name__)
