"""What the shop itself sells: three plans; and the shelves for its members' services."""

from decimal import Decimal as D
from typing import Any, NamedTuple

from django.conf import settings
from oscar.core.loading import get_class, get_model

from shop.demo_data import pictures

PLAN_CLASS = "Subscription"
PLAN_SHELF = "Abonnements"
SERVICE_SHELVES = ["Formation", "Conseil", "Coaching", "Audit", "Communication"]


class DemoPlan(NamedTuple):
    """A plan of the sandbox. ``price`` is in euros without VAT, round with it.

    There is no description: the database holds one text for all languages, and the page tells what
    a plan gives from its own fields, in the visitor's language.
    """

    name: str
    price: D
    listing_limit: int | None
    colours: tuple[str, str]


PLANS = [
    DemoPlan("Bronze", D("100.00"), 3, ("#b5773c", "#5f3a17")),
    DemoPlan("Silver", D("200.00"), 10, ("#9aa5ad", "#4a555d")),
    DemoPlan("Gold", D("400.00"), None, ("#d4a72c", "#7a5a06")),
]


def load() -> None:
    """Write the vendor, the categories and the plans."""
    for name in SERVICE_SHELVES:
        shelf("Services", name)
    service_class()
    vendor = load_vendor()
    for plan in PLANS:
        load_plan(plan, vendor)


def load_vendor() -> Any:
    """Return the partner that sells the plans; it has no users, so nobody else can change them."""
    vendor, created = get_model("partner", "Partner").objects.get_or_create(
        code="intras", defaults={"name": settings.OSCAR_SHOP_NAME}
    )
    if created:
        get_model("partner", "PartnerAddress").objects.create(
            partner=vendor,
            line1="10 rue de la République",
            line4="Paris",
            postcode="75011",
            country=get_model("address", "Country").objects.get(iso_3166_1_a2="FR"),
        )
    return vendor


def shelf(*path: str) -> Any:
    """Return the category at ``path``, made if it is not there yet."""
    return get_class("catalogue.categories", "create_from_breadcrumbs")(" > ".join(path))


def product_class(name: str) -> Any:
    """Return the class of products called ``name``: nothing to ship, nothing in stock."""
    return get_model("catalogue", "ProductClass").objects.get_or_create(
        name=name, defaults={"requires_shipping": False, "track_stock": False}
    )[0]


def service_class() -> Any:
    """Return the class of the members' services, the one that the extension uses."""
    from oscar_subscriptions.conf import settings as extension

    return product_class(extension.SERVICE_PRODUCT_CLASS)


def load_plan(plan: DemoPlan, vendor: Any) -> None:
    """Write one plan with its product, price and picture, unless it is there."""
    title = f"Abonnement {plan.name}"
    product, created = get_model("catalogue", "Product").objects.get_or_create(
        upc=f"plan-{plan.name.lower()}",
        defaults={
            "title": title,
            "product_class": product_class(PLAN_CLASS),
            "is_discountable": False,
        },
    )
    if not created:
        return
    product.categories.add(shelf(PLAN_SHELF))
    pictures.ensure(product, *plan.colours, text=title)
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=vendor,
        partner_sku=product.upc,
        price_currency=settings.OSCAR_DEFAULT_CURRENCY,
        price=plan.price,
    )
    get_model("oscar_subscriptions", "Plan").objects.create(
        product=product, months=12, listing_limit=plan.listing_limit
    )
