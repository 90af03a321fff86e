"""Days that went from one term to another: handed over, or given up for a credit.

The old term is revoked and the new one has its days. Two journal entries, one with each term,
connect them: the old term's entry names the new term (``became``, a primary key), the new term's
entry names the old one (``term``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Term, User
    from oscar_subscriptions.querysets import TermQuerySet


@dataclass(frozen=True)
class Transfer:
    """Days of one term that went to another.

    Attributes:
        kind: ``journal.HANDED_OVER`` or ``journal.CREDITED``.
        old: the ``Term`` that lost the days.
        new: the ``Term`` that has them.
        detail: of the journal entry: ``from`` and ``to``, the names of both members for a handover,
            first and last day given up (ISO text) for a credit; for a credit also ``days`` (int),
            the days credited in all.
    """

    kind: str
    old: Term
    new: Term
    detail: Mapping[str, object]


def record_transfer(
    kind: str,
    old: Term,
    new: Term,
    *,
    detail: Mapping[str, object],
    reason: str,
    actor: User | None = None,
) -> None:
    """Record that the rest of ``old`` went to ``new``; call it after both were written.

    Arguments as in :class:`Transfer`; ``reason`` and ``actor`` as in ``journal.record``.
    """
    for term, other in ((old, {"became": new.pk}), (new, {"term": old.pk})):
        facts = {**detail, **other}
        journal.record(term.subscription, kind, term=term, detail=facts, reason=reason, actor=actor)


def credit_detail(old: Term, today: date, days: int) -> dict[str, object]:
    """Return the detail of a credit of ``days`` for the rest of ``old`` on ``today``."""
    return {"from": str(max(old.starts_on, today)), "to": str(old.ends_on), "days": days}


def transfers_from(term: Term) -> list[Transfer]:
    """Return the transfers of the days of ``term``, step by step; empty if there was none.

    It ends at a term that an operator has restored since its days went on.
    """
    steps: list[Transfer] = []
    while (transfer := _from(term)) is not None:
        steps.append(transfer)
        term = transfer.new
    return steps


def given_up_for(term: Term) -> list[Transfer]:
    """Return the transfers of terms that were given up for days credited to ``term``."""
    entries = term.journal.filter(kind=journal.CREDITED).order_by("pk")
    by_old = {entry.detail["term"]: entry for entry in entries if "term" in entry.detail}
    old = _terms().in_bulk(by_old)
    return [Transfer(entry.kind, old[pk], term, entry.detail) for pk, entry in by_old.items()]


def _from(term: Term) -> Transfer | None:
    kinds = [journal.HANDED_OVER, journal.CREDITED, journal.TERM_RESTORED]
    for entry in term.journal.filter(kind__in=kinds).order_by("-pk"):
        if entry.kind == journal.TERM_RESTORED:
            return None
        if "became" in entry.detail:
            new = _terms().get(pk=entry.detail["became"])
            return Transfer(entry.kind, term, new, entry.detail)
    return None


def _terms() -> TermQuerySet:
    return registered.Term.objects.select_related("subscription__plan__product")
