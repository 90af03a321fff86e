"""Figures, their goals, and whether they are met."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A limit that a value must not exceed, or must reach.

    Attributes:
        limit: in the unit of the value.
        text: the goal in words, such as "at most 22 statements".
        at_least: whether the value must reach the limit rather than stay below it.
    """

    limit: float
    text: str
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Return whether ``value`` meets the goal; not a number never does."""
        if value != value:
            return False
        return value >= self.limit if self.at_least else value <= self.limit


def at_most(limit: float, unit: str, than: str = "") -> Goal:
    """Return the goal "at most ``limit`` ``unit``", such as 22 statements or 1.3× ``than``."""
    return Goal(limit, f"at most {_joined(limit, unit, than)}")


def at_least(limit: float, unit: str, than: str = "") -> Goal:
    """Return the goal "at least ``limit`` ``unit``"."""
    return Goal(limit, f"at least {_joined(limit, unit, than)}", at_least=True)


@dataclass(frozen=True)
class Figure:
    """One line of the results.

    Attributes:
        group: the story that it belongs to, such as "run".
        name: what was measured.
        size: subscriptions in the shop; 0 if the figure compares sizes.
        value: what the goal is about: statements, seconds or a ratio.
        unit: "statements", "s", "ms", "MB" or "×".
        goal: the limit; ``None``: told for information.
        ours: the absolute value on our side, where ``value`` is a ratio; in ``of``.
        peer: the same of the peer.
        of: the unit of ``ours`` and ``peer``.
        noise: median absolute deviation as a share of the median.
        minimum: the smallest sample of ``ours``.
        note: what a reader should know.
        error: why there is no value.
    """

    group: str
    name: str
    size: int
    value: float
    unit: str
    goal: Goal | None = None
    ours: float | None = None
    peer: float | None = None
    of: str = ""
    noise: float | None = None
    minimum: float | None = None
    note: str = ""
    error: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; ``None`` if there is none."""
        if self.error:
            return False
        return None if self.goal is None else self.goal.is_met(self.value)

    @property
    def title(self) -> str:
        """Name and size."""
        return f"{self.name} at {self.size:,}" if self.size else self.name

    @property
    def measured(self) -> str:
        """The figure in words: the value, and both sides of a ratio."""
        if self.error:
            return f"failed: {self.error}"
        text = amount(self.value, self.unit)
        if self.ours is not None and self.peer is not None:
            text += f" ({amount(self.ours, self.of)} : {amount(self.peer, self.of)})"
        elif self.ours is not None:
            text += f" ({amount(self.ours, self.of)})"
        return text

    @property
    def line(self) -> str:
        """``goal<TAB>figure<TAB>met`` or ``…<TAB>NOT-MET``; ``-`` if it has no goal."""
        goal = f"{self.group}: {self.title}: {self.goal.text if self.goal else 'no goal'}"
        met = {True: "met", False: "NOT-MET", None: "-"}[self.met]
        return f"{goal}\t{self.measured}{f' [{self.note}]' if self.note else ''}\t{met}"

    @property
    def key(self) -> str:
        """What identifies the same figure in another run."""
        return f"{self.group}|{self.name}|{self.size}"

    def as_json(self) -> dict[str, Any]:
        """Return the row for result files, with what is worked out from it."""
        return asdict(self) | {"met": self.met, "measured": self.measured, "key": self.key}


def amount(value: float, unit: str) -> str:
    """Return ``value`` in words, such as "22 statements" or "0.41×"."""
    if value != value:
        return "?"
    if unit == "statements":
        return _plural(value) if value == int(value) else f"{value:,.1f} statements"
    if not unit and value == int(value):
        return f"{value:,.0f}"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    number = f"{value:,.{digits}f}"
    return f"{number}{unit}" if unit == "×" else f"{number} {unit}"


def _joined(limit: float, unit: str, than: str) -> str:
    number = f"{limit:g}{unit}" if unit == "×" else f"{limit:g} {unit}"
    return f"{number} {than}".rstrip()


def _plural(value: float) -> str:
    return f"{value:,.0f} statement{'' if value == 1 else 's'}"
