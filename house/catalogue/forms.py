"""Forms of the directory: looking for a service."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from house.forms import HouseForm, LineField


class SearchForm(HouseForm):
    """A few words to find a service by. Sent by GET, for it writes nothing."""

    class Meta(HouseForm.Meta):
        csrf = False

    q = LineField(_l("Find a service"), longest=80)
