"""The doctor's examinations of money: provider, attempts, orders and terms must agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.daily_run.doctor import Finding
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.abstract_models.attempts import DUE
from oscar_subscriptions.payments.projections import order_status, oscar_payments
from oscar_subscriptions.payments.provider import fields, sessions
from oscar_subscriptions.payments.reconciliation import matching, provider_state, verdict
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order, OrderLine

# As far back as the provider lists events.
LISTED = timedelta(days=30)


def payments_without_term() -> Iterator[Finding]:
    """Payments that stand and have given neither a term nor an alert."""
    known = registered.Alert.objects.open().filter(order=OuterRef("order"))
    rows = _attempts().filter(status="paid", effect="", is_surplus=False)
    rows = rows.filter(~Exists(known), order__lines__subscription_term__isnull=True)
    for attempt in rows.select_related("order").iterator(chunk_size=500):
        yield Finding(
            "paid-without-term",
            attempt.order.number,
            _("the order is paid and has given no term"),
            _("fulfil it"),
            partial(_fulfil, attempt.order),
        )


def terms_without_payment() -> Iterator[Finding]:
    """Valid terms whose orders were begun at the provider and not paid there."""
    attempts = _attempts().filter(order=OuterRef("order_line__order"))
    terms = registered.Term.objects.valid()
    rows = terms.filter(Exists(attempts), ~Exists(attempts.filter(status="paid")))
    # Staff may have collected the money in another way.
    rows = rows.exclude(order_line__order__status__in=conf.settings.PAID_ORDER_STATUSES)
    for term in rows.select_related("order_line__order").iterator(chunk_size=500):
        line: OrderLine | None = term.order_line
        assert line is not None, "its order has an attempt"
        yield Finding(
            "term-without-payment",
            line.order.number,
            _("%(term)s counts although no payment of its order is known") % {"term": term},
            _("find out who called it paid; revoke the term if nobody did"),
        )


def orders_of_payments() -> Iterator[Finding]:
    """Orders whose status or payment source in Oscar lags behind their payment."""
    for order, status, show in order_status.behind():
        yield Finding(
            "order-status",
            order.number,
            _("the order is “%(status)s” although its payment has gone on")
            % {"status": order.status},
            _("move it to “%(status)s”") % {"status": status},
            partial(show, order.pk),
        )
    sources = get_model("payment", "Source").objects.filter(order=OuterRef("order"))
    for attempt in _attempts().filter(~Exists(sources), status="paid").iterator(chunk_size=500):
        yield Finding(
            "source-missing",
            attempt.order.number,
            _("Oscar shows no source of the payment"),
            _("write it"),
            partial(_record, attempt),
        )


def provider_and_attempts() -> Iterator[Finding]:
    """Attempts that are open, due, or whose term runs, and that differ at the provider."""
    running = registered.Term.objects.filter(
        order_line__order=OuterRef("order"), covered_until__gte=conf.today()
    )
    rows = _attempts().at_provider().filter(Q(status="open") | DUE | Q(Exists(running)))
    for attempt in rows.select_related("order").order_by("pk").iterator(chunk_size=500):
        for problem in _differences(attempt):
            yield Finding(
                "provider-differs",
                attempt.order.number,
                problem,
                _("reconcile the payment"),
                partial(reconcile, attempt),
            )


def sessions_at_the_provider() -> Iterator[Finding]:
    """Paid sessions of this shop that no attempt knows."""
    for session in sessions.sessions_since(timezone.now() - LISTED):
        shop = fields.get(fields.get(session, "metadata"), "shop")
        if session.payment_status != "paid" or shop != matching.shop_name():
            continue
        if not matching.is_known(session):
            yield Finding(
                "unknown-session",
                session.id,
                _("it was paid, and no order of this shop knows it"),
                _("mark its attempt as due, or raise an alert"),
                partial(matching.mark_due, session),
            )


def _differences(attempt: Attempt) -> Iterator[str]:
    answer = provider_state.fetch(attempt, thorough=attempt.status in attempt.SETTLED)
    judge = verdict.verdict_on_intent if attempt.is_off_session else verdict.verdict_on_session
    theirs = (
        "unknown"
        if answer.session_or_intent is None
        else judge(answer.session_or_intent, attempt).status
    )
    ours = attempt.status
    # A settled attempt stays settled, even if the provider no longer knows its session.
    same = {"open": {"open", "pending"}, "cancelled": {"expired"}}.get(ours, {ours, "unknown"})
    if theirs not in same:
        yield _("the provider says %(theirs)s, the shop %(ours)s") % {
            "theirs": theirs,
            "ours": ours,
        }
    if ours in attempt.SETTLED:
        known = dict(attempt.reversals.values_list("provider_id", "status"))
        for one in answer.reversals or ():
            if known.get(one.provider_id) != one.status:
                yield _("%(id)s is %(status)s at the provider") % {
                    "id": one.provider_id,
                    "status": one.status,
                }


def _attempts() -> AttemptQuerySet:
    return registered_payments.Attempt.objects.select_related("order")


def _fulfil(order: Order) -> None:
    result = fulfilment.order_paid(order)
    if result.refused:
        raise ValueError(result.refused)


def _record(attempt: Attempt) -> None:
    with transaction.atomic():
        oscar_payments.record_payment(attempt)
