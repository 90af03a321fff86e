"""Measuring two sides in turn, and what many samples say together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

Sample = TypeVar("Sample")


@dataclass(frozen=True)
class Summary:
    """Many samples of one thing.

    Attributes:
        median: the middle one.
        minimum: the smallest one: what it costs when nothing else is going on.
        noise: median absolute deviation from the median, as a share of the median.
        count: how many samples there are.
    """

    median: float
    minimum: float
    noise: float
    count: int


def summarise(samples: Sequence[float]) -> Summary:
    """Return the summary of at least one sample."""
    middle = median(samples)
    deviation = median(abs(sample - middle) for sample in samples)
    return Summary(middle, min(samples), deviation / middle if middle else 0.0, len(samples))


def interleave(sides: Mapping[str, Callable[[], Sample]], rounds: int) -> dict[str, list[Sample]]:
    """Take one sample of each side in each round, in turn forwards and backwards (A B B A …), so
    that a machine that becomes slower slows down all sides alike."""
    found: dict[str, list[Sample]] = {name: [] for name in sides}
    order = list(sides)
    for number in range(rounds):
        for name in order if number % 2 == 0 else reversed(order):
            found[name].append(sides[name]())
    return found


def paired_ratio(ours: Sequence[float], peers: Sequence[float]) -> float:
    """Return the median of the ratios of samples that were taken in the same round."""
    return median(our / peer for our, peer in zip(ours, peers, strict=True) if peer)
