"""Forms of the directory: looking for a service, by a few words and by who one is."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.widgets import CheckboxInput, ListWidget

from house.catalogue.for_whom import ALL
from house.forms import HouseForm, LineField, SelectMultipleField


class SearchForm(HouseForm):
    """A few words to find a service by, and who looks. Sent by GET, for it writes nothing."""

    class Meta(HouseForm.Meta):
        csrf = False

    q = LineField(_l("Find a service"), longest=80)
    who = SelectMultipleField(
        _l("Only what can be for me"),
        choices=[(choice, choice) for choice in ALL],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,  # an old link with a choice that is gone still shows the directory
    )

    @property
    def ticked(self) -> frozenset[str]:
        """What was ticked, as far as it can be."""
        return frozenset(self.who.data or ()).intersection(ALL)
