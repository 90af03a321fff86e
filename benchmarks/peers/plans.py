"""Tasks with django-plans: accounts that expire, orders that are completed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from plans import tasks
from plans.models import BillingInfo, Order, Plan, PlanPricing, Pricing, UserPlan

from benchmarks import meter
from benchmarks.peers import common
from benchmarks.peers.common import settle
from benchmarks.seeding.insert import advance_sequences, insert
from benchmarks.tasks.counting import rows_written

PLAN = 1


def fill(size: int) -> None:
    """Write ``size`` accounts with a running plan; none is due."""
    common.begin(size)
    plan = Plan.objects.create(pk=PLAN, name="Silver", available=True, visible=True)
    year = Pricing.objects.create(pk=1, name="A year", period=365)
    PlanPricing.objects.create(plan=plan, pricing=year, price=200)
    everybody = f"generate_series(1, {size}) AS i"
    insert(
        UserPlan,
        everybody,
        id="i",
        user="i",
        plan=str(PLAN),
        expire="current_date + 60 + (i::bigint * 7919 % 300)::int",
        active="true",
    )
    advance_sequences([get_user_model(), Plan, Pricing, UserPlan])
    settle()


def make_due(count: int, skip: int) -> None:
    """Let accounts expire yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    chosen = UserPlan.objects.filter(pk__gt=skip, pk__lte=skip + count)
    assert chosen.update(expire=yesterday) == count


def expire() -> dict[str, Any]:
    """Return what django-plans' task costs, and how many rows it wrote."""
    before = rows_written()
    with meter.statements() as found:
        clock = meter.Clock()
        tasks.expire_account()
        cost = clock.read()
    return {**cost, "statements": len(found.data), "rows": rows_written() - before}


def place_orders(count: int) -> list[int]:
    """Place orders of new members who have given an address to be invoiced; return their keys."""
    User, number = get_user_model(), get_user_model().objects.order_by("-pk").first().pk
    placed = []
    for _ in range(count):
        number += 1
        user = User.objects.create(username=f"buyer-{number}", email=f"{number}@example.com")
        UserPlan.objects.update_or_create(
            user=user, defaults={"plan_id": PLAN, "active": False, "expire": None}
        )
        BillingInfo.objects.create(
            user=user, name="Ada", street="1 rue", zipcode="75002", city="Paris", country="FR"
        )
        order = Order.objects.create(
            user=user, plan_id=PLAN, pricing_id=1, amount=200, tax=20, currency="EUR"
        )
        placed.append(order.pk)
    return placed


def complete(orders: list[int]) -> dict[str, float]:
    """Return what it costs to complete an order with its invoice, on average of ``orders``."""
    rows = [Order.objects.select_related("user").get(pk=pk) for pk in orders]
    remaining = iter(rows)

    def one() -> None:
        with transaction.atomic():
            assert next(remaining).complete_order()

    cost = meter.timed(one, len(rows))
    assert not Order.objects.filter(pk__in=orders).exclude(status=Order.STATUS.COMPLETED).exists()
    assert rows[0].get_invoices().exists()
    return cost


def statements_of_one(order: int) -> dict[str, int]:
    """Return how many statements it asks to complete an order."""
    row = Order.objects.select_related("user").get(pk=order)
    with transaction.atomic(), meter.statements() as found:
        row.complete_order()
    return found.as_json()
