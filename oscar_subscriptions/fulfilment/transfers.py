"""Days that went from one term to another: handed over, or given up for a credit.

The old term is revoked and another one has its days. Two lines of the journal, one with each term,
say that they belong together: that of the old one names the new one (``became``), that of the new
one the old one (``term``).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered


@dataclass(frozen=True)
class Transfer:
    """One way that days have gone.

    Attributes:
        kind: ``journal.HANDED_OVER`` or ``journal.CREDITED``.
        old: the ``Term`` whose days they were.
        new: the ``Term`` that they went to.
        detail: facts of the journal: ``from`` and ``to``, the two members of a handover or the days
            that were given up; for a credit also ``days``, how many were credited for all of them.
    """

    kind: str
    old: Any
    new: Any
    detail: dict[str, Any]


def record(
    kind: str,
    old: Any,
    new: Any,
    *,
    detail: dict[str, Any],
    reason: str,
    actor: Any = None,
) -> None:
    """Write that what was left of ``old`` went to ``new``; called after both were written.

    Arguments as in :class:`Transfer`; ``reason`` and ``actor`` as in ``journal.record``.
    """
    for term, other in ((old, {"became": new.pk}), (new, {"term": old.pk})):
        journal.record(
            term.subscription, kind, term=term, detail=detail | other, reason=reason, actor=actor
        )


def credit_detail(old: Any, today: date, days: int) -> dict[str, Any]:
    """Return the detail of a credit of ``days`` for what is left of ``old`` on ``today``."""
    return {"from": str(max(old.starts_on, today)), "to": str(old.ends_on), "days": days}


def transfers_from(term: Any) -> list[Transfer]:
    """Return how the days of ``term`` went on, step by step; empty if they went nowhere.

    Days that an operator has restored since where they were are there, and nowhere else.
    """
    steps: list[Transfer] = []
    while (transfer := _from(term)) is not None:
        steps.append(transfer)
        term = transfer.new
    return steps


def given_up_for(term: Any) -> list[Transfer]:
    """Return what was given up for the days that were credited to ``term``."""
    lines = term.journal.filter(kind=journal.CREDITED).order_by("pk")
    pks = {line.detail["term"]: line for line in lines if "term" in line.detail}
    old = _terms().in_bulk(pks)
    return [Transfer(line.kind, old[pk], term, line.detail) for pk, line in pks.items()]


def _from(term: Any) -> Transfer | None:
    kinds = [journal.HANDED_OVER, journal.CREDITED, journal.TERM_RESTORED]
    for line in term.journal.filter(kind__in=kinds).order_by("-pk"):
        if line.kind == journal.TERM_RESTORED:
            return None
        if "became" in line.detail:
            return Transfer(line.kind, term, _terms().get(pk=line.detail["became"]), line.detail)
    return None


def _terms() -> Any:
    rows = registered.Term.objects
    return rows.select_related("subscription__plan__product")
