"""``python -m demo``: exit status 0 if every promise holds, 1 at the first broken one."""

import argparse
import signal
import sys
import time
from pathlib import Path

from demo import words
from demo.over_http import HttpWalk
from demo.paying import TEST_CARD
from demo.people import CAMILLE, JANE
from demo.processes import Sandbox
from demo.promises import BrokenPromise, promise
from demo.story import STEPS
from runner.ports import HOST
from standin.testing import Standin

# What the payment stand-in does with each request the first time it is made, by name.
FAULTS: dict[str, dict[str, object]] = {
    "busy": {"error": "lock_timeout"},
    "lost": {"lose": "after"},
    "used-key": {"error": "idempotency_error"},
}


def main() -> int:
    """Walk all steps on a sandbox of its own; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m demo")
    parser.add_argument("--provider", choices=FAULTS, help="what it does with each first request")
    given = parser.parse_args()
    started = time.monotonic()
    words.set_up()
    print("demo: starting a shop and a payment stand-in on free ports …", flush=True)
    with Sandbox() as sandbox:
        print(f"demo: {sandbox.url} after {time.monotonic() - started:.0f} s", flush=True)
        provider = Standin(f"http://{HOST}:{sandbox.standin_port}")
        if given.provider:
            provider.fault(**FAULTS[given.provider], times=None, each=True)
        members = [
            HttpWalk(sandbox, "fr").visitor(CAMILLE),
            HttpWalk(sandbox, "en").visitor(JANE),
        ]
        for number, step in enumerate(STEPS, start=1):
            try:
                step(members)
                print(f"{number:>3}. {step.__doc__} (fr, en)", flush=True)
            except Exception as problem:
                _report(number, step, problem, sandbox)
                return 1
        _keeps_no_card(sandbox)
        for fault in provider.control("faults", "GET")["data"]:
            print(f"demo: {len(fault['met'])} requests met a provider that was “{given.provider}”")
            promise(len(fault["met"]) >= len(members), "requests to the provider were disturbed")
    promise(not sandbox.still_running(), "nothing is left running")
    print(f"demo: all {len(STEPS)} steps hold, after {time.monotonic() - started:.0f} s")
    return 0


def _keeps_no_card(sandbox: Sandbox) -> None:
    numbers = [TEST_CARD["number"].encode(), TEST_CARD["number"].replace(" ", "").encode()]
    for path in filter(Path.is_file, sandbox.var.rglob("*")):
        content = path.read_bytes()
        promise(not any(number in content for number in numbers), f"no card number in {path}")


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
