"""What a member agrees to with automatic renewal, in words that are kept as they were shown."""

from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.templatetags.currency_filters import currency

from oscar_subscriptions import conf


def agreement(plan: Any, total: Any, *, with_order: bool) -> str:
    """Return the words, in the active language.

    Args:
        plan: the ``Plan``.
        total: its price of today, as Oscar's ``Price``, without vouchers: they are no renewal's.
        with_order: whether it is chosen with an order, whose payment method are kept for it; or
            else later, with a payment method that is stored already.
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
    """Return what a form posts to tell which words it showed."""
    return sha256(text.encode()).hexdigest()
