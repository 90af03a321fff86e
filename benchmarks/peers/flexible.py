"""Tasks with django-flexible-subscriptions: subscriptions that expire."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from subscriptions.management.commands._manager import Manager
from subscriptions.models import PlanCost, SubscriptionPlan, UserSubscription

from benchmarks import meter
from benchmarks.peers import common
from benchmarks.peers.common import settle
from benchmarks.seeding.insert import execute, insert
from benchmarks.tasks.counting import rows_written

GROUP = 1
TABLE = UserSubscription._meta.db_table


def fill(size: int) -> None:
    """Write ``size`` running subscriptions, whose members are in the group of the plan."""
    common.begin(size)
    group = Group.objects.create(pk=GROUP, name="Sellers")
    plan = SubscriptionPlan.objects.create(
        plan_name="Silver", plan_description="A year", group=group
    )
    cost = PlanCost.objects.create(plan=plan, recurrence_period=1, recurrence_unit="7", cost=200)
    everybody = f"generate_series(1, {size}) AS i"
    insert(get_user_model().groups.through, everybody, user="i", group=str(GROUP))
    insert(
        UserSubscription,
        everybody,
        id="md5(i::text)::uuid",
        user="i",
        subscription=f"'{cost.pk}'",
        date_billing_start="current_date - 100",
        date_billing_end="current_date + 60 + (i::bigint * 7919 % 300)::int",
        date_billing_next="current_date + 60 + (i::bigint * 7919 % 300)::int",
        active="true",
        cancelled="false",
    )
    settle()


def make_due(count: int, skip: int) -> None:
    """Let subscriptions end yesterday."""
    changed = execute(
        f"UPDATE {TABLE} SET date_billing_end = now() - interval '1 day'"
        f" WHERE user_id > {skip} AND user_id <= {skip + count}"
    )
    assert changed == count


def expire() -> dict[str, Any]:
    """Return what the peer's daily work costs, and how many rows it wrote."""
    before = rows_written()
    with meter.statements() as found:
        clock = meter.Clock()
        Manager().process_subscriptions()
        cost = clock.read()
    return {**cost, "statements": len(found.data), "rows": rows_written() - before}
