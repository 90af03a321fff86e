"""What every shop has: countries, vendors, categories, plans, terms of sale, ordinary products."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal as D
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.sites.models import Site
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from benchmarks.seeding import layout
from benchmarks.seeding.insert import insert

PLANS = (("Bronze", "100.00", 3), ("Silver", "200.00", 10), ("Gold", "400.00", None))
SHELVES = ("Training", "Consulting", "Coaching", "Audit", "Communication")
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)


def write() -> None:
    """Write it all into empty tables."""
    Site.objects.update_or_create(pk=1, defaults={"domain": "shop.example", "name": "The shop"})
    get_model("address", "Country").objects.create(
        iso_3166_1_a2="FR",
        iso_3166_1_a3="FRA",
        iso_3166_1_numeric="250",
        printable_name="France",
        name="FRANCE",
        is_shipping_country=True,
    )
    group = Group.objects.create(pk=layout.GROUP, name="Readers")
    group.permissions.set(Permission.objects.filter(codename="view_product"))
    Partner = get_model("partner", "Partner")
    vendor = Partner.objects.create(pk=layout.SHOP_PARTNER, name="The shop", code="shop")
    Partner.objects.create(pk=layout.BOOKSHOP, name="The bookshop", code="bookshop")
    for name in SHELVES:
        create_from_breadcrumbs(f"Services > {name}")
    create_from_breadcrumbs("Books")
    classes = [_product_class(pk, name) for pk, name in ((1, "Subscription"), (2, "Service"))]
    _product_class(3, "Download")
    _product_class(4, "Book", requires_shipping=True)
    for language in ("en", "fr"):
        get_model("oscar_subscriptions", "TermsOfSale").objects.create(
            language=language, version="1", text="No refund during use.", published_at=LONG_AGO
        )
    for number, (name, price, limit) in enumerate(PLANS, 1):
        _plan(number, name, price, limit, classes[0], vendor)
    _write_ordinary()


def _product_class(pk: int, name: str, *, requires_shipping: bool = False) -> Any:
    return get_model("catalogue", "ProductClass").objects.create(
        pk=pk,
        name=name,
        slug=name.lower(),
        requires_shipping=requires_shipping,
        track_stock=False,
    )


def _plan(pk: int, name: str, price: str, limit: int | None, kind: Any, vendor: Any) -> None:
    product = get_model("catalogue", "Product").objects.create(
        pk=pk, title=name, product_class=kind
    )
    get_model("partner", "StockRecord").objects.create(
        pk=pk, product=product, partner=vendor, partner_sku=f"plan-{pk}", price=D(price)
    )
    get_model("oscar_subscriptions", "Plan").objects.create(
        pk=pk, product=product, listing_limit=limit, months=12
    )


def _write_ordinary() -> None:
    first, last = layout.ORDINARY_FIRST, layout.ORDINARY_FIRST + layout.ORDINARY_COUNT - 1
    source = f"generate_series({first}, {last}) AS i"
    Product = get_model("catalogue", "Product")
    books = get_model("catalogue", "Category").objects.get(name="Books")
    insert(
        Product,
        source,
        id="i",
        title="'Title ' || i",
        slug="'title-' || i",
        structure="'standalone'",
        product_class=f"CASE WHEN (i - {first}) % 2 = 0 THEN 4 ELSE 3 END",
        description="repeat('Words about it. ', 12)",
        is_public="true",
        date_created="TIMESTAMPTZ '2020-01-01' + i * interval '1 minute'",
    )
    insert(
        get_model("partner", "StockRecord"),
        source,
        id="i",
        product="i",
        partner=str(layout.BOOKSHOP),
        partner_sku="'sku-' || i",
        price="10 + i % 90",
    )
    insert(get_model("catalogue", "ProductCategory"), source, product="i", category=f"{books.pk}")
