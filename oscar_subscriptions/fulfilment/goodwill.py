"""Days granted to many subscriptions at once: previewed, granted and undone as one batch."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from oscar_subscriptions import conf, terms
from oscar_subscriptions.fulfilment import grants, ledger
from oscar_subscriptions.loading import registered
from oscar_subscriptions.transactions import locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Subscription, Term, User


@dataclass(frozen=True)
class Preview:
    """The days that one subscription would get.

    Attributes:
        subscription: the ``Subscription``.
        ends_on: its last day now, and
        would_end_on: with the days; both ``None`` if it would get none.
        problem: why it would get none, or "".
    """

    subscription: Subscription
    ends_on: date | None
    would_end_on: date | None
    problem: str = ""


@dataclass
class Given:
    """The result of :func:`give`.

    Attributes:
        batch: the UUID by which :func:`undo` finds all of it.
        terms: the granted ``Term`` rows.
        refused: pairs of a ``Subscription`` and the reason.
    """

    batch: uuid.UUID
    terms: list[Term] = field(default_factory=list)
    refused: list[tuple[Subscription, str]] = field(default_factory=list)


def preview(subscriptions: Iterable[Subscription], days: int) -> Iterator[Preview]:
    """Yield what :func:`give` would do; nothing is written.

    Args:
        subscriptions: ``Subscription`` rows; a queryset is read in chunks, by primary key.
        days: how many each would get.
    """
    for subscription in _in_batches(subscriptions):
        problem = grants.problem_with(subscription)
        last = terms.latest_while_covered(conf.today(), subscription.terms.not_revoked())
        if problem or last is None:
            yield Preview(subscription, None, None, problem or grants.nothing_to_extend())
        else:
            yield Preview(subscription, last.ends_on, last.ends_on + timedelta(days=days))


def give(
    subscriptions: Iterable[Subscription],
    days: int,
    *,
    reason: str,
    actor: User,
    batch: uuid.UUID | None = None,
) -> Given:
    """Extend each subscription by ``days``; one that can't be extended stops no other.

    Each is a transaction of its own, and gets the days of one batch once: called again with the
    same ``batch``, it goes on where it was interrupted. Other arguments as in :func:`preview` and
    ``grants.extend``.
    """
    given = Given(batch or uuid.uuid4())
    for subscription in _in_batches(subscriptions):
        try:
            term = grants.extend(subscription, days, reason=reason, actor=actor, batch=given.batch)
        except grants.NotGrantedError as refusal:
            given.refused.append((subscription, str(refusal)))
        else:
            given.terms.append(term)
    return given


def undo(batch: uuid.UUID, *, reason: str, actor: User) -> tuple[list[Term], list[Term]]:
    """Revoke the terms that one :func:`give` granted.

    A term that another one follows stays: a gap would open before days that the member has paid
    for. So does a term that is over.

    Args:
        batch: of a :class:`Given`.
        reason: why; kept in the journal.
        actor: the operator.

    Returns:
        The terms that were revoked, and those that stay.
    """
    revoked: list[Term] = []
    kept: list[Term] = []
    for term in registered.Term.objects.not_revoked().filter(batch=batch).order_by("pk"):
        (revoked if _take_back(term, reason, actor) else kept).append(term)
    return revoked, kept


def foresee_undo(batch: uuid.UUID) -> tuple[int, int]:
    """Return how many terms :func:`undo` would revoke, and how many would stay."""
    rows = registered.Term.objects.not_revoked().filter(batch=batch)
    kept = sum(_must_stay(term) for term in rows.order_by("pk"))
    return rows.count() - kept, kept


@transactional
def _take_back(term: Term, reason: str, actor: User) -> bool:
    # Terms are added under this lock: none appears between the check and the revocation.
    locked(registered.Subscription, term.subscription_id)
    if _must_stay(term):
        return False
    ledger.revoke(term, reason=reason, actor=actor)
    return True


def _must_stay(term: Term) -> bool:
    later = registered.Term.objects.not_revoked().filter(
        subscription=term.subscription_id, starts_on__gt=term.ends_on
    )
    return term.covered_until < conf.today() or later.exists()


def _in_batches(subscriptions: Iterable[Subscription]) -> Iterator[Subscription]:
    if isinstance(subscriptions, QuerySet):
        return subscriptions.order_by("pk").iterator(chunk_size=500)
    return iter(subscriptions)
