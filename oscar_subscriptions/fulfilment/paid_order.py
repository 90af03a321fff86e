"""A paid order makes its buyer a seller. The one way in for every gateway.

``order_paid`` may be called any number of times, at once, and in any order with anything else:
the term belongs to one order line, and that is unique.
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _
from oscar.apps.checkout.signals import post_checkout
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, journal, receipts, signals
from oscar_subscriptions.fulfilment import ledger, orders, plan_change
from oscar_subscriptions.loading import registered
from oscar_subscriptions.plans import changes, vendors
from oscar_subscriptions.transactions import transactional

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PaidOrder:
    """All that is read of a paid order; read once, and handed down.

    Attributes:
        order: the Oscar ``Order``, with its user.
        consent: the ``Consent`` given with it; ``None`` if no checkout of ours kept one.
        plan: the ``Plan`` that it was placed for.
        lines: its lines, by primary key.
        subscription: the member's ``Subscription``, locked; ``None`` if the account is gone, or in
            a question that locks nothing.
    """

    order: Any
    consent: Any
    plan: Any
    lines: list[Any]
    subscription: Any = None

    @property
    def plan_line(self) -> Any:
        """The line that sells the plan."""
        sells = [line for line in self.lines if line.product_id == self.plan.product_id]
        return (sells or self.lines)[0]


@dataclass(frozen=True)
class Fulfilment:
    """What became of a paid order.

    Attributes:
        term: the term that the order gives, now or since an earlier call; ``None`` if none.
        created: whether this call created it.
        refused: why the money could not be turned into a term; empty if it could, or if the
            order holds no plan. The shop's managers have been told.
    """

    term: Any = None
    created: bool = False
    refused: str = ""


@transactional
def order_paid(order: Any) -> Fulfilment:
    """Give the member of a paid order the term that was bought. Public and idempotent.

    Call it once the money of ``order`` is confirmed, in full. The term starts today in the
    shop's timezone, or after the last day of a running one.

    Args:
        order: an Oscar ``Order``; one without a plan is left alone.

    Returns:
        A :class:`Fulfilment`. Money that can't be fulfilled is never an exception, because a
        provider would repeat its notification for ever; it is reported to the shop.
    """
    paid = lock(order)
    return Fulfilment() if paid is None else fulfil(paid)


def lock(order: Any) -> PaidOrder | None:
    """Lock the subscription that ``order`` pays for, and read all that fulfilling it needs.

    Needs an open transaction. No other lock may be held yet.

    Returns:
        ``None`` for an order that holds no plan.
    """
    return _read(order, with_lock=True)


def fulfil(paid: PaidOrder) -> Fulfilment:
    """Do what :func:`order_paid` promises for an order read with :func:`lock`.

    Needs the transaction that holds the lock.
    """
    assert transaction.get_connection().in_atomic_block
    terms = registered.Term.objects
    if term := terms.filter(order_line=paid.plan_line).first():
        return Fulfilment(term=term)
    if paid.subscription is None:
        return _refuse(paid, _("The member's account no longer exists."))
    if problem := _problem(paid):
        return _refuse(paid, problem)
    term = _add_term(paid)
    alerts.settle(orders.refusal_key(paid.order), _("The order has given its subscription."))
    _issue_receipt(paid.order)
    return Fulfilment(term=term, created=True)


def can_be_fulfilled(order: Any) -> bool:
    """Return whether :func:`order_paid` would give ``order`` a term now; nothing is written."""
    if order.user_id is None or orders.term_of(order) is not None:
        return False
    paid = _read(order, with_lock=False)
    return paid is not None and not _problem(paid)


def _read(order: Any, *, with_lock: bool) -> PaidOrder | None:
    # Read anew: the member may have deleted the account since the caller read the order.
    order = get_model("order", "Order").objects.select_related("user").get(pk=order.pk)
    # A consent never changes, so it can be read before the lock, which needs its plan.
    consent = orders.consent_of(order)
    plan = orders.plan_for_order(order, consent)
    if plan is None:
        return None
    subscription = None
    if with_lock and order.user_id is not None:
        subscription = orders.lock_for(order.user, plan)
        subscription.user, subscription.plan = order.user, plan
    lines = order.lines.select_related("stockrecord__partner", "product").order_by("pk")
    return PaidOrder(order, consent, plan, list(lines), subscription)


def _problem(paid: PaidOrder) -> str:
    if len(paid.lines) > 1:
        return _("The order holds a plan together with something else.")
    [line] = paid.lines
    if line.quantity != 1:
        return _("The order holds a plan more than once.")
    partner = line.partner or getattr(line.stockrecord, "partner", None)
    if partner is None or vendors.has_sellers(partner) or _may_be_priced_by_others(paid, line):
        return _("The plan was not sold by the shop itself.")
    if paid.order.total_incl_tax <= 0 and not conf.settings.ALLOW_FREE:
        return _("The order's total is zero.")
    return ""


def _may_be_priced_by_others(paid: PaidOrder, line: Any) -> bool:
    """Whether a stranger may have set the price. Our checkout, which keeps consents, asked that."""
    return paid.consent is None and vendors.is_price_foreign(line.product)


def _add_term(paid: PaidOrder) -> Any:
    conditions = paid.consent or paid.plan
    change = changes.of_consent(paid.consent)
    span = changes.span(
        change, conditions.months, conditions.grace_days, paid.subscription.terms.not_revoked()
    )
    term = ledger.add(
        paid.subscription,
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
    # Oscar's own "the checkout is over", late because the order is paid late.
    signals.send_on_commit(
        post_checkout,
        sender=order_paid,
        order=paid.order,
        user=paid.subscription.user,
        request=None,
        response=None,
    )
    return term


def _issue_receipt(order: Any) -> None:
    """Issue it in the transaction of the term, so that receipts are numbered in the order of
    payments.

    Last of all, because everybody who is paid meanwhile waits for the number. A receipt that can't
    be written takes nobody's term away: it is issued when somebody asks for it.
    """
    try:
        with transaction.atomic():
            receipts.issue(order)
    except (OperationalError, InterfaceError):
        raise  # a conflict with another transaction: all of this one is done again
    except Exception:
        logger.exception("No receipt issued for order %s", order.number)


def _refuse(paid: PaidOrder, reason: str) -> Fulfilment:
    order = paid.order
    logger.error("Order %s is paid but gives no term: %s", order.number, reason)
    is_news = alerts.raise_alert(
        alerts.ORDER_REFUSED,
        orders.refusal_key(order),
        order=order,
        subscription=paid.subscription,
        reason=reason,
    )
    # A provider repeats itself; the history does not.
    if is_news:
        if paid.subscription is not None:
            detail = {"order": order.number}
            journal.record(paid.subscription, journal.PAYMENT_REFUSED, detail=detail, reason=reason)
        signals.send_on_commit(signals.refused, sender=order_paid, order=order, reason=reason)
    return Fulfilment(refused=reason)
