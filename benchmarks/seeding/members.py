"""Members, their partners as sellers, and their services."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

from benchmarks.seeding import layout
from benchmarks.seeding.insert import insert

NAMES = "(ARRAY['Ada','Louise','Hugo','Jean','Chloé','Nadia','Paul','Inès','Marc','Eva'])"
SURNAMES = "(ARRAY['Martin','Bernard','Petit','Durand','Leroy','Moreau','Simon'])"


def write(size: int) -> None:
    """Write ``size`` members, of whom each was a seller, and one member of staff."""
    everybody = f"generate_series(1, {size}) AS i"
    User = get_user_model()
    values = {
        "id": "i",
        "username": "'member-' || i",
        "email": "'member-' || i || '@example.com'",
        "first_name": f"{NAMES}[1 + i % 10]",
        "last_name": f"{SURNAMES}[1 + i % 7]",
        "password": "'!'",
        "is_active": "true",
        "date_joined": "TIMESTAMPTZ '2020-01-01' + i * interval '1 minute'",
    }
    insert(User, everybody, **values)
    User.objects.create_superuser(
        pk=layout.operator(size), username="operator", email="operator@example.com", password="-"
    )
    insert(User.groups.through, everybody, user="i", group=str(layout.GROUP))
    Partner = get_model("partner", "Partner")
    insert(
        Partner,
        everybody,
        id=f"{layout.PARTNER_BASE} + i",
        code="'member-' || i",
        name=f"{NAMES}[1 + i % 10] || ' ' || {SURNAMES}[1 + i % 7]",
    )
    insert(Partner.users.through, everybody, partner=f"{layout.PARTNER_BASE} + i", user="i")
    insert(
        get_model("oscar_subscriptions", "Seller"),
        everybody,
        id="i",
        user="i",
        partner=f"{layout.PARTNER_BASE} + i",
    )
    _write_services(size)


def _write_services(size: int) -> None:
    """Three for each seller, public unless the seller has lapsed; those are parked."""
    each, first = layout.SERVICES_EACH, layout.SERVICE_FIRST
    sellers = layout.sellers_with_services(size)
    source = f"generate_series(1, {sellers}) AS i, generate_series(0, {each - 1}) AS k"
    key = f"{first} + (i - 1) * {each} + k"
    insert(
        get_model("catalogue", "Product"),
        source,
        id=key,
        title=f"'Coaching ' || {key}",
        slug=f"'coaching-' || {key}",
        structure="'standalone'",
        product_class="2",
        description="'<p>' || repeat('Words about the service. ', 8) || '</p>'",
        is_public="i % 5 <> 0",
        date_created=f"TIMESTAMPTZ '2021-01-01' + ({key}) * interval '1 minute'",
    )
    insert(
        get_model("partner", "StockRecord"),
        source,
        id=key,
        product=key,
        partner=f"{layout.PARTNER_BASE} + i",
        partner_sku=f"'service-' || {key}",
        price="50 + k",
    )
    shelf = "(SELECT id FROM catalogue_category WHERE depth = 2 ORDER BY id OFFSET {} LIMIT 1)"
    shelves = " ".join(
        f"WHEN {number} THEN {shelf.format(number)}" for number in range(layout.CATEGORIES)
    )
    insert(
        get_model("catalogue", "ProductCategory"),
        source,
        product=key,
        category=f"CASE ({key}) % {layout.CATEGORIES} {shelves} END",
    )
    insert(
        get_model("oscar_subscriptions", "ParkedListing"),
        f"{source} WHERE i % 5 = 0",
        product=key,
        seller="i",
        parked_at="now() - interval '40 days'",
    )
