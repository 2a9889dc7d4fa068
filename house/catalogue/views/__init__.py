"""Pages of the catalogue: `directory.py` is what everybody may read, `hsds.py` the same as open data.

`plan.py` asks a visitor, `plan_list.py` is her own list, `plan_sheets.py` what she takes along of it.
"""

from flask import Blueprint

bp = Blueprint("catalogue", __name__)

from house.catalogue.views import directory, hsds, plan, plan_list, plan_sheets  # noqa: E402, F401
