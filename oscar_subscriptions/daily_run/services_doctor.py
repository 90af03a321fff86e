"""What the doctor asks of sellers' services: in the shop or parked, their text, their price."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run.doctor import Finding
from oscar_subscriptions.sellers import html, listings, parking


def services_of_sellers() -> Iterator[Finding]:
    """Services in the shop of a seller whose term is over, or parked during a term."""
    for seller in listings.to_park().iterator(chunk_size=500):
        yield Finding(
            "services-of-lapsed-seller",
            str(seller),
            _("services are in the shop although no term covers today"),
            _("park them"),
            partial(parking.park, seller),
        )
    for seller in listings.to_restore().iterator(chunk_size=500):
        yield Finding(
            "services-of-active-seller",
            str(seller),
            _("services are parked although a term covers today"),
            _("bring them back"),
            partial(parking.restore, seller),
        )


def text_of_services() -> Iterator[Finding]:
    """HTML of sellers that no form of ours has sanitised: from a shop's own code, or an import."""
    products = get_model("catalogue", "Product").objects.all()
    sold = Q(stockrecords__partner__subscription_seller__isnull=False)
    sold |= Q(children__stockrecords__partner__subscription_seller__isnull=False)
    services = products.filter(pk__in=products.filter(sold).values("pk"))
    for product in services.filter(subscription_plan__isnull=True).iterator(chunk_size=500):
        if html.sanitise_product(product):
            yield Finding(
                "html-not-sanitised",
                f"{product} ({product.pk})",
                _("its text holds HTML that sellers may not write"),
                _("sanitise it"),
                partial(_sanitise, product.pk),
            )


def _sanitise(pk: int) -> None:
    product = get_model("catalogue", "Product").objects.get(pk=pk)
    if html.sanitise_product(product):
        product.save()


def products_of_nobody() -> Iterator[Finding]:
    """Products that are public and have no stock record, so that nobody sells them."""
    products = get_model("catalogue", "Product").objects.filter(is_public=True)
    with_variants = Q(structure="parent")
    for product in products.filter(stockrecords=None).exclude(with_variants).order_by("pk"):
        yield Finding(
            "product-without-price",
            f"{product} ({product.pk})",
            _("it is public, and nobody sells it"),
            _("give it a price and a vendor in the dashboard, or hide it"),
        )
