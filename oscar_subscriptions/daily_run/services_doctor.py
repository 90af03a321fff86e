"""What the doctor asks of sellers' services: in the shop or parked, their text, their price."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run.doctor import Finding, read_rows
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import html, listings, parking

if TYPE_CHECKING:
    from oscar_subscriptions.protocols.oscar import ProductQuerySet


def services_of_sellers() -> Iterator[Finding]:
    """Services in the shop of a seller whose term is over, or parked during a term."""
    for seller in read_rows(listings.to_park()):
        yield Finding(
            "services-of-lapsed-seller",
            str(seller),
            _("services are in the shop although no term covers today"),
            _("park them"),
            partial(parking.park, seller),
        )
    for seller in read_rows(listings.to_restore()):
        yield Finding(
            "services-of-active-seller",
            str(seller),
            _("services are parked although a term covers today"),
            _("bring them back"),
            partial(parking.restore, seller),
        )


def text_of_services() -> Iterator[Finding]:
    """HTML of sellers that no form of ours has sanitised: from a shop's own code, or an import."""
    services, with_unclean_attributes = _services_of_sellers(), set(_with_unclean_attributes())
    for product in read_rows(services.only("title", "description", "structure", "parent")):
        if product.pk in with_unclean_attributes or not html.is_clean(product.description or ""):
            yield Finding(
                "html-not-sanitised",
                f"{product} ({product.pk})",
                _("its text holds HTML that sellers may not write"),
                _("sanitise it"),
                partial(_sanitise, product.pk),
            )


def _services_of_sellers() -> ProductQuerySet:
    """Return the products that sellers sell, and those with variants that they sell."""
    products: ProductQuerySet = get_model("catalogue", "Product").objects.all()
    records = get_model("partner", "StockRecord").objects
    sold = records.filter(partner__subscription_seller__isnull=False).values("product")
    parents = products.filter(pk__in=sold, parent__isnull=False).values("parent")
    # A union: with OR, PostgreSQL compares each product with all that are sold, one by one.
    keys = sold.order_by().union(parents.order_by())
    plans = registered.Plan.objects.filter(product=OuterRef("pk"))
    return products.filter(~Exists(plans), pk__in=keys).order_by("pk")


def _with_unclean_attributes() -> Iterator[int]:
    """Yield the primary keys of sellers' products with an attribute that is not clean."""
    values = get_model("catalogue", "ProductAttributeValue").objects
    rich = values.filter(attribute__type="richtext", product__in=_services_of_sellers())
    for value in read_rows(rich.exclude(value_richtext="").order_by("pk")):
        if not html.is_clean(value.value_richtext or ""):
            yield value.product_id


def _sanitise(pk: int) -> None:
    product = get_model("catalogue", "Product").objects.get(pk=pk)
    if html.sanitise_product(product):
        product.save()


def products_of_nobody() -> Iterator[Finding]:
    """Products that are public and have no stock record, so that nobody sells them."""
    products = get_model("catalogue", "Product").objects.filter(is_public=True)
    records = get_model("partner", "StockRecord").objects.filter(product=OuterRef("pk"))
    unsold = products.filter(~Exists(records)).exclude(structure="parent")
    for product in read_rows(unsold.select_related("parent").order_by("pk")):
        yield Finding(
            "product-without-price",
            f"{product} ({product.pk})",
            _("it is public, and nobody sells it"),
            _("give it a price and a vendor in the dashboard, or hide it"),
        )


def services_taken_down() -> Iterator[Finding]:
    """Services that staff have taken down, and that are in the shop all the same: somebody has
    published them with other code."""
    rows = registered.TakeDown.objects.open().filter(product__is_public=True)
    for row in read_rows(rows.select_related("product").order_by("pk")):
        assert row.product is not None  # by the filter
        yield Finding(
            "service-taken-down",
            f"{row.product} ({row.product.pk})",
            _("it was taken down, and is in the shop"),
            _("take it out of the shop"),
            partial(parking.hide, row.product),
        )


EXAMINATIONS = (services_of_sellers, text_of_services, products_of_nobody, services_taken_down)
