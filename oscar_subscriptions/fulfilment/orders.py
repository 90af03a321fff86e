"""Orders of plans: the plan and the term of an order, and the lock under which it is fulfilled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from oscar.core.loading import get_model

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility, vendors
from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        Consent,
        Order,
        OrderLine,
        Plan,
        Rows,
        Subscription,
        Term,
        User,
    )


def consent_of(order: Order) -> Consent | None:
    """Return the ``Consent`` given with ``order``; ``None`` without this package's checkout."""
    consents = registered.Consent.objects.filter(order=order)
    return consents.select_related("plan__product", "changes__plan").first()


def plan_for_order(order: Order) -> Plan | None:
    """Return the plan that ``order`` was placed for, or ``None``.

    It is the plan that the member consented to, even if it is sold as another product since; in a
    shop with another checkout, the plan of the order's first line that sells one.

    Args:
        order: an Oscar ``Order``.
    """
    consent = consent_of(order)
    return consent.plan if consent is not None else _plan_of_lines(order)


def _plan_of_lines(order: Order) -> Plan | None:
    return next(iter(eligibility.plans_among(order.lines.order_by("pk")).values()), None)


@dataclass(frozen=True)
class PaidOrder:
    """Everything that fulfilment needs of a paid order, read once.

    Attributes:
        order: the Oscar ``Order``, with its user.
        consent: the ``Consent`` given with it; ``None`` without this package's checkout.
        plan: the ``Plan`` that it was placed for.
        lines: its lines, ordered by primary key.
        foreign: the primary keys of those whose partner anybody but staff can edit.
        subscription: the member's, locked; ``None`` if the account is gone or nothing was locked.
    """

    order: Order
    consent: Consent | None
    plan: Plan
    lines: list[OrderLine]
    foreign: frozenset[int]
    subscription: Subscription | None = None

    @property
    def plan_line(self) -> OrderLine:
        """The line that sells the plan."""
        sells = [line for line in self.lines if line.product_id == self.plan.product_id]
        return (sells or self.lines)[0]

    @property
    def term(self) -> Term | None:
        """The term that it had given when it was read."""
        return getattr(self.plan_line, "subscription_term", None)


def read_paid(order: Order, *, with_lock: bool) -> PaidOrder | None:
    """Read everything that fulfilment needs of ``order``; ``None`` if it holds no plan.

    Args:
        with_lock: lock the member's subscription; needs an open transaction.
    """
    # Reread: the member may have deleted the account since the caller read the order. A consent
    # never changes, so it can be read before the lock, which needs its plan.
    order = (
        get_model("order", "Order")
        .objects.select_related("user", "billing_address__country", "subscription_consent__plan")
        .get(pk=order.pk)
    )
    consent: Consent | None = getattr(order, "subscription_consent", None)
    plan = consent.plan if consent is not None else _plan_of_lines(order)
    if plan is None:
        return None
    subscription = None
    if with_lock and order.user is not None:
        changes = consent.changes_id if consent is not None else None
        subscription = lock_for(order.user, plan, changes)
        subscription.user, subscription.plan = order.user, plan
    # The product is asked only of an order without a consent.
    rows = order.lines.select_related("partner", "stockrecord", "subscription_term").annotate(
        seller=Coalesce("partner", "stockrecord__partner")
    )
    lines = list(rows.annotate(is_foreign=vendors.has_other_users("seller")).order_by("pk"))
    foreign = frozenset(line.pk for line in lines if line.is_foreign)
    return PaidOrder(order, consent, plan, lines, foreign, subscription)


def has_given(order: Order) -> bool:
    """Return whether ``order`` has given a term; cheaper than :func:`term_of`."""
    return registered.Term.objects.filter(order_line__order=order).exists()


def term_of(order: Order) -> Term | None:
    """Return the term that ``order`` gave, or ``None``."""
    terms = registered.Term.objects.filter(order_line__order=order)
    return terms.select_related("subscription").first()


def lock_subscription(order: int) -> Subscription | None:
    """Lock the subscription that an order pays for, created if missing; the first of all locks.

    Needs an open transaction.

    Args:
        order: its primary key.

    Returns:
        The row, locked until the transaction ends; ``None`` for an order without plan or member.
    """
    assert transaction.get_connection().in_atomic_block
    orders: Rows = get_model("order", "Order").objects.filter(pk=order)
    ordered = registered.Consent.objects.filter(order=order, plan=OuterRef("plan"))
    mine = registered.Subscription.objects.filter(Exists(ordered), user__in=orders.values("user"))
    # It exists since the order was placed; not in a shop with another checkout.
    if (subscription := for_update(mine).first()) is not None:
        return subscription
    row: Order = orders.select_related("user").get()
    user, plan = row.user, plan_for_order(row)
    return None if plan is None or user is None else lock_for(user, plan)


def lock_for(user: User, plan: Plan, changes: int | None = None) -> Subscription:
    """Lock the subscription of ``user`` to ``plan``, created if missing, and return it.

    Needs an open transaction.

    Args:
        changes: primary key of the subscription that the member changes from, locked as well: its
            rest must not be credited twice, nor handed over or refunded meanwhile.
    """
    assert transaction.get_connection().in_atomic_block
    return registered.Subscription.objects.locked_for(user, plan, changes)


def lock_for_checkout(user: User, plan: Plan, language: str = "") -> Subscription:
    """As :func:`lock_for`, for an order that is being placed.

    Args:
        language: code of the language in which the member orders, kept for mail; "": unknown.
    """
    assert transaction.get_connection().in_atomic_block
    subscription = registered.Subscription.objects.locked_for(user, plan, language=language)
    if language and subscription.language != language:
        subscription.language = language
        subscription.save(update_fields=["language"])
    return subscription


def refusal_key(order: Order) -> str:
    """Return the key of the alert that ``order`` is paid but gives no term."""
    return f"order-{order.pk}-refused"
