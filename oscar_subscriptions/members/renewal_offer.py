"""What the page of a subscription says of automatic renewal, and what it may be agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oscar_subscriptions import conf
from oscar_subscriptions.agreements import auto_renewal, auto_renewal_wording
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import eligibility
from oscar_subscriptions.renewals import orders


@dataclass(frozen=True)
class Offer:
    """Automatic renewal as one member sees it.

    Attributes:
        consent: the ``AutoRenewal`` in force, or ``None``.
        planned: the ``PlannedRenewal`` that was announced, or ``None``.
        has_payment_method: whether the provider keeps a payment method; without one it can only be
            chosen with the next payment.
        text: the words to agree to; empty if there is nothing to choose.
        terms_of_sale: in force now, or ``None``.
        total: price of today, as Oscar's ``Price``, or ``None``.
        too_late: says that the term that runs is not renewed; or empty.
        is_paused: whether the shop offers it no more; the consent can be taken back all the same.
    """

    consent: Any
    planned: Any = None
    has_payment_method: bool = True
    text: str = ""
    terms_of_sale: Any = None
    total: Any = None
    too_late: str = ""
    is_paused: bool = False

    @property
    def can_be_chosen(self) -> bool:
        """Whether the page has the button."""
        return self.consent is None and bool(self.text)

    @property
    def shown_text(self) -> str:
        """What the button posts to tell which words it stands under."""
        return auto_renewal_wording.digest(self.text)

    def is_what_was_shown(self, posted: Mapping[str, str]) -> bool:
        """Tell whether the form that was posted showed the words and the terms of now."""
        shown = (posted.get("shown_text"), posted.get("shown_terms"))
        return shown == (self.shown_text, str(self.terms_of_sale.pk))


def offer_for(subscription: Any, consent: Any) -> Offer | None:
    """Return what the page says of ``subscription``; ``None`` where nothing is on, and the shop
    offers nothing or nothing runs that could be renewed.

    Args:
        consent: its ``AutoRenewal`` in force, or ``None``.
    """
    if not auto_renewal.is_offered():
        return Offer(consent, is_paused=True) if consent is not None else None
    last = auto_renewal.last_term(subscription)
    if last is None or last.covered_until < conf.today():
        return None
    if consent is not None:
        planned = consent.planned.opened().order_by("-pk").first()
        late = too_late(subscription) if planned is None else ""
        return Offer(consent, planned, too_late=late)
    if not auto_renewal.leaves_time_to_announce(subscription.plan):
        return None
    return _to_choose(subscription)


def too_late(subscription: Any) -> str:
    """Say that the renewal of the term that runs can't be announced in time any more, or return
    an empty string."""
    last = auto_renewal.last_term(subscription)
    if last is None or auto_renewal.charge_day(last, conf.today()) is not None:
        return ""
    return _("It is too late for the term that ends on %(day)s: please renew it yourself.") % {
        "day": date_format(last.ends_on, "DATE_FORMAT")
    }


def _to_choose(subscription: Any) -> Offer:
    user, plan = subscription.user, subscription.plan
    terms_of_sale = registered.TermsOfSale.objects.current()
    if not get_gateway().has_payment_method(user):
        return Offer(None, has_payment_method=False)
    if terms_of_sale is None or not eligibility.is_offered_to(plan, user):
        return Offer(None)
    try:
        total = orders.quote(user, plan)
    except orders.NotForSaleError:
        return Offer(None)
    text = auto_renewal_wording.agreement(plan, total, with_order=False)
    return Offer(None, text=text, terms_of_sale=terms_of_sale, total=total)
