"""Pages of the catalogue for everybody, `hsds.py` the same as open data, and `manage….py` for its editors."""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from house.catalogue.views import authorities, directory, hours, hsds  # noqa: E402, F401
from house.catalogue.views import manage, manage_edit, manage_entry, manage_work  # noqa: E402, F401
