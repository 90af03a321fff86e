"""Days that went from one term to another: handed over, or given up for a credit.

The old term is revoked and names the new one (``Term.went_to``), which has its days. Both histories
tell of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

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
    old.went_to = new
    old.went_as = old.CREDITED if kind == journal.CREDITED else old.HANDED_OVER
    old.save(update_fields=["went_to", "went_as"])
    for term, other in ((old, {"became": new.pk}), (new, {"term": old.pk})):
        facts = {**detail, **other}
        journal.record(term.subscription, kind, term=term, detail=facts, reason=reason, actor=actor)


def credit_detail(old: Term, today: date, days: int) -> dict[str, object]:
    """Return the detail of a credit of ``days`` for the rest of ``old`` on ``today``."""
    return {"from": str(max(old.starts_on, today)), "to": str(old.ends_on), "days": days}


def transfers_from(term: Term) -> list[Transfer]:
    """Return the transfers of the days of ``term``, step by step; empty if there was none, or an
    operator has restored it since."""
    steps: list[Transfer] = []
    while term.went_to_id is not None:
        new = _terms().get(pk=term.went_to_id)
        steps.append(_transfer(term, new))
        term = new
    return steps


def given_up_for(term: Term) -> list[Transfer]:
    """Return the transfers of terms that were given up for days credited to ``term``."""
    given_up = _terms().filter(went_to=term, went_as=term.CREDITED).order_by("pk")
    return [_transfer(old, term) for old in given_up]


@dataclass(frozen=True)
class Handover:
    """The names of those who took part in a handover: giver, receiver, and who of the shop did it.

    In the active language, for members: nobody learns an address.
    """

    giver: str
    receiver: str
    operator: str


def handover_of(term: Term) -> Handover | None:
    """Return how the days of ``term`` were handed over; ``None`` if they were not, or are back."""
    return _handover(term, "became") if term.went_to_id is not None else None


def handover_to(term: Term) -> Handover | None:
    """Return how the days of ``term`` came from another member; ``None`` if they did not."""
    return _handover(term, "term")


def _handover(term: Term, link: str) -> Handover | None:
    entry = term.journal.filter(kind=journal.HANDED_OVER, detail__has_key=link).last()
    if entry is None:
        return None
    # Without a name, operators read the address.
    giver, receiver = (
        gettext("another member") if "@" in str(name) else str(name)
        for name in (entry.detail["from"], entry.detail["to"])
    )
    return Handover(giver, receiver, entry.actor_name)


def _transfer(old: Term, new: Term) -> Transfer:
    kind = journal.CREDITED if old.went_as == old.CREDITED else journal.HANDED_OVER
    # The newest: an operator may have brought the days back before, and they went once more.
    entry = old.journal.filter(kind=kind).order_by("-pk").first()
    return Transfer(kind, old, new, entry.detail if entry is not None else {})


def _terms() -> TermQuerySet:
    return registered.Term.objects.select_related("subscription__plan__product")
