"""Orders of plans: the plan and the term of an order, and the lock under which it is fulfilled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Consent, Order, Plan, Subscription, Term, User


def consent_of(order: Order) -> Consent | None:
    """Return the ``Consent`` given with ``order``; ``None`` without this package's checkout."""
    consents = registered.Consent.objects.filter(order=order)
    return consents.select_related("plan__product", "changes__plan").first()


def plan_for_order(order: Order, consent: Consent | None = None) -> Plan | None:
    """Return the plan that ``order`` was placed for, or ``None``.

    It is the plan that the member consented to, even if it is sold as another product since; in a
    shop with another checkout, the plan of the order's first line that sells one.

    Args:
        order: an Oscar ``Order``.
        consent: the result of :func:`consent_of`, if the caller has it.
    """
    consent = consent or consent_of(order)
    if consent is not None:
        return consent.plan
    return next(iter(eligibility.plans_among(order.lines.order_by("pk")).values()), None)


def term_of(order: Order) -> Term | None:
    """Return the term that ``order`` gave, or ``None``."""
    terms = registered.Term.objects.filter(order_line__order=order)
    return terms.select_related("subscription").first()


def lock_subscription(order: Order) -> Subscription | None:
    """Lock the subscription that ``order`` pays for, created if missing; the first of all locks.

    Needs an open transaction.

    Returns:
        The row, locked until the transaction ends; ``None`` for an order without plan or member.
    """
    if order.user is None:
        return None
    plan = plan_for_order(order)
    return None if plan is None else lock_for(order.user, plan)


def lock_for(user: User, plan: Plan) -> Subscription:
    """Lock the subscription of ``user`` to ``plan``, created if missing, and return it.

    Needs an open transaction.
    """
    assert transaction.get_connection().in_atomic_block
    return registered.Subscription.objects.locked_for(user, plan)


def lock_for_checkout(user: User, plan: Plan, language: str = "") -> Subscription:
    """As :func:`lock_for`, for an order that is being placed.

    Args:
        language: code of the language in which the member orders, kept for mail; "": unknown.
    """
    subscription = lock_for(user, plan)
    if language and subscription.language != language:
        subscription.language = language
        subscription.save(update_fields=["language"])
    return subscription


def refusal_key(order: Order) -> str:
    """Return the key of the alert that ``order`` is paid but gives no term."""
    return f"order-{order.pk}-refused"
