"""The words with which a member agrees to automatic renewal; they are kept as shown."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.templatetags.currency_filters import currency

from oscar_subscriptions import conf

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Plan, Price


def agreement(plan: Plan, total: Price, *, with_order: bool) -> str:
    """Return the words, in the active language.

    Args:
        plan: the plan to renew.
        total: its price today, with tax and without vouchers, which never apply to renewals.
        with_order: whether it is chosen with an order, whose payment method is then stored;
            otherwise a payment method is already stored.
    """
    term = ngettext("%(number)s month", "%(number)s months", plan.months) % {"number": plan.months}
    method = (
        _("the payment method of this order")
        if with_order
        else _("the payment method that is kept for you")
    )
    return _(
        "Renew “%(plan)s” automatically for %(term)s at a time, at the price in force then (today "
        "%(price)s incl. tax), from %(means)s. You are told by e-mail %(notice)s days before each "
        "payment, and can switch it off at any time on “My subscription”."
    ) % {
        "plan": plan.title,
        "term": term,
        "means": method,
        "price": currency(total.incl_tax, total.currency),
        "notice": conf.settings.RENEWAL_NOTICE_DAYS,
    }


def digest(text: str) -> str:
    """Return a digest of ``text``; a form posts it to prove which words it showed."""
    return sha256(text.encode()).hexdigest()
