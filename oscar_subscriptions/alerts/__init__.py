"""Alerts: matters for a person to decide. A row in the dashboard, and a mail to the managers.

``kinds`` holds the texts of each kind, ``alerts`` raises and resolves alerts, ``mails`` connects
them to the outbox.
"""

from oscar_subscriptions.alerts import mails  # noqa: F401
from oscar_subscriptions.alerts.alerts import mail_of, raise_alert, reopen, resolve, settle
from oscar_subscriptions.alerts.kinds import (
    CHARGED_UNWANTED,
    CREDIT_UNPAID,
    CUSTOMER_KEPT,
    DAYS_SOLD_AGAIN,
    DISPUTE,
    GIVEN_UP,
    HANDED_OVER_UNPAID,
    KINDS,
    MAIL_MISTAKE,
    NOT_APPLIED,
    NOT_PAYABLE,
    ORDER_REFUSED,
    PAID_AGAIN,
    PAID_AND_CANCELLED,
    PAYMENT_MISMATCH,
    PROVIDER_KEY,
    RECEIPT_MISSING,
    REVERSAL,
    REVERSAL_ENDED,
    SECOND_PAYMENT,
    UNCLAIMED_PAYMENT,
    UNDELIVERED,
    advice,
    title,
)

__all__ = [
    "CHARGED_UNWANTED",
    "CREDIT_UNPAID",
    "CUSTOMER_KEPT",
    "DAYS_SOLD_AGAIN",
    "DISPUTE",
    "GIVEN_UP",
    "HANDED_OVER_UNPAID",
    "KINDS",
    "MAIL_MISTAKE",
    "NOT_APPLIED",
    "NOT_PAYABLE",
    "ORDER_REFUSED",
    "PAID_AGAIN",
    "PAID_AND_CANCELLED",
    "PAYMENT_MISMATCH",
    "PROVIDER_KEY",
    "RECEIPT_MISSING",
    "REVERSAL",
    "REVERSAL_ENDED",
    "SECOND_PAYMENT",
    "UNCLAIMED_PAYMENT",
    "UNDELIVERED",
    "advice",
    "mail_of",
    "raise_alert",
    "reopen",
    "resolve",
    "settle",
    "title",
]
