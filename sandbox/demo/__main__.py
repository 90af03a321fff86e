"""``python -m demo``: exit status 0 if every promise holds, 1 at the first broken one."""

import signal
import sys
import time
from datetime import datetime
from zoneinfo import ZoneInfo

from demo import arriving, ordering, paying, selling, words
from demo.people import set_out
from demo.processes import Sandbox
from demo.promises import BrokenPromise, promise

STEPS = [
    arriving.step_1,
    arriving.step_2,
    arriving.step_3,
    arriving.step_4,
    arriving.step_5,
    arriving.step_6,
    ordering.step_7,
    ordering.step_8,
    ordering.step_9,
    paying.step_10,
    paying.step_11,
    paying.step_12,
    selling.step_13,
    selling.step_14,
]


def main() -> int:
    """Walk all steps on a sandbox of its own; return the exit status."""
    started = time.monotonic()
    words.set_up()
    print("demo: starting a shop and a payment stand-in on free ports …", flush=True)
    with Sandbox() as sandbox:
        print(f"demo: {sandbox.url} after {time.monotonic() - started:.0f} s", flush=True)
        journey = set_out(sandbox, datetime.now(ZoneInfo("Europe/Paris")).date())
        for number, step in enumerate(STEPS, start=1):
            try:
                print(f"{number:>3}. {step(journey)} (fr, en)", flush=True)
            except Exception as problem:
                _report(number, step, problem, sandbox)
                return 1
    promise(not sandbox.still_running(), "nothing is left running")
    print(f"demo: all {len(STEPS)} steps hold, after {time.monotonic() - started:.0f} s")
    return 0


def _report(number: int, step: object, problem: Exception, sandbox: Sandbox) -> None:
    kind = "" if isinstance(problem, BrokenPromise) else f"{type(problem).__name__}: "
    print(f"The end of the logs:\n{sandbox.last_words()}\n", file=sys.stderr)
    print(f"{number:>3}. BROKEN: {step.__doc__}", file=sys.stderr)
    print(f"     not true: {kind}{problem}", file=sys.stderr)


def _stop(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
