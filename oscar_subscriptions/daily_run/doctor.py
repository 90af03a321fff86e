"""Find disagreements, such as public services without a term: ``manage.py subscriptions_doctor``.

Examining changes nothing that anybody is told of; a finding carries its own fix where the fix is
certain. Other apps add examinations with :func:`add_examination`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from django.core.checks import WARNING, run_checks
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_subscriptions import alerts, conf, receipts
from oscar_subscriptions.daily_run import checkpoints, work
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import sending

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Finding:
    """One disagreement.

    Attributes:
        code: the kind of disagreement, in English; stable, for programs.
        subject: the row or setting concerned, such as an order's number.
        problem: the disagreement, in the active language.
        remedy: what ``fix`` would do, or what a person should do, in the active language.
        fix: ends the disagreement; may be called twice; ``None`` if a person has to decide.
        fix_asks_provider: whether ``fix`` may ask the payment provider.
    """

    code: str
    subject: str
    problem: str
    remedy: str
    fix: Callable[[], object] | None = None
    fix_asks_provider: bool = False

    def __str__(self) -> str:
        return f"{self.code} {self.subject}: {self.problem} → {self.remedy}"


@dataclass(frozen=True)
class Note:
    """Something to know that is no disagreement, such as what was not looked at.

    Attributes:
        code: the kind of note, in English; stable, for programs.
        text: a sentence in the active language.
    """

    code: str
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


Examination = Callable[[], Iterable[Finding | Note]]
Stored = TypeVar("Stored", bound=Model)


def examine(
    on_progress: Callable[[str], None] = lambda name: None, *, ask_provider: bool = True
) -> Iterator[Finding | Note]:
    """Yield all disagreements, and notes. An examination that raises is logged, and is a finding
    itself.

    Args:
        on_progress: called with the name of the examination when it begins, and for each row that
            it reads.
        ask_provider: leave out the examinations that ask the payment provider if false.
    """
    for examination in list(_EXAMINATIONS):
        if not ask_provider and examination in _ASKING_PROVIDER:
            continue
        name = examination.__name__.replace("_", " ")
        on_progress(name)
        work.ON_PROGRESS.set(partial(on_progress, name))
        try:
            yield from examination()
        except Exception as error:
            logger.exception("Examination %s failed", name)
            yield Finding(
                "examination-failed",
                name,
                f"{type(error).__name__}: {error}",
                _("look into the log"),
            )


def add_examination(examination: Examination, *, asks_provider: bool = False) -> Examination:
    """Add ``examination`` to :func:`examine`; usable as a decorator. Added twice, it runs once.

    Args:
        asks_provider: whether it asks the payment provider.
    """
    if examination not in _EXAMINATIONS:
        _EXAMINATIONS.append(examination)
    if asks_provider:
        _ASKING_PROVIDER.add(examination)
    return examination


def read_rows(rows: QuerySet[Stored]) -> Iterator[Stored]:
    """Yield the rows of a queryset, a batch in memory at a time, and show each as progress."""
    for row in rows.iterator(chunk_size=work.BATCH):
        work.made_progress(1)
        yield row


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


_EXAMINATIONS: list[Examination] = [
    settings_and_endpoints,
    daily_run,
    overlapping_terms,
    waiting_mails,
    unresolved_alerts,
    receipt_numbers,
    missing_receipts,
]
_ASKING_PROVIDER: set[Examination] = set()
