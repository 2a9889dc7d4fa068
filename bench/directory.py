"""What the directory costs: its list, a search, a service, an authority, as multiples of a bare Flask route.

    .venv/bin/python -m bench.directory --out bench/results

Measured as `bench.pages` measures, see bench/README.md. A search is asked by a name as it stands, misspelt,
in another language than the page's, and by words that find nothing: each asks the index for more.
"""

from __future__ import annotations

import sys

from bench import houses
from bench.pages import Page, bench

AIM = 8
PATHS = {
    "services": "/en/services/",
    "services, Arabic": "/ar/services/",
    "services for an EU student": "/en/services/?who=eu&who=student",
    "search, a name": "/en/services/?q=tax+card",
    "search, misspelt": "/en/services/?q=driveing+lisence",
    "search, a sentence": "/en/services/?q=where+can+my+wife+learn+danish",
    "search, Polish on an English page": "/en/services/?q=meldunek",
    "search, nothing found": "/en/services/?q=teapot",
    "service page": f"/en/services/{houses.SERVICE}",
    "service page, Arabic": f"/ar/services/{houses.SERVICE}",
    "authorities": "/en/authorities/",
    "authority page": "/en/authorities/aalborg_citizen_service",
    "visit us": "/en/visit-us",
    "opening hours as data": "/hours.json",
}


def all_pages() -> list[Page]:
    """The pages in the order of the table, all with the same aim."""
    return [Page(name, path, AIM) for name, path in PATHS.items()]


if __name__ == "__main__":
    sys.exit(bench("directory", __doc__ or "", all_pages()))
