"""Automatic renewal on the page of a subscription: its state, or the offer to agree to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_subscriptions import conf
from oscar_subscriptions.abstract_models import renewals as states
from oscar_subscriptions.agreements import auto_renewal, auto_renewal_wording
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.renewals import orders

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        AutoRenewal,
        PlannedRenewal,
        Price,
        Subscription,
        Term,
        TermsOfSale,
    )


@dataclass(frozen=True)
class Offer:
    """Automatic renewal as one member sees it.

    Attributes:
        consent: the ``AutoRenewal`` in force, or ``None``.
        planned: the ``PlannedRenewal`` that was announced, or ``None``.
        has_payment_method: whether the provider keeps a payment method; without one, automatic
            renewal can only be chosen with the next payment.
        text: the words to agree to; empty if there is nothing to choose.
        terms_of_sale: in force now; ``None`` without ``text``.
        total: today's price; ``None`` without ``text``.
        too_late: says that the running term is not renewed; or empty.
        is_paused: whether the shop has stopped offering it; the consent can still be taken back.
    """

    consent: AutoRenewal | None
    planned: PlannedRenewal | None = None
    has_payment_method: bool = True
    text: str = ""
    terms_of_sale: TermsOfSale | None = None
    total: Price | None = None
    too_late: str = ""
    is_paused: bool = False

    @property
    def is_charging(self) -> bool:
        """Whether a charge is under way whose outcome is not known yet."""
        return self.planned is not None and self.planned.status == states.CHARGING

    @property
    def can_be_chosen(self) -> bool:
        """Whether the page has the button."""
        return self.consent is None and bool(self.text)

    @property
    def shown_text(self) -> str:
        """The digest of the words shown, which the button posts back."""
        return auto_renewal_wording.digest(self.text)

    def is_what_was_shown(self, posted: Mapping[str, str]) -> bool:
        """Return whether the form showed the words and the terms of sale now in force.

        Args:
            posted: with ``shown_text``, a digest, and ``shown_terms``, a primary key.
        """
        shown = (posted.get("shown_text"), posted.get("shown_terms"))
        terms = self.terms_of_sale
        return terms is not None and shown == (self.shown_text, str(terms.pk))


def offer_for(subscription: Subscription, consent: AutoRenewal | None) -> Offer | None:
    """Return automatic renewal of ``subscription`` for its page; ``None`` if it is off and can't be
    offered, or if no term is running or to come.

    Args:
        consent: its ``AutoRenewal`` in force, or ``None``.
    """
    planned = None if consent is None else consent.planned.opened().order_by("-pk").first()
    if not auto_renewal.is_offered():
        return Offer(consent, planned, is_paused=True) if consent is not None else None
    last: Term | None = auto_renewal.last_term(subscription)
    if last is None or last.covered_until < conf.today():
        return None
    if consent is not None:
        late = too_late(subscription) if planned is None else ""
        return Offer(consent, planned, too_late=late)
    if not auto_renewal.leaves_time_to_announce(subscription.plan):
        return None
    return _to_choose(subscription)


def too_late(subscription: Subscription) -> str:
    """Return a message if it is too late to announce the renewal of the last term, else ""."""
    last: Term | None = auto_renewal.last_term(subscription)
    if last is None or auto_renewal.charge_day(last, conf.today()) is not None:
        return ""
    return _("It is too late for the term that ends on %(day)s: please renew it yourself.") % {
        "day": date_format(last.ends_on, "DATE_FORMAT")
    }


def _to_choose(subscription: Subscription) -> Offer:
    user, plan = subscription.user, subscription.plan
    assert user is not None  # the member looks at it
    terms_of_sale = registered.TermsOfSale.objects.current()
    if not get_gateway().has_payment_method(user):
        return Offer(None, has_payment_method=False)
    if terms_of_sale is None or not eligibility.is_offered_to(plan, user):
        return Offer(None)
    try:
        total: Price = orders.quote(user, plan)
    except orders.NotForSaleError:
        return Offer(None)
    text = auto_renewal_wording.agreement(plan, total, with_order=False)
    return Offer(None, text=text, terms_of_sale=terms_of_sale, total=total)
