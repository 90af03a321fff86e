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
from oscar_subscriptions.fulfilment import plan_change, starting
from oscar_subscriptions.plans import changes, eligibility, vendors
from oscar_subscriptions.transactions import transactional

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fulfilment:
    """What became of a paid order.

    Attributes:
        term: the term that the order gives, now or since an earlier call; ``None`` if none.
        created: whether this call made it.
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
    # As it is now: the member may have deleted the account since the caller read the order.
    order = get_model("order", "Order").objects.select_related("user").get(pk=order.pk)
    plan = plan_of(order)
    if plan is None:
        return Fulfilment()
    lines = _lines(order)
    subscription = _locked(order, plan)
    sells = [line for line in lines if line.product_id == plan.product_id]
    plan_line = (sells or lines)[0]
    earlier = get_model("oscar_subscriptions", "Term").objects.filter(order_line=plan_line)
    if term := earlier.first():
        return Fulfilment(term=term)
    if subscription is None:
        return _refuse(order, None, _("The member's account no longer exists."))
    if problem := _problem(order, lines):
        return _refuse(order, subscription, problem)
    term = _start_term(order, plan_line, subscription)
    alerts.settle(refusal_key(order), _("The order has given its subscription."))
    _issue_receipt(order)
    return Fulfilment(term=term, created=True)


def can_be_fulfilled(order: Any) -> bool:
    """Tell whether :func:`order_paid` would give ``order`` a term now; nothing is written."""
    if order.user_id is None or plan_of(order) is None or term_of(order) is not None:
        return False
    return not _problem(order, _lines(order))


def plan_of(order: Any) -> Any | None:
    """Return the plan that ``order`` was placed for, or ``None``.

    The plan that the member consented to, whatever product it is sold as by now; in a shop with
    another checkout, the plan of the order's first line that sells one.
    """
    Consent = get_model("oscar_subscriptions", "Consent")
    consent = Consent.objects.filter(order=order).select_related("plan__product").first()
    if consent is not None:
        return consent.plan
    return next(iter(eligibility.plans_among(order.lines.order_by("pk")).values()), None)


def term_of(order: Any) -> Any | None:
    """Return the term that ``order`` gave, or ``None``."""
    terms_of_order = get_model("oscar_subscriptions", "Term").objects.filter(
        order_line__order=order
    )
    return terms_of_order.select_related("subscription").first()


def lock_subscription(order: Any) -> Any | None:
    """Lock, and make if need be, the subscription that ``order`` pays for; first of all locks.

    Returns:
        The row, locked until the transaction ends; ``None`` for an order without plan or member.
    """
    if order.user_id is None:
        return None
    plan = plan_of(order)
    return None if plan is None else _locked(order, plan)


def _locked(order: Any, plan: Any) -> Any | None:
    if order.user_id is None:
        return None
    return get_model("oscar_subscriptions", "Subscription").objects.locked(order.user, plan)


def lock_for_checkout(user: Any, plan: Any, language: str = "") -> Any:
    """Lock the subscription of ``user`` to ``plan`` while an order is placed.

    Args:
        language: the language the member orders in, kept for e-mails.
    """
    subscription = get_model("oscar_subscriptions", "Subscription").objects.locked(user, plan)
    if language and subscription.language != language:
        subscription.language = language
        subscription.save(update_fields=["language"])
    return subscription


def _lines(order: Any) -> list[Any]:
    return list(order.lines.select_related("stockrecord__partner", "product").order_by("pk"))


def _problem(order: Any, lines: list[Any]) -> str:
    if len(lines) > 1:
        return _("The order holds a plan together with something else.")
    if lines[0].quantity != 1:
        return _("The order holds a plan more than once.")
    partner = lines[0].partner or getattr(lines[0].stockrecord, "partner", None)
    if partner is None or vendors.has_sellers(partner) or _may_be_priced_by_others(order, lines[0]):
        return _("The plan was not sold by the shop itself.")
    if order.total_incl_tax <= 0 and not conf.settings.ALLOW_FREE:
        return _("The order's total is zero.")
    return ""


def _may_be_priced_by_others(order: Any, line: Any) -> bool:
    """Whether a stranger may have set the price. Our checkout, which keeps consents, asked that."""
    Consent = get_model("oscar_subscriptions", "Consent")
    was_checked = Consent.objects.filter(order=order).exists()
    return not was_checked and vendors.is_price_foreign(line.product)


def _start_term(order: Any, line: Any, subscription: Any) -> Any:
    consent = _consent(order, subscription.plan)
    conditions = consent or subscription.plan
    change = changes.of_consent(consent)
    span = changes.span(
        change, conditions.months, conditions.grace_days, subscription.terms.not_revoked()
    )
    term = starting.start(
        subscription,
        span,
        starting.conditions_of(conditions, months=conditions.months),
        kind=journal.TERM_STARTED,
        detail={"order": order.number},
        order_line=line,
        plan_title=line.title,
        price=order.total_incl_tax,
        currency=order.currency,
    )
    plan_change.carry_out(change, term)
    # Oscar's own "the checkout is over", late because the order is paid late.
    signals.send_on_commit(
        post_checkout,
        sender=order_paid,
        order=order,
        user=subscription.user,
        request=None,
        response=None,
    )
    return term


def _consent(order: Any, plan: Any) -> Any | None:
    """The conditions on which the plan was ordered; ``None`` if no checkout kept any."""
    Consent = get_model("oscar_subscriptions", "Consent")
    consents = Consent.objects.filter(order=order, plan=plan)
    return consents.select_related("changes__plan", "plan").first()


def _issue_receipt(order: Any) -> None:
    """In the transaction of the term, so that receipts are numbered in the order of payments.

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


def refusal_key(order: Any) -> str:
    """Return the key of the alert that the money of ``order`` gives no term."""
    return f"order-{order.pk}-refused"


def _refuse(order: Any, subscription: Any, reason: str) -> Fulfilment:
    logger.error("Order %s is paid but gives no term: %s", order.number, reason)
    is_news = alerts.raise_alert(
        alerts.ORDER_REFUSED,
        refusal_key(order),
        order=order,
        subscription=subscription,
        reason=reason,
    )
    # A provider repeats itself; the history does not.
    if is_news:
        if subscription is not None:
            detail = {"order": order.number}
            journal.record(subscription, journal.PAYMENT_REFUSED, detail=detail, reason=reason)
        signals.send_on_commit(signals.refused, sender=order_paid, order=order, reason=reason)
    return Fulfilment(refused=reason)
