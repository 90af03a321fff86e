"""The kinds of alerts: titles, advice to operators, and the sentences that say what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

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
NOT_APPLIED = "not-applied"
PAID_AND_CANCELLED = "paid-and-cancelled"
DISPUTE = "dispute"
CHARGED_UNWANTED = "charged-unwanted"
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
            "Put right what stands in the way and ask the provider again: that gives the "
            "subscription, as the next run would. Or refund the payment."
        ),
    ),
    PAYMENT_MISMATCH: AlertKind(
        _("The payment of order %(order)s does not match"),
        _("It gives nothing. Refund whatever has arrived."),
    ),
    SECOND_PAYMENT: AlertKind(
        _("Order %(order)s was paid a second time"),
        _("Refund one of the payments."),
    ),
    PAID_AND_CANCELLED: AlertKind(
        _("Order %(order)s is paid, and was cancelled in the dashboard"),
        _(
            "Its subscription still counts. Which of the two was meant? If it was a mistake, show "
            "the order as paid again; if not, revoke the term and refund the payment."
        ),
    ),
    DISPUTE: AlertKind(
        _("The payment of order %(order)s is disputed: answer by %(day)s"),
        _(
            "Send the evidence in the provider's dashboard by then. Without an answer the dispute "
            "is lost, and the money with it."
        ),
    ),
    CHARGED_UNWANTED: AlertKind(
        _("Order %(order)s was charged while automatic renewal was being switched off"),
        _(
            "The year was given. Refund the payment, or agree with the member that it stands."
        ),
    ),
    NOT_APPLIED: AlertKind(
        _("What happened to a payment of order %(order)s could not be carried out"),
        _(
            "Code of the shop has failed; what is known about the payment is kept. Tell who looks "
            "after the shop; once that is mended, ask the provider again."
        ),
    ),
    REVERSAL: AlertKind(
        _("Money of order %(order)s was given or taken back"),
        _("Decide whether the subscription goes on: suspend it, revoke it, or leave it."),
    ),
    REVERSAL_ENDED: AlertKind(
        _("The payment of order %(order)s stands again, the subscription does not"),
        _("An operator had withdrawn it. Restore it if the member may have it back."),
    ),
    NOT_PAYABLE: AlertKind(
        _("Order %(order)s can't be paid"),
        _(
            "The payment provider refuses it for the reason given. Once its cause is removed, the "
            "member can pay; or give the days without a payment."
        ),
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
        _("Give the member other days, or refund the payment."),
    ),
    HANDED_OVER_UNPAID: AlertKind(
        _("What order %(order)s paid for was handed over, and its money has gone back"),
        _(
            "The other member keeps the days until you decide: leave them, revoke them, or take "
            "the handover back."
        ),
    ),
    CREDIT_UNPAID: AlertKind(
        _("What order %(order)s paid for was credited, and its money has gone back"),
        _("The credited days count until you decide: leave them, or revoke the term."),
    ),
    GIVEN_UP: AlertKind(
        _("Order %(order)s, a change of plan, is no longer paid: what was given up for it is gone"),
        _("Give the member the days that were given up, if they are to count again."),
    ),
    PAID_AGAIN: AlertKind(
        _("The payment of order %(order)s stands again after an operator had decided about it"),
        _("Look at the earlier alert and its note: what was done then may have to be undone."),
    ),
    UNDELIVERED: AlertKind(
        _("An e-mail can't be delivered"),
        _("Correct the member’s address and send it again, or reach the member in another way."),
    ),
    MAIL_MISTAKE: AlertKind(
        _("The text of an e-mail can’t be used"),
        _("It was sent with the text of its file. Please correct the text in the dashboard."),
    ),
    CUSTOMER_KEPT: AlertKind(
        _("The payment provider still keeps customer %(customer)s"),
        _(
            "The member is to be forgotten there, with the card. Every run asks the provider "
            "again, and resolves this once it is done."
        ),
    ),
    RECEIPT_MISSING: AlertKind(
        _("Order %(order)s is paid and has no receipt"),
        _("Put right what stands in the way, and issue it; every run tries again, too."),
    ),
}  # fmt: skip


# What may have happened, with ``%(name)s`` for each fact; see ``wording.line``.
LINES = {
    # A paid order gives no term.
    "account-gone": _("The member's account no longer exists."),
    "not-alone": _("The order holds a plan together with something else."),
    "more-than-once": _("The order holds a plan more than once."),
    "not-by-the-shop": _("The plan was not sold by the shop itself."),
    "nothing-to-pay": _("The order's total is zero."),
    "no-plan": _("The order holds no plan."),
    "arrived": _("Expected: %(expected)s; arrived: %(received)s (%(payment)s)."),
    "unclaimed": _("Payment %(payment)s names order %(order)s."),
    "refunded": _("%(refunded)s of %(received)s refunded."),
    # Days that were paid for have gone elsewhere.
    "handed-over": _("%(old)s was handed over to %(new)s: %(first)s – %(last)s."),
    "credited": _(
        "%(old)s, %(first)s – %(last)s, was given up for the credit of %(days)s days to %(new)s."
    ),
    "would-be-suspended": _("By the shop's policy it would have been suspended: %(term)s."),
    "would-be-revoked": _("By the shop's policy it would have been revoked: %(term)s."),
    "is-suspended": _("That one is suspended: %(term)s."),
    "is-revoked": _("That one is revoked: %(term)s."),
    "sold-again": _("%(subscription)s: %(term)s."),
    "undelivered": _("%(mail)s, to %(email)s."),
    "mistake": _("%(mail)s (%(language)s)."),
    "other-mode": _("It was made with a key of the other mode."),
}  # fmt: skip
