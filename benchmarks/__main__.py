"""``python -m benchmarks``: measure, print a line for each figure, write the results."""

from __future__ import annotations

import signal
import sys
import time

from benchmarks import options, report, results
from benchmarks.bench import Bench
from benchmarks.figures import registry


def main(arguments: list[str]) -> int:
    """Run it; return 1 if a figure misses its goal, else 0."""
    # As Ctrl-C does: every `finally` runs, and so all processes end.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    registry.load()
    asked = options.read(arguments, registry.groups())
    started = time.monotonic()
    with Bench(asked) as bench:
        for size in asked.sizes:
            bench.data.seeded(size)
        seeded = time.monotonic() - started
        if asked.is_seeding_only:
            return 0
        found = []
        for figure in registry.measure(bench):
            print(figure.line, flush=True)
            found.append(figure)
        version = bench.cluster.version()
    results.write(found, asked, version)
    if asked.is_for_docs:
        report.main()
    seconds = time.monotonic() - started
    missed = [figure for figure in found if figure.met is False]
    print(
        f"bench: {len(found)} figures, {len(missed)} NOT-MET; {seconds:.0f} s, of which "
        f"{seeded:.0f} s to write the shops",
        flush=True,
    )
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("bench: stopped")
