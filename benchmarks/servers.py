"""gunicorn serving one side, signed deliveries to it, and the CPU that both use."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from benchmarks.cluster import tree_cpu
from benchmarks.paths import ROOT, VAR
from benchmarks.workers import environment

PATIENCE = 60
AT_ONCE = 4
# As long as nobody used CPU, nothing goes on any more.
QUIET = 0.5


class Server:
    """A running gunicorn.

    Attributes:
        url: scheme, host and port.
    """

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self._process = process
        self.url = url

    def cpu(self) -> float:
        """Return the seconds of CPU of all its processes."""
        return tree_cpu(self._process.pid)


@contextmanager
def served(package: Path, settings: str, database: str, port: int, **more: str) -> Iterator[Server]:
    """Serve a side on ``port`` while the block runs."""
    command = ["-m", "runner.leash", "benchmarks.serving", f"127.0.0.1:{port}"]
    with (VAR / "gunicorn.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(package, settings, database, **more),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(process, f"http://127.0.0.1:{port}")
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def deliver(endpoint: dict[str, str], events: list[dict[str, Any]]) -> list[int]:
    """Deliver ``events``, signed, some at the same time; return the status of each answer."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda event: _post(endpoint, event), events))


def wait_until_quiet(*clocks: Any) -> None:
    """Wait until the sum of ``clocks``, functions that return seconds of CPU, stands still."""
    deadline, before = time.monotonic() + PATIENCE, -1.0
    while time.monotonic() < deadline:
        now = sum(clock() for clock in clocks)
        if now - before < 0.02:
            return
        before = now
        time.sleep(QUIET)


def _post(endpoint: dict[str, str], event: dict[str, Any]) -> int:
    body = json.dumps(event, indent=2)
    moment = int(time.time())
    signed = hmac.new(endpoint["secret"].encode(), f"{moment}.{body}".encode(), hashlib.sha256)
    headers = {
        "Content-Type": "application/json",
        "Stripe-Signature": f"t={moment},v1={signed.hexdigest()}",
    }
    try:
        with urlopen(Request(endpoint["url"], body.encode(), headers), timeout=60) as answer:
            return answer.status
    except HTTPError as error:
        with error:
            return error.code


def _wait(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(server.url, timeout=10).close()
        except HTTPError as error:
            error.close()
        except OSError:
            if time.monotonic() > deadline:
                raise RuntimeError("gunicorn does not answer; see gunicorn.log") from None
            time.sleep(0.2)
            continue
        return
