"""The price of renewing a subscription today, and the obstacles to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from oscar.core.loading import get_class

from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.plans import eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, Price, Strategy, Subscription, Term


@dataclass(frozen=True)
class Renewal:
    """A renewal of the same plan.

    Attributes:
        price: the shop's price today, from its strategy.
        paid_before: the term paid last, if its price was different; otherwise ``None``.
        problem: why it can't be renewed now, in the active language; "" if it can.
    """

    price: Price
    paid_before: Term | None
    problem: str


def quote_renewal(subscription: Subscription, held: HeldTerms | None = None) -> Renewal:
    """Return price and obstacle of a renewal of ``subscription`` by its member today.

    Args:
        held: the terms of the member, if they have been read.
    """
    user, plan = subscription.user, subscription.plan
    held = held or HeldTerms.of(user)
    records: Any = [plan.product]
    prefetch_related_objects(records, "stockrecords__partner")
    strategy: Strategy = get_class("partner.strategy", "Selector")().strategy(user=user)
    price: Price = strategy.fetch_for_product(plan.product).price
    paid = None
    if price.exists and price.is_tax_known:
        paid = paid_before(held, plan, price.incl_tax, price.currency)
    return Renewal(price, paid, eligibility.problem_with_plan(plan, user, held))


def paid_before(held: HeldTerms, plan: Plan, price: Decimal, currency: str) -> Term | None:
    """Return the term of ``plan`` that was paid last, if its price was different.

    Args:
        held: the terms of the member.
        price: the price now, tax included, in major units of ``currency`` (ISO 4217).
    """
    last = held.paid_last(plan.pk)
    if last is None or (last.price, last.currency) == (price, currency):
        return None
    return last
