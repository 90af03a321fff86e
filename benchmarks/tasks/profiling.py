"""Where the time of a page goes, for whoever looks into a figure that is missed."""

from __future__ import annotations

import cProfile
import pstats
from io import StringIO

from benchmarks.tasks import pages


def profile(name: str, times: int = 20, lines: int = 40) -> str:
    """Return the functions in which visits of a page spend the most time."""
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(times):
        pages.visit(name)
    profiler.disable()
    text = StringIO()
    pstats.Stats(profiler, stream=text).sort_stats("cumulative").print_stats(lines)
    return text.getvalue()
