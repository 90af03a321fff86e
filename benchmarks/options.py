"""What a run of the benchmarks is asked for."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from benchmarks.paths import ROOT

QUICK_SIZES, SIZES = (1_000, 10_000), (1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Options:
    """See ``python -m benchmarks --help``."""

    sizes: tuple[int, ...]
    only: frozenset[str]
    is_quick: bool
    package: Path
    save_as: str
    is_seeding_only: bool
    is_for_docs: bool

    @property
    def rounds(self) -> int:
        """How many samples of each side are taken."""
        return 3 if self.is_quick else 11

    def up_to(self, most: int) -> list[int]:
        """Return the sizes of at most ``most``; at least the smallest."""
        return [size for size in self.sizes if size <= most] or [min(self.sizes)]


def read(arguments: list[str], groups: list[str]) -> Options:
    """Return the options that ``arguments`` say; ``groups`` are the names that ``--only`` knows."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the extension beside its peers."
    )
    parser.add_argument("--quick", action="store_true", help="1,000 and 10,000, fewer samples")
    parser.add_argument("--sizes", type=_numbers, metavar="N,N", help="sizes of the shop")
    parser.add_argument(
        "--only", type=_words, default=(), metavar="GROUP,GROUP", help=_listed(groups)
    )
    parser.add_argument(
        "--package", type=Path, default=ROOT, metavar="PATH", help="another checkout to measure"
    )
    parser.add_argument(
        "--save-as", default="", metavar="NAME", help="write docs/performance/NAME.json as well"
    )
    parser.add_argument("--seed", action="store_true", help="make the databases and end")
    parser.add_argument(
        "--docs", action="store_true", help="write docs/performance from this run: table, plots"
    )
    given = parser.parse_args(arguments)
    unknown = set(given.only) - set(groups)
    if unknown:
        parser.error(f"no group {', '.join(sorted(unknown))}; there are {', '.join(groups)}")
    if not (given.package / "oscar_subscriptions" / "__init__.py").exists():
        parser.error(f"{given.package} is no checkout: it has no oscar_subscriptions")
    return Options(
        sizes=tuple(sorted(given.sizes or (QUICK_SIZES if given.quick else SIZES))),
        only=frozenset(given.only or groups),
        is_quick=given.quick,
        package=given.package.resolve(),
        save_as=given.save_as or ("results" if given.docs else ""),
        is_seeding_only=given.seed,
        is_for_docs=given.docs,
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part.replace("_", "")) for part in text.split(","))


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _listed(groups: list[str]) -> str:
    return f"some of {', '.join(groups)}"
