"""May this user sell? Asked of fresh user objects, as each request has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from benchmarks import meter


def is_seller(user: Any) -> bool:
    """Ask the extension."""
    from oscar_subscriptions import sellers

    return sellers.is_seller(user)


def has_perm(user: Any) -> bool:
    """Ask Django for the seller's permission."""
    return user.has_perm("oscar_subscriptions.sell")


def by_group(user: Any) -> bool:
    """Ask Django for a permission that the user has by a group."""
    return user.has_perm("catalogue.view_product")


QUESTIONS: dict[str, Callable[[Any], bool]] = {
    "is_seller": is_seller,
    "has_perm": has_perm,
    "by_group": by_group,
}


def cost(question: str, members: list[int]) -> dict[str, float]:
    """Return the CPU of one question, on average of ``members``, all of whom may."""
    ask = QUESTIONS[question]
    users = list(get_user_model().objects.filter(pk__in=members))
    remaining = iter(users)

    def one() -> None:
        assert ask(next(remaining))

    return meter.timed(one, len(users))


def statements(question: str, member: int) -> dict[str, int]:
    """Return how many statements the first question, a repeated one, and one about an anonymous
    visitor ask of the database."""
    ask = QUESTIONS[question]
    user = get_user_model().objects.get(pk=member)
    counts = {}
    for name, visitor in (("first", user), ("repeated", user), ("anonymous", AnonymousUser())):
        with meter.statements() as found:
            ask(visitor)
        counts[name] = len(found.data)
    return counts
