"""Carry out an action only if its effects are those that the operator has seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _

from oscar_subscriptions.dashboard.actions import effects, facts
from oscar_subscriptions.dashboard.actions.effects import Effect
from oscar_subscriptions.transactions import transactional

if TYPE_CHECKING:
    from oscar_subscriptions.privacy import Person


class Outcome(NamedTuple):
    """What an action changes, and whether that was done."""

    effects: list[Effect]
    is_done: bool


class _NotConfirmedError(Exception):
    def __init__(self, found: list[Effect]) -> None:
        super().__init__()
        self.effects = found


def run(action: Callable[[], object], people: Iterable[Person], confirmed: str = "") -> Outcome:
    """Carry out ``action`` in a transaction; undo it unless it has the ``confirmed`` effects.

    So a preview is made by the very function that acts later, and an operator never does what they
    have not seen: somebody else may have acted meanwhile, or the button was clicked twice.

    Args:
        action: writes rows only; whatever leaves the database waits for the commit.
        people: those whose facts are compared.
        confirmed: the :func:`effects.fingerprint` of the effects that were seen; "": none were.

    Raises:
        Exception: whatever ``action`` raises; nothing was changed then.
    """
    try:
        return Outcome(_act(action, list(people), confirmed), True)
    except _NotConfirmedError as unseen:
        return Outcome(unseen.effects, False)


@transactional
def _act(action: Callable[[], object], people: list[Person], confirmed: str) -> list[Effect]:
    before = [facts.take(person) for person in people]
    action()
    found: list[Effect] = []
    for person, was in zip(people, before, strict=True):
        now = facts.take(person, was.subscriptions)
        changes = effects.difference(was, now)
        found += changes if len(people) == 1 else _named(was.name, changes)
    if effects.fingerprint(found) != confirmed:
        raise _NotConfirmedError(found)
    return found


def _named(name: str, changes: Iterable[Effect]) -> list[Effect]:
    """The ``changes`` with the member's name before each."""
    return [
        replace(change, words=_("%(name)s: %(change)s") % {"name": name, "change": change.words})
        for change in changes
    ]
