"""The kinds of alerts: the title of each, and its advice to the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from oscar_subscriptions.protocols import Alert

ORDER_REFUSED = "order-refused"
PAYMENT_MISMATCH = "payment-mismatch"
SECOND_PAYMENT = "second-payment"
REVERSAL = "reversal"
REVERSAL_ENDED = "reversal-ended"
NOT_PAYABLE = "not-payable"
UNCLAIMED_PAYMENT = "unclaimed-payment"
PROVIDER_KEY = "provider-key"
DAYS_SOLD_AGAIN = "days-sold-again"
UNDELIVERED = "undelivered"
MAIL_MISTAKE = "mail-mistake"
HANDED_OVER_UNPAID = "handed-over-unpaid"
CREDIT_UNPAID = "credit-unpaid"
GIVEN_UP = "given-up"
PAID_AGAIN = "paid-again"
CUSTOMER_KEPT = "customer-kept"
RECEIPT_MISSING = "receipt-missing"


@dataclass(frozen=True)
class AlertKind:
    """The texts of one kind; translatable.

    Args:
        title: with ``%(name)s`` for each name of the alert's detail that it mentions.
        advice: what the operator can do.
    """

    title: str | StrPromise
    advice: str | StrPromise = ""


KINDS = {
    ORDER_REFUSED: AlertKind(
        _("Order %(order)s is paid but gives no subscription"),
        _(
            "Put right what stands in the way, and the next run gives the subscription; or refund "
            "the payment at the provider."
        ),
    ),
    PAYMENT_MISMATCH: AlertKind(
        _("The payment of order %(order)s does not match"),
        _("The money has arrived but gives nothing. Refund it at the provider."),
    ),
    SECOND_PAYMENT: AlertKind(
        _("Order %(order)s was paid a second time"),
        _("Refund one of the payments at the provider."),
    ),
    REVERSAL: AlertKind(
        _("Money of order %(order)s was given or taken back"),
        _("Look at the payment at the provider and decide whether the subscription goes on."),
    ),
    REVERSAL_ENDED: AlertKind(
        _("The payment of order %(order)s stands again, the subscription does not"),
        _("An operator had withdrawn it. Restore it if the member may have it back."),
    ),
    NOT_PAYABLE: AlertKind(
        _("Order %(order)s can't be paid"), _("The provider does not accept the order's total.")
    ),
    UNCLAIMED_PAYMENT: AlertKind(
        _("A payment at the provider belongs to no order of this shop"),
        _("Was the database restored from a backup? The payment names the order."),
    ),
    PROVIDER_KEY: AlertKind(
        _("The payment provider does not accept the shop's key"),
        _("Payments can't be confirmed until the key in the settings is right; none is lost."),
    ),
    DAYS_SOLD_AGAIN: AlertKind(
        _("A subscription can't be restored: its days were sold again"),
        _("Grant the member the days under the plan, or refund the payment."),
    ),
    HANDED_OVER_UNPAID: AlertKind(
        _("What order %(order)s paid for was handed over, and its money has gone back"),
        _("The other member keeps the days until an operator decides; nothing was withdrawn."),
    ),
    CREDIT_UNPAID: AlertKind(
        _("What order %(order)s paid for was credited, and its money has gone back"),
        _("The credited days count until an operator decides; nothing was withdrawn."),
    ),
    GIVEN_UP: AlertKind(
        _("Order %(order)s, a change of plan, is no longer paid: what was given up for it is gone"),
        _("Grant the member the days that were given up, if they are to count again."),
    ),
    PAID_AGAIN: AlertKind(
        _("The payment of order %(order)s stands again after an operator had decided about it"),
        _("Look at the earlier alert and its note: what was done then may have to be undone."),
    ),
    UNDELIVERED: AlertKind(
        _("An e-mail can't be delivered"), _("Reach the member in another way.")
    ),
    MAIL_MISTAKE: AlertKind(
        _("The text of an e-mail can’t be used"),
        _("It was sent with the text of its file. Please correct the text in the dashboard."),
    ),
    CUSTOMER_KEPT: AlertKind(
        _("The payment provider still keeps customer %(customer)s"),
        _(
            "The member is to be forgotten there, with the card. Every run asks the provider "
            "again; or delete the customer in the provider's dashboard."
        ),
    ),
    RECEIPT_MISSING: AlertKind(
        _("Order %(order)s is paid and has no receipt"),
        _("Put right what stands in the way; every run tries again."),
    ),
}  # fmt: skip


def title(alert: Alert) -> str:
    """Return the title of ``alert`` in the active language; its kind if there is none."""
    kind = KINDS.get(alert.kind)
    try:
        return str(kind.title) % alert.detail if kind else alert.kind
    except (KeyError, TypeError):
        return alert.kind


def advice(alert: Alert) -> str:
    """Return the advice about ``alert`` in the active language, or an empty string."""
    kind = KINDS.get(alert.kind)
    return str(kind.advice) if kind else ""
