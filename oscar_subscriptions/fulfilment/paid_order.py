"""A paid order gives its term. Every gateway calls ``order_paid``, and nothing else.

``order_paid`` may be called any number of times, concurrently, and in any order with anything else:
an order line has at most one term.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_noop
from oscar.apps.checkout.signals import post_checkout

from oscar_subscriptions import alerts, conf, journal, receipts, signals
from oscar_subscriptions.fulfilment import ledger, orders, plan_change
from oscar_subscriptions.fulfilment.orders import PaidOrder
from oscar_subscriptions.plans import changes, vendors
from oscar_subscriptions.transactions import is_database_failure, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order, OrderLine, Subscription, Term

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fulfilment:
    """The result of :func:`order_paid`.

    Attributes:
        term: the term that the order gives, from this call or an earlier one; ``None`` if none.
        created: whether this call created it.
        refused: why the order gives no term, and the shop's managers are alerted; "" if it gives
            one, or holds no plan.
    """

    term: Term | None = None
    created: bool = False
    refused: str = ""


def order_paid(order: Order) -> Fulfilment:
    """Give the member of a paid order the term that was bought. Public and idempotent.

    Call it once the money of ``order`` is confirmed in full. The term starts today in the shop's
    timezone, or after the last day of a running one.

    Args:
        order: an Oscar ``Order``; one without a plan is left alone.

    Returns:
        A :class:`Fulfilment`. An order that can't be fulfilled, perhaps because the shop's own code
        (a policy, a receiver) raises, raises an alert and no exception: after an exception a
        provider would repeat its webhook for ever. The daily run tries again.

    Raises:
        django.db.OperationalError: the database can't be reached, or a conflict does not end.
    """
    try:
        return _give(order)
    except Exception as error:
        if is_database_failure(error):
            raise
        return _give_up(order, error)


@transactional
def _give(order: Order) -> Fulfilment:
    if orders.has_given(order):  # no lock is needed to know it
        return Fulfilment(term=orders.term_of(order))
    paid = lock(order)
    return Fulfilment() if paid is None else fulfil(paid)


@transactional
def _give_up(order: Order, error: Exception) -> Fulfilment:
    paid = lock(order)
    assert paid is not None  # or nothing could have raised
    if paid.term is not None:  # another process has given it meanwhile
        return Fulfilment(term=paid.term)
    return give_up(paid, error)


def give_up(paid: PaidOrder, error: Exception) -> Fulfilment:
    """Raise the alert that ``error``, raised by the shop's own code, has kept ``paid`` from giving
    its term. Needs an open transaction, another than that in which it was raised."""
    logger.error("Order %s not fulfilled", paid.order.number, exc_info=error)
    return _refuse(paid, f"{type(error).__name__}: {error}"[:255])


def lock(order: Order) -> PaidOrder | None:
    """Lock the subscription that ``order`` pays for, and read everything that fulfilment needs.

    Needs an open transaction in which no other lock is held yet.

    Returns:
        ``None`` for an order that holds no plan.
    """
    assert transaction.get_connection().in_atomic_block
    return orders.read_paid(order, with_lock=True)


def fulfil(paid: PaidOrder) -> Fulfilment:
    """As :func:`order_paid`, in the open transaction in which :func:`lock` has read the order."""
    assert transaction.get_connection().in_atomic_block
    if paid.term is not None:
        return Fulfilment(term=paid.term)
    if paid.subscription is None:
        return _refuse(paid, problem="account-gone")
    if problem := _problem(paid):
        return _refuse(paid, problem=problem)
    term = _add_term(paid, paid.subscription)
    alerts.settle(
        orders.refusal_key(paid.order), gettext_noop("The order has given its subscription.")
    )
    _issue_receipt(paid, term)
    return Fulfilment(term=term, created=True)


def can_be_fulfilled(order: Order) -> bool:
    """Return whether :func:`order_paid` would give ``order`` a term now; nothing is written."""
    if order.user_id is None or orders.term_of(order) is not None:
        return False
    paid = orders.read_paid(order, with_lock=False)
    return paid is not None and not _problem(paid)


def _problem(paid: PaidOrder) -> str:
    """Why ``paid`` can't be fulfilled, as a key of ``alerts.LINES``; "" if it can."""
    if len(paid.lines) > 1:
        return "not-alone"
    [line] = paid.lines
    if line.quantity != 1:
        return "more-than-once"
    partner = line.partner or (line.stockrecord.partner if line.stockrecord else None)
    if partner is None or line.pk in paid.foreign or _may_be_priced_by_others(paid, line):
        return "not-by-the-shop"
    if paid.order.total_incl_tax <= 0 and not conf.settings.ALLOW_FREE:
        return "nothing-to-pay"
    return ""


def _may_be_priced_by_others(paid: PaidOrder, line: OrderLine) -> bool:
    # This package's checkout, which keeps consents, has checked it already.
    product = line.product if paid.consent is None else None
    return product is not None and vendors.is_price_foreign(product)


def _add_term(paid: PaidOrder, subscription: Subscription) -> Term:
    conditions = paid.consent or paid.plan
    change = changes.of_consent(paid.consent)
    earlier = subscription.terms.not_revoked()
    span = changes.span(change, conditions.months, conditions.grace_days, earlier)
    term = ledger.add(
        subscription,
        span,
        ledger.conditions_of(conditions, months=conditions.months),
        kind=journal.TERM_STARTED,
        detail={"order": paid.order.number},
        order_line=paid.plan_line,
        plan_title=paid.plan_line.title,
        price=paid.order.total_incl_tax,
        currency=paid.order.currency,
    )
    plan_change.apply_change(change, term)
    # Oscar's own signal at the end of a checkout; an order is paid after it.
    signals.send_on_commit(
        post_checkout,
        sender=order_paid,
        order=paid.order,
        user=subscription.user,
        request=None,
        response=None,
    )
    return term


def _issue_receipt(paid: PaidOrder, term: Term) -> None:
    """Issue the receipt in the transaction of the term: numbers follow the order of payments.

    Last of all, because it locks the counter that every payment needs. The term stands even if the
    receipt can't be written: it is issued when somebody asks for it.
    """
    try:
        with transaction.atomic():
            receipts.issue_first(paid.order, term, paid.lines)
    except Exception as error:
        if is_database_failure(error):
            raise  # all of this transaction is repeated
        logger.exception("No receipt issued for order %s", paid.order.number)


def _refuse(paid: PaidOrder, error: str = "", *, problem: str = "") -> Fulfilment:
    order, reason = paid.order, error or str(alerts.LINES[problem])
    logger.error("Order %s is paid but gives no term: %s", order.number, reason)
    is_news = alerts.raise_alert(
        alerts.ORDER_REFUSED,
        orders.refusal_key(order),
        order=order,
        subscription=paid.subscription,
        detail={"lines": [alerts.line(problem)]} if problem else {},
        reason=error,
    )
    # A provider repeats itself; the history does not.
    if is_news:
        if paid.subscription is not None:
            detail = {"order": order.number}
            journal.record(paid.subscription, journal.PAYMENT_REFUSED, detail=detail, reason=reason)
        signals.send_on_commit(signals.refused, sender=order_paid, order=order, reason=reason)
    return Fulfilment(refused=reason)
