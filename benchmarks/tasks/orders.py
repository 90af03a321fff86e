"""Orders of new members, as the checkout leaves them; nothing of it is measured."""

from __future__ import annotations

from decimal import Decimal as D
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from oscar.core.loading import get_model

from benchmarks.seeding import layout

# Two workers may make buyers in one database: the name of the settings tells them apart.
_numbers = count(1)
PLAN = layout.PLANS[1]


def new_member() -> Any:
    """Return a new user who never bought anything."""
    name = (
        f"{settings.SETTINGS_MODULE.rpartition('.')[2]}-{next(_numbers)}-{timezone.now():%H%M%S%f}"
    )
    return get_user_model().objects.create(
        username=name, email=f"{name}@example.com", first_name="Ada", last_name="Martin"
    )


def place() -> Any:
    """Return an unpaid order of the plan, with its consent and its subscription."""
    user = new_member()
    plan = get_model("oscar_subscriptions", "Plan").objects.get(pk=PLAN)
    record = plan.product.stockrecords.get()
    net, gross = record.price, record.price * D("1.2")
    address = get_model("order", "BillingAddress").objects.create(
        first_name="Ada", last_name="Martin", line1="1 rue", line4="Paris", country_id="FR"
    )
    order = get_model("order", "Order").objects.create(
        number=f"B{user.pk}",
        site_id=1,
        user=user,
        billing_address=address,
        currency="EUR",
        total_excl_tax=net,
        total_incl_tax=gross,
        shipping_method="No shipping required",
        shipping_code="no-shipping-required",
        status="Pending",
    )
    prices = {}
    for name in ("line_price", "line_price_before_discounts", "unit_price"):
        prices |= {f"{name}_excl_tax": net, f"{name}_incl_tax": gross}
    order.lines.create(
        partner=record.partner,
        partner_name=record.partner.name,
        partner_sku=record.partner_sku,
        product=plan.product,
        stockrecord=record,
        title=plan.product.title,
        quantity=1,
        num_allocated=1,
        status="Pending",
        **prices,
    )
    _accept(order, plan)
    get_model("oscar_subscriptions", "Subscription").objects.get_or_create(
        user=user, plan=plan, defaults={"language": "en", "member_email": user.email}
    )
    return order


def _accept(order: Any, plan: Any) -> None:
    from oscar_subscriptions import conf

    span = plan.preview_term(conf.today())
    get_model("oscar_subscriptions", "Consent").objects.create(
        order=order,
        terms_of_sale_id=1,
        plan=plan,
        months=plan.months,
        listing_limit=plan.listing_limit,
        grace_days=plan.grace_days,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        tax_rate=20,
    )
