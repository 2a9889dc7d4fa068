"""Pages of the catalogue: `directory.py` is what everybody may read."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from house.catalogue.views import directory  # noqa: E402, F401
