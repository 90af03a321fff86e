"""A term is taken back, frozen, or counts again; and what follows for its member.

``fulfilment.revoke``, ``reinstate``, ``suspend`` and ``restore`` are these functions.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, journal, sellers, signals
from oscar_subscriptions.fulfilment import term_notices, transfers
from oscar_subscriptions.sellers import listings
from oscar_subscriptions.transactions import for_update, transactional

logger = logging.getLogger(__name__)


def revoke(term: Any, *, reason: str, actor: Any = None, tell: bool = True) -> None:
    """Take ``term`` back: a full refund, a lost dispute, or an operator's decision.

    Frees its dates and touches no other term. Revoking twice changes nothing.

    Args:
        term: the ``Term``.
        reason: why; kept in the journal.
        actor: the operator, or ``None`` for a fact reported by the provider.
        tell: whether the member gets an e-mail about it; not if it is what he asked for.
    """
    values = {"revoked_at": timezone.now()}
    _write(term, values, signals.term_revoked, reason, actor, tell=tell)


def suspend(term: Any, *, reason: str, actor: Any = None) -> None:
    """Freeze ``term`` while its payment is disputed; it keeps its dates. As :func:`revoke`."""
    _write(term, {"suspended_at": timezone.now()}, signals.term_suspended, reason, actor)


def restore(term: Any, *, reason: str, actor: Any = None) -> None:
    """End the suspension of ``term``, which keeps its original last day. As :func:`revoke`.

    A term that was revoked as well stays revoked: a dispute that is won does not undo a refund.
    """
    _write(term, {"suspended_at": None}, signals.term_restored, reason, actor)


def reinstate(term: Any, *, reason: str, actor: Any = None) -> None:
    """Undo a revocation, with the original days: the refund failed. As :func:`revoke`.

    Where the days were sold again meanwhile, nothing changes and the shop's managers are told:
    terms never overlap, so somebody has to decide. Nor does anything change, unless an operator
    wants it, where the days went to another term: they count there.
    """
    _write(term, {"revoked_at": None}, signals.term_restored, reason, actor)


_KINDS = {
    signals.term_revoked: journal.TERM_REVOKED,
    signals.term_suspended: journal.TERM_SUSPENDED,
    signals.term_restored: journal.TERM_RESTORED,
}


@transactional
def _write(
    term: Any,
    values: dict[str, Any],
    signal: Any,
    reason: str,
    actor: Any,
    *,
    tell: bool = True,
) -> None:
    Subscription = get_model("oscar_subscriptions", "Subscription")
    subscription = for_update(Subscription.objects.all()).get(pk=term.subscription_id)
    term.refresh_from_db()
    if all(bool(getattr(term, name)) == bool(value) for name, value in values.items()):
        if actor is not None:  # an operator confirms it: from now on it is his decision
            journal.record(subscription, _KINDS[signal], term=term, reason=reason, actor=actor)
        return
    comes_back = "revoked_at" in values and not values["revoked_at"]
    if comes_back and actor is None and transfers.path(term):
        return
    if comes_back and _was_sold_again(term):
        alerts.raise_alert(
            alerts.DAYS_SOLD_AGAIN,
            f"term-{term.pk}-overlap",
            order=term.order_line and term.order_line.order,
            subscription=subscription,
            reason=f"{subscription}: {term}. {reason}",
        )
        return
    before = term_notices.standing_of(term)
    for name, value in values.items():
        setattr(term, name, value)
    term.save(update_fields=list(values))
    entry = journal.record(subscription, _KINDS[signal], term=term, reason=reason, actor=actor)
    if subscription.user is not None:
        take_effect(subscription.user)
        if tell:
            term_notices.standing_changed(term, before, entry)
    signals.send_on_commit(signal, sender=type(term), term=term)


def is_operators_decision(term: Any, kind: str) -> bool:
    """Tell whether the latest line of ``kind`` about ``term`` in the journal names an operator.

    What an operator decided, a fact reported by the provider does not undo.

    Args:
        kind: ``journal.TERM_REVOKED``, ``TERM_SUSPENDED`` or ``TERM_RESTORED``.
    """
    latest = term.journal.filter(kind=kind).order_by("-at", "-pk").first()
    return latest is not None and bool(latest.actor_name)


def _was_sold_again(term: Any) -> bool:
    others = type(term).objects.not_revoked().filter(subscription=term.subscription_id)
    overlapping = others.filter(starts_on__lte=term.ends_on, ends_on__gte=term.starts_on)
    return overlapping.exclude(pk=term.pk).exists()


def take_effect(user: Any) -> None:
    """Carry out what follows from a change to the terms of ``user``; nothing is stored about it.

    Seller and services follow in a transaction of their own: whatever a shop's receiver or its
    search engine raises, the term stands. The daily run makes up for the services, and the next
    visit to the member space for the seller.
    """
    sellers.forget(user)
    is_seller = sellers.is_seller(user)
    try:
        with transaction.atomic():
            seller = sellers.ensure_seller(user) if is_seller else sellers.get_seller(user)
            if seller is not None:
                listings.bring_in_line(seller)
    except Exception:
        logger.exception("Services of %s not brought in line; the next run does it", user)
