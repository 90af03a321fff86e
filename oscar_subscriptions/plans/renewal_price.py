"""What renewing a subscription costs today, and what stands in the way."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oscar.core.loading import get_class

from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility


@dataclass(frozen=True)
class Renewal:
    """The same plan once more.

    Attributes:
        price: the shop's price of today, as its strategy gives it.
        paid_before: the term that was paid last, where its price was another one; or ``None``.
        problem: why it can't be renewed now, in the active language; or "".
    """

    price: Any
    paid_before: Any
    problem: str


def quote_renewal(subscription: Any) -> Renewal:
    """Return what a renewal of ``subscription`` means for its member today."""
    user, plan = subscription.user, subscription.plan
    strategy = get_class("partner.strategy", "Selector")().strategy(user=user)
    price = strategy.fetch_for_product(plan.product).price
    paid = None
    if price.exists and price.is_tax_known:
        paid = paid_before(user, plan, price.incl_tax, price.currency)
    return Renewal(price, paid, eligibility.problem_with_plan(plan, user))


def paid_before(user: Any, plan: Any, price: Decimal, currency: str) -> Any | None:
    """Return the term of ``plan`` that ``user`` paid last, if it cost something else.

    Args:
        price: what it costs now, tax included.
        currency: of ``price``.
    """
    if not getattr(user, "is_authenticated", False):
        return None
    paid = registered.Term.objects.of(user).not_revoked()
    last = paid.filter(subscription__plan=plan, price__isnull=False).order_by("-starts_on").first()
    if last is None or (last.price, last.currency) == (price, currency):
        return None
    return last
