"""What a member agrees to with automatic renewal, in words that are kept as they were shown."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.templatetags.currency_filters import currency

from oscar_subscriptions import conf


def agreement(plan: Any, total: Any) -> str:
    """Return the words, in the active language.

    Args:
        plan: the ``Plan``.
        total: its price of today, as Oscar's ``Price``.
    """
    term = ngettext("%(number)s month", "%(number)s months", plan.months) % {"number": plan.months}
    return _(
        "Renew “%(plan)s” automatically for %(term)s at a time, at the price in force then (today "
        "%(price)s incl. tax), from the means of payment of this order. You are told by e-mail "
        "%(notice)s days before each payment, and can switch it off at any time on “My "
        "subscription”."
    ) % {
        "plan": plan.title,
        "term": term,
        "price": currency(total.incl_tax, total.currency),
        "notice": conf.settings.RENEWAL_NOTICE_DAYS,
    }
