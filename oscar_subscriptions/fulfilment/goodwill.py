"""Days for many at once: looked at first, given in one go, and taken back whole."""

import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from oscar_subscriptions import conf, terms
from oscar_subscriptions.fulfilment import grants, ledger
from oscar_subscriptions.loading import registered
from oscar_subscriptions.transactions import for_update, transactional

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preview:
    """What a subscription would get.

    Attributes:
        subscription: the ``Subscription``.
        ends_on: its last day now, and
        would_end_on: with the days; both ``None`` for one that would get none.
        problem: why it would get none, or "".
    """

    subscription: Any
    ends_on: date | None
    would_end_on: date | None
    problem: str = ""


@dataclass
class Given:
    """What became of it.

    Attributes:
        batch: by which :func:`undo` finds all of it.
        terms: what was granted.
        refused: pairs of a subscription and the reason.
    """

    batch: uuid.UUID
    terms: list[Any] = field(default_factory=list)
    refused: list[tuple[Any, str]] = field(default_factory=list)


def preview(subscriptions: Iterable[Any], days: int) -> Iterator[Preview]:
    """Yield what :func:`give` would do; nothing is written.

    Args:
        subscriptions: a queryset, such as a filtered list of the dashboard.
        days: how many each would get.
    """
    for subscription in _in_batches(subscriptions):
        problem = grants.problem_with(subscription)
        last = terms.latest_while_covered(conf.today(), subscription.terms.not_revoked())
        if problem or last is None:
            yield Preview(subscription, None, None, problem or grants.nothing_to_extend())
        else:
            yield Preview(subscription, last.ends_on, last.ends_on + timedelta(days=days))


def give(subscriptions: Iterable[Any], days: int, *, reason: str, actor: Any) -> Given:
    """Extend each subscription by ``days``; one that can't be extended stops no other.

    Each is a transaction of its own. Arguments as in :func:`preview` and ``grants.extend``.
    """
    given = Given(uuid.uuid4())
    for subscription in _in_batches(subscriptions):
        try:
            term = grants.extend(subscription, days, reason=reason, actor=actor, batch=given.batch)
        except grants.NotGrantedError as refusal:
            given.refused.append((subscription, str(refusal)))
        else:
            given.terms.append(term)
    return given


def undo(batch: uuid.UUID, *, reason: str, actor: Any) -> tuple[list[Any], list[Any]]:
    """Take back what one :func:`give` gave.

    A term after which another begins stays: a gap would open in front of what the member has paid
    for. So do days that are over.

    Args:
        batch: of a :class:`Given`.
        reason: why; kept in the journal.
        actor: the operator.

    Returns:
        The terms that were revoked, and those that stay.
    """
    Term = registered.Term
    revoked: list[Any] = []
    kept: list[Any] = []
    for term in Term.objects.not_revoked().filter(batch=batch).order_by("pk"):
        (revoked if _take_back(term, reason, actor) else kept).append(term)
    return revoked, kept


@transactional
def _take_back(term: Any, reason: str, actor: Any) -> bool:
    # Whoever adds a term holds this lock: none comes between the question and the answer.
    subscriptions = registered.Subscription.objects.all()
    for_update(subscriptions).get(pk=term.subscription_id)
    if _must_stay(term):
        return False
    ledger.revoke(term, reason=reason, actor=actor)
    return True


def _must_stay(term: Any) -> bool:
    later = (
        type(term)
        .objects.not_revoked()
        .filter(subscription=term.subscription_id, starts_on__gt=term.ends_on)
    )
    return term.covered_until < conf.today() or later.exists()


def _in_batches(subscriptions: Iterable[Any]) -> Iterator[Any]:
    rows: Any = subscriptions
    return rows.order_by("pk").iterator(chunk_size=500) if hasattr(rows, "iterator") else iter(rows)
