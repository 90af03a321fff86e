"""The terms of one member, read once for several questions about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from django.http import HttpRequest

    from oscar_subscriptions.protocols import Term, Visitor

_CACHE = "_oscar_subscriptions_held_terms"


class HeldTerms:
    """The terms of one member under any plan; revoked ones count for nothing.

    Args:
        terms: all terms of the member, in any order. Their ``subscription`` is read.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        held = [term for term in terms if term.revoked_at is None]
        self._held = sorted(held, key=lambda term: (term.starts_on, term.pk))

    @classmethod
    def of(cls, user: Visitor | None) -> HeldTerms:
        """Read the terms of ``user``, in one query; of an anonymous visitor, and of ``None``, a
        deleted account, none."""
        if user is None or not user.is_authenticated:
            return cls(())
        return cls(registered.Term.objects.of(user).not_revoked().select_related("subscription"))

    @classmethod
    def of_page(cls, request: HttpRequest | None, user: Visitor | None) -> HeldTerms:
        """As :meth:`of`; all parts of a page that shows ``request.user`` something share one query.

        A request that may change terms reads them anew each time.
        """
        if request is None or request.method not in ("GET", "HEAD") or user != request.user:
            return cls.of(user)
        found = getattr(request, _CACHE, None)
        if not isinstance(found, HeldTerms):
            found = cls.of(user)
            setattr(request, _CACHE, found)
        return found

    def __iter__(self) -> Iterator[Term]:
        """The terms, by first day."""
        return iter(self._held)

    def covering(self, day: date) -> list[Term]:
        """Return the terms that make the member a seller on ``day``."""
        return [term for term in self._held if term.covers(day)]

    def seller_until(self, day: date) -> date | None:
        """Return the last day, grace included, up to which the member is a seller without a gap
        from ``day`` on; ``None`` if they are not a seller on ``day``."""
        last: date | None = None
        for term in self._ahead(day):
            if term.starts_on > (day if last is None else last + date.resolution):
                break
            last = max(last or term.covered_until, term.covered_until)
        return last

    def seller_from(self, day: date) -> date | None:
        """Return the first day of the next valid term after ``day``; ``None`` if the member is a
        seller on ``day``, or has no such term."""
        first = next((term.starts_on for term in self._ahead(day)), None)
        return first if first is not None and first > day else None

    def running(self, day: date) -> set[int]:
        """Return the primary keys of the plans with a valid term that ends, grace excluded, on
        ``day`` or later."""
        valid = (term for term in self._held if term.is_valid and term.ends_on >= day)
        return {term.subscription.plan_id for term in valid}

    def paid_last(self, plan_id: int) -> Term | None:
        """Return the term of a plan that has a price and begins last."""
        paid = [t for t in self._held if t.subscription.plan_id == plan_id and t.price is not None]
        return paid[-1] if paid else None

    def is_suspended(self, plan_id: int, day: date) -> bool:
        """Return whether a term of a plan is suspended that would not be over on ``day``."""
        return any(
            term.subscription.plan_id == plan_id
            and term.suspended_at is not None
            and term.covered_until >= day
            for term in self._held
        )

    def goes_on(self, before: Term) -> bool:
        """Return whether ``before`` follows a valid term of its subscription without a gap."""
        return any(
            term.subscription_id == before.subscription_id
            and term.is_valid
            and term.ends_on == before.starts_on - date.resolution
            for term in self._held
        )

    def _ahead(self, day: date) -> list[Term]:
        return [term for term in self._held if term.is_valid and term.covered_until >= day]
