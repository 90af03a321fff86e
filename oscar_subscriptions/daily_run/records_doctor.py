"""What the doctor asks of settings, the run, terms, mails, alerts and receipts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.core.checks import WARNING, run_checks
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_subscriptions import alerts, conf, receipts
from oscar_subscriptions.daily_run import checkpoints
from oscar_subscriptions.daily_run.doctor import Finding, read_rows
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import sending

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order


def settings_and_endpoints() -> Iterator[Finding]:
    """Warnings and errors of this app's system checks, including those that read the database."""
    for message in run_checks(tags=["oscar_subscriptions"], databases=[DEFAULT_DB_ALIAS]):
        if message.level >= WARNING and (message.id or "").startswith("oscar_subscriptions."):
            code = (message.id or "").removeprefix("oscar_subscriptions.")
            yield Finding(code, _("settings"), message.msg, message.hint or "")


def daily_run() -> Iterator[Finding]:
    """The run is overdue. Terms end on time without it; services, mails and payments wait."""
    hours = conf.settings.RUN_HOURS
    last = checkpoints.reached(checkpoints.RUN)
    if last is not None and last > timezone.now() - timedelta(hours=hours):
        return
    yield Finding(
        "run-overdue",
        "subscriptions_run",
        _("it has not run for %(hours)s hours") % {"hours": hours},
        _("run it every day, see the cron line in the documentation"),
    )


def overlapping_terms() -> Iterator[Finding]:
    """Two terms of one subscription that share a day, which was thus sold twice."""
    held = registered.Term.objects.not_revoked()
    others = held.filter(
        subscription=OuterRef("subscription"),
        starts_on__lte=OuterRef("ends_on"),
        ends_on__gte=OuterRef("starts_on"),
        pk__gt=OuterRef("pk"),
    )
    rows = held.filter(Exists(others)).select_related("subscription__plan")
    for term in read_rows(rows):
        yield Finding(
            "terms-overlap",
            str(term.subscription),
            _("%(term)s shares days with a later term") % {"term": term},
            _("revoke one of them and grant the days it had"),
        )


def waiting_mails() -> Iterator[Finding]:
    """Mails that failed and are not sent yet."""
    rows = registered.OutboxMail.objects.tried_in_vain().order_by("pk")
    for row in read_rows(rows):
        yield Finding(
            "mail-not-sent",
            f"{row.kind} {row.email}".strip(),
            row.last_error or _("not sent"),
            _("send it again") if row.can_be_tried else _("reach the member in another way"),
            partial(sending.send, row.pk) if row.can_be_tried else None,
        )


def unresolved_alerts() -> Iterator[Finding]:
    """Alerts that are not resolved."""
    rows = registered.Alert.objects.open().order_by("pk")
    for alert in read_rows(rows):
        yield Finding(
            "alert-open", alert.key, alerts.title(alert), _("resolve it in the dashboard")
        )


def receipt_numbers() -> Iterator[Finding]:
    """A year in which receipts and drawn numbers differ in count."""
    for counter in registered.ReceiptCounter.objects.order_by("year"):
        rows = registered.Receipt.objects.filter(number__startswith=f"{counter.year}-")
        number = rows.count()
        if number != counter.last:
            yield Finding(
                "receipts-not-continuous",
                str(counter.year),
                _("%(last)s numbers were drawn, and there are %(number)s receipts")
                % {"last": counter.last, "number": number},
                _("find out who removed a receipt, and restore it from a backup"),
            )


def missing_receipts() -> Iterator[Finding]:
    """Orders that have given a term and have no receipt."""
    for term in read_rows(receipts.terms_without_receipt().order_by("pk")):
        assert term.order_line is not None  # it was bought
        order: Order = term.order_line.order
        yield Finding(
            "receipt-missing",
            order.number,
            _("the order is paid and has no receipt"),
            _("issue it"),
            partial(receipts.issue, order),
        )


EXAMINATIONS = (
    settings_and_endpoints,
    daily_run,
    overlapping_terms,
    waiting_mails,
    unresolved_alerts,
    receipt_numbers,
    missing_receipts,
)
