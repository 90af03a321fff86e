"""The payment stand-in as a process beside the shop, or the way to Stripe itself."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from runner.console import SandboxError, readable
from shop import environment as env

PATIENCE_SECONDS = 15
LOG = env.VAR / "standin.log"


def check_key() -> None:
    """Refuse a key of Stripe's that would move real money.

    Raises:
        SandboxError: ``STRIPE_SECRET_KEY`` is set and is not a test key.
    """
    if env.STRIPE_SECRET_KEY and not env.STRIPE_SECRET_KEY.startswith("sk_test_"):
        raise SandboxError("STRIPE_SECRET_KEY must be a test key of Stripe's (sk_test_…).")


@contextmanager
def standin() -> Iterator[None]:
    """Run the stand-in; leave only when it has ended, whatever happened meanwhile.

    Raises:
        SandboxError: it does not answer.
    """
    command = ["-m", "runner.leash", "standin"]
    options = ["--port", str(env.STANDIN_PORT), "--state", str(env.VAR / "payments.sqlite3")]
    with LOG.open("a") as log:
        process = subprocess.Popen(
            [sys.executable, *command, *options],
            cwd=env.SANDBOX,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C goes to the whole group of the terminal; the shop decides when this one ends.
            start_new_session=True,
        )
    try:
        _wait_for(process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(env.STANDIN_URL, timeout=1).close()
            return
        except urllib.error.HTTPError:
            return  # It refuses, so it answers.
        except OSError:
            time.sleep(0.05)
    raise SandboxError(f"the payment stand-in does not answer; its log: {readable(LOG)}")
