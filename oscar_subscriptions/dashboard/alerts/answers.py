"""The actions that settle an alert, offered on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.dashboard.actions import registry
from oscar_subscriptions.dashboard.actions.views import ALERT
from oscar_subscriptions.dashboard.subscriptions import history, search
from oscar_subscriptions.fulfilment import transfers
from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oscar_subscriptions.dashboard.actions.registry import Offer
    from oscar_subscriptions.protocols import Alert, Subscription, Term, User
    from oscar_subscriptions.querysets import OutboxMailQuerySet

REFUND, ASK = "subscription-refund", "subscription-ask-provider"
SUSPEND, RESUME = "term-suspend", "term-resume"
REVOKE, RESTORE = "term-revoke", "term-restore"
GIVE, TAKE_BACK = "subscription-give", "subscription-take-back"
RECEIPT, SHOW_PAID = "subscription-receipt", "subscription-show-paid"
SEND_AGAIN = "subscription-send-again"

# What may settle each kind, the most likely first. The other kinds settle themselves, or say whom
# to tell.
ANSWERS = {
    alerts.ORDER_REFUSED: [ASK, GIVE, REFUND],
    alerts.PAYMENT_MISMATCH: [REFUND, ASK],
    alerts.SECOND_PAYMENT: [REFUND],
    alerts.PAID_AND_CANCELLED: [SHOW_PAID, REVOKE, REFUND],
    alerts.DISPUTE: [ASK, SUSPEND, REVOKE],
    alerts.CHARGED_UNWANTED: [REFUND],
    alerts.NOT_APPLIED: [ASK],
    alerts.REVERSAL: [SUSPEND, REVOKE, ASK],
    alerts.REVERSAL_ENDED: [RESTORE, RESUME],
    alerts.NOT_PAYABLE: [ASK, GIVE],
    alerts.DAYS_SOLD_AGAIN: [GIVE, REFUND],
    alerts.HANDED_OVER_UNPAID: [REVOKE, TAKE_BACK],
    alerts.CREDIT_UNPAID: [REVOKE],
    alerts.GIVEN_UP: [GIVE, RESTORE],
    alerts.PAID_AGAIN: [RESTORE, RESUME, GIVE],
    alerts.UNDELIVERED: [SEND_AGAIN],
    alerts.RECEIPT_MISSING: [RECEIPT],
}


def answers(user: User, alert: Alert) -> list[Offer]:
    """Return what ``user`` may do to settle ``alert``; each leads back to its page."""
    wanted = ANSWERS.get(alert.kind, [])
    found = [offer for offer in _offers(user, alert) if offer.name in wanted] if wanted else []
    found.sort(key=lambda offer: wanted.index(offer.name))
    return [offer._replace(url=f"{offer.url}?{ALERT}={alert.pk}") for offer in found]


def _offers(user: User, alert: Alert) -> Iterator[Offer]:
    subscription = subscription_of(alert)
    if subscription is None:
        return
    yield from registry.offers_of_subscription(user, subscription)
    for term in _terms(alert, subscription):
        yield from registry.offers_of_term(user, term)
    if alert.order is not None:
        for order in history.orders(subscription):
            if order.pk == alert.order.pk:
                yield from registry.offers_of_order(user, subscription, order)
    for mail in _mails(alert):
        yield from registry.offers_of_mail(user, subscription, mail)


def subscription_of(alert: Alert) -> Subscription | None:
    """Return the subscription that ``alert`` is about, or that of its order or e-mail."""
    rows = registered.Subscription.objects.for_page().select_related("user").order_by("pk")
    if alert.subscription_id is not None:
        return rows.filter(pk=alert.subscription_id).first()
    if alert.order is not None:
        return rows.filter(pk__in=search.subscriptions_of_orders([alert.order.pk])).first()
    return rows.filter(user__isnull=False, user__in=_mails(alert).values("user")).first()


def _terms(alert: Alert, subscription: Subscription) -> list[Term]:
    """The terms that may be meant: that of the order, or where its days are now; else all."""
    term = fulfilment.term_of(alert.order) if alert.order is not None else None
    if term is None:
        return list(subscription.terms.all())
    steps = transfers.transfers_from(term)
    return [steps[-1].new] if steps else [term]


def _mails(alert: Alert) -> OutboxMailQuerySet:
    """The e-mail that ``alert`` is about, if it is about one."""
    return registered.OutboxMail.objects.filter(pk=(alert.detail or {}).get("row", 0))
