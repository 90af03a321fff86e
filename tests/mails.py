"""The case in which each kind of e-mail to members is written."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.agreements import auto_renewal, auto_renewal_mails
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.attempts import mails as order_mails
from oscar_subscriptions.plans import order_links
from oscar_subscriptions.reminders import due
from oscar_subscriptions.renewals import mails as renewal_mails
from oscar_subscriptions.sellers import take_down_mails

# Of an order that is not paid.
ABOUT_AN_ORDER = (order_mails.UNPAID, order_mails.CANCELLED)
# Of a service.
TAKE_DOWNS = (take_down_mails.TAKEN_DOWN, take_down_mails.LIFTED)
# Of an automatic renewal.
PLANNED = (
    auto_renewal.SWITCHED_ON,
    renewal_mails.ANNOUNCED,
    renewal_mails.FAILED,
    auto_renewal_mails.STOPPED,
)


def noon(day: Any) -> datetime:
    """Return noon of ``day`` in the shop's timezone."""
    return datetime.combine(day, time(12), timezone.get_default_timezone())


def facts_of(kind: str, term: Any, shop: Any) -> dict[str, Any]:
    """Return what an e-mail of ``kind`` about ``term`` is told.

    Args:
        shop: the fixture.
    """
    if kind == order_links.ORDER_LINK:
        subscription = term.subscription
        row, _is_new = order_links.send(
            subscription.user, subscription.plan, actor=subscription.user
        )
        return dict(row.context)
    if kind == renewal_mails.ANNOUNCED:
        return {"planned": shop.make_renewal(term).pk}
    if kind in ABOUT_AN_ORDER:
        user, plan = term.subscription.user, term.subscription.plan
        orders = get_model("order", "Order").objects.filter(
            user=user, subscription_attempts__status__in=["open", "cancelled"]
        )
        order = orders.first()
        if order is None:
            order = shop.make_order(user, plan)
            hosted.begin(order)
        if kind == order_mails.CANCELLED:
            order.subscription_attempts.update(status="cancelled")
        return {"order": order.pk}
    if kind == auto_renewal.SWITCHED_ON:
        return {"consent": shop.make_renewal(term).auto_renewal.pk}
    if kind in PLANNED:  # after a try to charge its order
        subscription = term.subscription
        tried = {
            "order": shop.make_order(subscription.user, subscription.plan),
            "tries": 1,
            "status": "waiting",
        }
        planned = shop.make_renewal(term, **tried)
        if kind == auto_renewal_mails.STOPPED:
            auto_renewal.switch_off(subscription, tell=False)
        return {"planned": planned.pk, "consent": planned.auto_renewal.pk}
    if kind in TAKE_DOWNS:
        seller = sellers.ensure_seller(term.subscription.user)
        service = shop.make_service(seller, term.plan_title)
        row = seller.take_downs.create(product=service, reason="A copy.")
        if kind == take_down_mails.LIFTED:
            seller.take_downs.update(lifted_at=timezone.now())
        return {"take_down": row.pk}
    return {"term": term.pk, "order": term.order_line.order_id}


def bring_about(kind: str, term: Any, move_to: Any) -> None:
    """Make ``term``, which is valid, one that an e-mail of ``kind`` tells of.

    Args:
        kind: a key of ``mails.KINDS``.
        term: the ``Term``, the only one of its member.
        move_to: ``time_machine.move_to``.
    """
    days = {due.EXPIRING: -7, due.LAST_DAY: 0}
    if kind in days:
        move_to(noon(term.ends_on + timedelta(days=days[kind])))
    elif kind == due.LAPSED:
        move_to(noon(term.covered_until + timedelta(days=1)))
    elif kind in (term_notices.SUSPENDED, term_notices.REVOKED):
        field = "suspended_at" if kind == term_notices.SUSPENDED else "revoked_at"
        setattr(term, field, timezone.now())
        term.save(update_fields=[field])
