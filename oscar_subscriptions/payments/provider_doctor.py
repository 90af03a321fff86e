"""The doctor's examinations that ask the provider: its answers and the attempts must agree.

A limited number of questions is asked, ``DOCTOR_QUESTIONS``: about single payments, and for pages
of lists. Where that is not enough for all, a note says what was left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oscar_subscriptions import conf
from oscar_subscriptions.daily_run import work
from oscar_subscriptions.daily_run.doctor import Finding, Note
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.abstract_models.attempts import DUE
from oscar_subscriptions.payments.provider import fields, refunds, sessions
from oscar_subscriptions.payments.reconciliation import matching, provider_state, verdict
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile

if TYPE_CHECKING:
    from oscar_subscriptions.payments.abstract_models import AttemptQuerySet
    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.payments.reconciliation.provider_state import ReportedReversal

Thing = TypeVar("Thing")

# As far back as the provider lists events.
LISTED = timedelta(days=30)
# The longest page of a list that the provider gives.
PAGE = 100


def provider_and_attempts() -> Iterator[Finding | Note]:
    """Attempts that differ at the provider: by its lists of refunds and disputes, and by a question
    about each one that is open, due, or whose term runs; those asked about longest ago first.

    An attempt that agrees is noted as reconciled now, so that the next time others are asked about.
    """
    found: set[str] = set()
    since = timezone.now() - LISTED
    lists: list[Iterator[fields.ProviderObject]] = [
        refunds.refunds_since(since),
        refunds.disputes_since(since),
    ]
    for listed in lists:
        for page in _pages(listed):
            if isinstance(page, Note):
                yield page
                continue
            for attempt, reversal in _differing_reversals(page):
                found.add(reversal.provider_id)
                yield _provider_differs(attempt, _reversal_differs(reversal))
    running = registered.Term.objects.filter(
        order_line__order=OuterRef("order"), covered_until__gte=conf.today()
    )
    rows = _attempts().at_provider().filter(Q(status="open") | DUE | Q(Exists(running)))
    oldest_first = rows.order_by(F("reconciled_at").asc(nulls_first=True), "pk")
    number, limit = rows.count(), conf.settings.DOCTOR_QUESTIONS
    for attempt in oldest_first.prefetch_related("reversals")[:limit]:
        work.made_progress(1)
        asked_at, differs = timezone.now(), False
        for reversal_id, problem in _differences(attempt):
            differs = True
            if reversal_id not in found:
                yield _provider_differs(attempt, problem)
        if not differs:
            _note_agreement(attempt, asked_at)
    if number > limit:
        left = number - limit
        yield Note(
            "payments-left",
            ngettext(
                "the provider was asked about %(asked)s payments; %(left)s is left for the next "
                "time",
                "the provider was asked about %(asked)s payments; %(left)s are left for the next "
                "time",
                left,
            )
            % {"asked": limit, "left": left},
        )


def sessions_at_the_provider() -> Iterator[Finding | Note]:
    """Paid sessions of this shop that no attempt knows."""
    shop = matching.shop_name()
    for page in _pages(sessions.sessions_since(timezone.now() - LISTED)):
        if isinstance(page, Note):
            yield page
            continue
        known = set(
            registered_payments.Attempt.objects.filter(
                session_id__in=[session.id for session in page]
            ).values_list("session_id", flat=True)
        )
        for session in page:
            ours = fields.get(fields.get(session, "metadata"), "shop") == shop
            if session.payment_status == "paid" and ours and session.id not in known:
                yield Finding(
                    "unknown-session",
                    session.id,
                    _("it was paid, and no order of this shop knows it"),
                    _("mark its attempt as due, or raise an alert"),
                    partial(matching.mark_due, session),
                )


def _pages(listed: Iterator[Thing]) -> Iterator[list[Thing] | Note]:
    """Yield a list of the provider in pages, as many as the setting allows, and a note if there
    are more."""
    for _number in range(conf.settings.DOCTOR_QUESTIONS):
        page = list(islice(listed, PAGE))
        if page:
            work.made_progress(1)
            yield page
        if len(page) < PAGE:
            return
    yield Note(
        "list-not-finished",
        _("the provider's list was read up to %(moment)s; what is older was not compared")
        % {"moment": _oldest(page)},
    )


def _differing_reversals(
    page: Iterable[fields.ProviderObject],
) -> Iterator[tuple[Attempt, ReportedReversal]]:
    """Yield the refunds and disputes of ``page`` that the shop knows otherwise, or not at all."""
    payments = {fields.id_of(one, "payment_intent") for one in page} - {""}
    attempts = _attempts().filter(payment_intent_id__in=payments)
    of_payment: dict[str, list[Attempt]] = {}
    for attempt in attempts.filter(status__in=registered_payments.Attempt.SETTLED):
        of_payment.setdefault(attempt.payment_intent_id, []).append(attempt)
    rows = registered_payments.Reversal.objects.filter(
        provider_id__in=[str(one["id"]) for one in page]
    )
    known = dict(rows.values_list("provider_id", "status"))
    for one in page:
        reversal = provider_state.read_reversal(one)
        if known.get(reversal.provider_id) != reversal.status:
            for attempt in of_payment.get(fields.id_of(one, "payment_intent"), ()):
                yield attempt, reversal


def _differences(attempt: Attempt) -> Iterator[tuple[str, str]]:
    """Ask the provider about ``attempt``; yield what differs, in the active language, each with the
    id of the refund or dispute or ""."""
    known = {one.provider_id: one.status for one in attempt.reversals.all()}
    # A charge mentions its refunds and disputes, but not a refund that came to nothing.
    answer = provider_state.fetch(attempt, thorough=bool(known))
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
        yield (
            "",
            _("the provider says %(theirs)s, the shop %(ours)s") % {"theirs": theirs, "ours": ours},
        )
    if ours in attempt.SETTLED:
        for one in answer.reversals or ():
            if known.get(one.provider_id) != one.status:
                yield one.provider_id, _reversal_differs(one)


def _reversal_differs(reversal: ReportedReversal) -> str:
    return _("%(id)s is %(status)s at the provider") % {
        "id": reversal.provider_id,
        "status": reversal.status,
    }


def _provider_differs(attempt: Attempt, problem: str) -> Finding:
    return Finding(
        "provider-differs",
        attempt.order.number,
        problem,
        _("reconcile the payment"),
        partial(_reconcile, attempt),
    )


def _reconcile(attempt: Attempt) -> None:
    # One question more than is asked now, so that refunds are asked for whatever the charge says.
    type(attempt).objects.filter(pk=attempt.pk).mark_due()
    reconcile(attempt)


def _note_agreement(attempt: Attempt, asked_at: datetime) -> None:
    """Write when ``attempt`` agreed, unless it was reconciled meanwhile."""
    rows = type(attempt).objects.filter(pk=attempt.pk, reconciled_at=attempt.reconciled_at)
    rows.update(reconciled_at=asked_at)


def _attempts() -> AttemptQuerySet:
    return registered_payments.Attempt.objects.select_related("order")


def _oldest(page: list[Thing]) -> str:
    """When the last of ``page`` was created, in the active language and the shop's timezone."""
    created = fields.get(page[-1], "created")
    moment = datetime.fromtimestamp(created if isinstance(created, int) else 0, UTC)
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
