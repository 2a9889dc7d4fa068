"""What other wings may use of the catalogue: services, authorities, the place and its hours."""

from house.catalogue.directory import (
    ServiceView,
    authority_names,
    documents,
    minutes,
    place,
    service,
    service_by_id,
    services,
)
from house.catalogue.hours import add_schedule, hours_on, open_spans, set_up_place, today_hours
from house.catalogue.importing import bundled_catalogue, import_catalogue
from house.catalogue.models import Authority, Place

__all__ = [
    "Authority", "Place", "ServiceView", "add_schedule", "authority_names", "bundled_catalogue", "documents",
    "hours_on", "import_catalogue", "minutes", "open_spans", "place", "service", "service_by_id", "services",
    "set_up_place", "today_hours",
]  # fmt: skip
