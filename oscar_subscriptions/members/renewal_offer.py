"""What the page of a subscription says of automatic renewal, and what it may be agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oscar.core.loading import get_model
from oscar.core.prices import Price

from oscar_subscriptions import auto_renewal, conf, renewal_words, rules
from oscar_subscriptions.gateway import get_gateway


@dataclass(frozen=True)
class Offer:
    """Automatic renewal as one member sees it.

    Attributes:
        consent: the ``AutoRenewal`` in force, or ``None``.
        planned: the ``PlannedRenewal`` that was announced, or ``None``.
        has_means: whether the provider keeps a means of payment; without one it can only be
            chosen with the next payment.
        text: the words to agree to; empty if there is nothing to choose.
        terms_of_sale: in force now, or ``None``.
        total: price of today, as Oscar's ``Price``, or ``None``.
    """

    consent: Any
    planned: Any
    has_means: bool
    text: str = ""
    terms_of_sale: Any = None
    total: Any = None

    @property
    def can_be_chosen(self) -> bool:
        """Whether the page has the button."""
        return self.consent is None and self.has_means and bool(self.text)

    def is_what_was_shown(self, posted: Mapping[str, str]) -> bool:
        """Tell whether the form that was posted showed the price and the terms of now."""
        shown = (posted.get("shown_total"), posted.get("shown_terms"))
        return shown == (str(self.total.incl_tax), str(self.terms_of_sale.pk))


def of(subscription: Any, request: Any) -> Offer | None:
    """Return what the page says of ``subscription``; ``None`` where the shop offers nothing, or
    where nothing runs that could be renewed."""
    if not auto_renewal.is_offered():
        return None
    last = auto_renewal.last_term(subscription)
    if last is None or last.covered_until < conf.today():
        return None
    consent = auto_renewal.current(subscription)
    if consent is not None:
        planned = consent.planned.opened().order_by("-pk").first()
        return Offer(consent, planned, has_means=True)
    has_means = get_gateway().has_means(subscription.user)
    text, terms_of_sale, total = "", None, _total(subscription.plan, request)
    if total is not None:
        terms_of_sale = get_model("oscar_subscriptions", "TermsOfSale").objects.current()
        if terms_of_sale is not None:
            text = renewal_words.agreement(subscription.plan, total, with_order=False)
    return Offer(None, None, has_means, text, terms_of_sale, total)


def _total(plan: Any, request: Any) -> Any | None:
    if not rules.is_offered_to(plan, request.user):
        return None
    price = request.strategy.fetch_for_product(plan.product).price
    if not price.exists or not price.is_tax_known:
        return None
    return Price(currency=price.currency, excl_tax=price.excl_tax, incl_tax=price.incl_tax)
