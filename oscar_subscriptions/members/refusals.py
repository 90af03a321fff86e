"""Why a member can't work in the member space today, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.sellers import listings

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Seller, Subscription, User


@dataclass(frozen=True)
class Refusal:
    """The reason, and what the page says with it.

    Attributes:
        reason: ``never``, ``upcoming``, ``suspended`` or ``lapsed``.
        kept: the number of services kept for the member's return.
        day: the first day of the coming term, or the last day of the lapsed one.
        subscription: the subscription to renew, if its plan may be bought.
    """

    reason: str
    kept: int = 0
    day: date | None = None
    subscription: Subscription | None = None


def explain(user: User) -> Refusal:
    """Return why ``user``, a signed-in member, is not a seller today."""
    today = conf.today()
    kept = _kept(user)
    terms = registered.Term.objects.of(user).not_revoked()
    rows = list(terms.select_related("subscription__plan__product").order_by("ends_on", "pk"))
    current = [term for term in rows if term.covered_until >= today]
    if any(term.suspended_at for term in current):
        return Refusal("suspended", kept)
    if current:
        return Refusal("upcoming", kept, day=min(term.starts_on for term in current))
    if rows:
        last = rows[-1]
        offered = eligibility.is_offered_to(last.subscription.plan, user)
        return Refusal("lapsed", kept, last.ends_on, last.subscription if offered else None)
    # Every term was revoked, or there never was one.
    return Refusal("lapsed" if kept else "never", kept)


def _kept(user: User) -> int:
    seller: Seller | None = sellers.get_seller(user)
    return listings.services(seller).count() if seller is not None else 0
