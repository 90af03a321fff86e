"""The doctor's examinations of money in the shop's own rows: attempts, orders and terms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.daily_run.doctor import Finding, read_rows
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.projections import order_status, oscar_payments

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order, OrderLine


def payments_without_term() -> Iterator[Finding]:
    """Payments that stand and have given neither a term nor an alert."""
    known = registered.Alert.objects.open().filter(order=OuterRef("order"))
    rows = _attempts().filter(status="paid", effect="", is_surplus=False)
    given = registered.Term.objects.filter(order_line__order=OuterRef("order"))
    rows = rows.filter(~Exists(known), ~Exists(given))
    for attempt in read_rows(rows):
        yield Finding(
            "paid-without-term",
            attempt.order.number,
            _("the order is paid and has given no term"),
            _("fulfil it"),
            partial(_fulfil, attempt.order),
            fix_asks_provider=True,  # to close a page that is open as well
        )


def terms_without_payment() -> Iterator[Finding]:
    """Valid terms whose orders were begun at the provider and not paid there."""
    attempts = _attempts().filter(order=OuterRef("order_line__order"))
    terms = registered.Term.objects.valid()
    rows = terms.filter(Exists(attempts), ~Exists(attempts.filter(status="paid")))
    # Staff may have collected the money in another way.
    rows = rows.exclude(order_line__order__status__in=conf.settings.PAID_ORDER_STATUSES)
    for term in read_rows(rows.select_related("order_line__order")):
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
    for order, status, show in order_status.behind(registered_payments.Attempt.objects.all()):
        yield Finding(
            "order-status",
            order.number,
            _("the order is “%(status)s” although its payment has gone on")
            % {"status": order.status},
            _("move it to “%(status)s”") % {"status": status},
            partial(show, order.pk),
        )
    sources = get_model("payment", "Source").objects.filter(order=OuterRef("order"))
    for attempt in read_rows(_attempts().filter(~Exists(sources), status="paid")):
        yield Finding(
            "source-missing",
            attempt.order.number,
            _("Oscar shows no source of the payment"),
            _("write it"),
            partial(_record, attempt),
        )


def _attempts() -> AttemptQuerySet:
    return registered_payments.Attempt.objects.select_related("order")


def _fulfil(order: Order) -> None:
    result = fulfilment.order_paid(order)
    if result.refused:
        raise ValueError(result.refused)


def _record(attempt: Attempt) -> None:
    with transaction.atomic():
        oscar_payments.record_payment(attempt)
