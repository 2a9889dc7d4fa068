"""Pages of intake: `public.py` and `holding.py` book, `visit.py` is my visit, `desk.py` the desk."""

from flask import Blueprint

bp = Blueprint("intake", __name__)

from house.intake.views import desk, holding, public, visit  # noqa: E402, F401
