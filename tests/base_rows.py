"""The rows that every test starts with: written once for each database, not by each test.

One vendor, a plan "Silver" for €240 incl. VAT, terms of sale in two languages, a category for
services. They are there in tests that do not ask for ``shop`` too; ``without_base_rows`` is for
those that begin with an empty shop.
"""

import copy
from datetime import UTC, datetime
from decimal import Decimal as D
from types import SimpleNamespace
from typing import Any

from django.contrib.sites.models import Site
from django.db import connections, transaction
from oscar.apps.catalogue.categories import create_from_breadcrumbs
from oscar.core.loading import get_model

from tests import flushing

ALIAS = "default"

# The objects as they were written, and the same as rows: (INSERT statement, values of each row).
_objects = SimpleNamespace()
_rows: list[tuple[str, list[Any]]] = []


def write() -> None:
    """Write the rows into an empty database, and remember them."""
    with transaction.atomic():
        _objects.__dict__.update(_create())
    connection = connections[ALIAS]
    quote = connection.ops.quote_name
    _rows.clear()
    with connection.cursor() as cursor:
        for table in flushing.filled_tables(ALIAS):
            cursor.execute(f"SELECT * FROM {quote(table)}")
            rows = cursor.fetchall()
            columns = ", ".join(quote(described[0]) for described in cursor.description)
            holes = ", ".join(["%s"] * len(rows[0]))
            _rows.append((f"INSERT INTO {quote(table)} ({columns}) VALUES ({holes})", rows))


def restore() -> None:
    """Write the rows again, with the same primary keys, after the database was emptied."""
    with transaction.atomic(), connections[ALIAS].cursor() as cursor:
        for statement, rows in _rows:
            cursor.executemany(statement, rows)


def objects() -> dict[str, Any]:
    """Return the rows as objects that nobody has changed yet, by name."""
    return copy.deepcopy(_objects.__dict__)


def _create() -> dict[str, Any]:
    Site.objects.update_or_create(
        pk=1, defaults={"domain": "shop.example", "name": "Intras Consultants"}
    )
    country = get_model("address", "Country").objects.create(
        iso_3166_1_a2="FR",
        iso_3166_1_a3="FRA",
        iso_3166_1_numeric="250",
        printable_name="France",
        name="France",
        is_shipping_country=True,
    )
    vendor = get_model("partner", "Partner").objects.create(name="Intras Consultants")
    product_class = get_model("catalogue", "ProductClass").objects.create(
        name="Subscription", requires_shipping=False, track_stock=False
    )
    terms_of_sale = publish("en", "No refund during use.")
    publish("fr", "Pas de remboursement en cours d'utilisation.")
    return {
        "country": country,
        "vendor": vendor,
        "product_class": product_class,
        "category": create_from_breadcrumbs("Services > Coaching"),
        "terms_of_sale": terms_of_sale,
        "plan": create_plan("Silver", D("200.00"), product_class, vendor),
    }


def publish(language: str, text: str) -> Any:
    """Return new terms of sale, older than anything that a test publishes on its day."""
    return get_model("oscar_subscriptions", "TermsOfSale").objects.create(
        language=language,
        version="2026-1",
        text=text,
        published_at=datetime(2010, 1, 1, tzinfo=UTC),
    )


def create_plan(
    title: str, price: D, product_class: Any, partner: Any, *, is_public: bool = True, **fields: Any
) -> Any:
    """Return a new plan of ``partner``; ``price`` excludes VAT (20 %)."""
    product = get_model("catalogue", "Product").objects.create(
        title=title, product_class=product_class, is_public=is_public
    )
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=partner,
        partner_sku=f"plan-{product.pk}",
        price_currency="EUR",
        price=price,
    )
    return get_model("oscar_subscriptions", "Plan").objects.create(product=product, **fields)
