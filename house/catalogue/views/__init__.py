"""Pages of the catalogue: `directory.py` is what everybody may read, `hsds.py` the same as open data."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from house.catalogue.views import directory, hsds  # noqa: E402, F401
