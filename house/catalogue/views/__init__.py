"""Pages of the catalogue: `directory.py`, `authorities.py`, `hours.py` are for all, `hsds.py` is open data.

`plan.py` asks a visitor, `plan_list.py` is her own list, `plan_sheets.py` what she takes along of it. Editors
have `manage*.py` for entries and `text*.py` for other languages, managers `coverage.py`.
"""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from house.catalogue.views import (  # noqa: E402, F401
    authorities,
    coverage,
    directory,
    filters,
    hours,
    hsds,
    manage,
    manage_bundle,
    manage_edit,
    manage_entry,
    manage_work,
    plan,
    plan_list,
    plan_sheets,
    text_files,
    texts,
)
