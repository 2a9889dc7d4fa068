"""Pages of the catalogue for everybody; `hsds.py` is the same as open data."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from house.catalogue.views import authorities, directory, filters, hours, hsds  # noqa: E402, F401
