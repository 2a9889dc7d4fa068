"""Pages of the catalogue for everybody, `hsds.py` the same as open data, and `manage….py` for its editors."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from house.catalogue.views import (  # noqa: E402
    authorities,
    directory,
    hours,
    hsds,
    manage,
    manage_bundle,
    manage_edit,
    manage_entry,
    manage_work,
)

__all__ = [
    "authorities", "bp", "directory", "hours", "hsds", "manage", "manage_bundle", "manage_edit",
    "manage_entry", "manage_work",
]  # fmt: skip
