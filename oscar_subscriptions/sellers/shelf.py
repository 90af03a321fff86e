"""The services of one seller, as the page lists them."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from oscar.core.loading import get_model

from oscar_subscriptions.sellers import listings


def own_services(seller: Any) -> Any:
    """Return the services that ``seller`` alone offers, as a queryset for the page.

    Each has ``is_parked`` and ``own_records``, a list with the seller's stock record.
    """
    Product = get_model("catalogue", "Product")
    StockRecord = get_model("partner", "StockRecord")
    ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
    own = StockRecord.objects.filter(partner=seller.partner_id).order_by("pk")
    return (
        listings.services(seller)
        .filter(structure=Product.STANDALONE)
        .annotate(is_parked=Exists(ParkedListing.objects.filter(product=OuterRef("pk"))))
        .prefetch_related(Prefetch("stockrecords", queryset=own, to_attr="own_records"))
    )
