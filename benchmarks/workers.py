"""The controller's side of workers: start them, ask them, end them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from benchmarks.paths import ROOT, SANDBOX, VAR

# Variables that would lead a worker to another database or another provider.
_NOT_INHERITED = ("DATABASE_URL", "STRIPE_SECRET_KEY", "PUBLIC_URL", "DJANGO_SETTINGS_MODULE")


class TaskError(Exception):
    """A task raised; the message is that of its exception."""


def environment(package: Path, settings: str, url: str, **more: str) -> dict[str, str]:
    """Return the variables of a process that uses the checkout ``package`` and the database at
    ``url``."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    sandbox = package / "sandbox" if (package / "sandbox").is_dir() else SANDBOX
    path = os.pathsep.join([str(package), str(sandbox), str(ROOT), str(SANDBOX)])
    return (
        kept
        | {
            "BENCH_PATH": path,
            "PYTHONPATH": path,
            "PYTHONHASHSEED": "0",
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": settings,
            "BENCH_DATABASE": url,
            "SANDBOX_VAR": str(VAR / "shop"),
        }
        | more
    )


class Worker:
    """One process. A context manager; ``call`` asks it for something.

    Args:
        package: the checkout whose ``oscar_subscriptions`` it imports.
        settings: its Django settings.
        url: its database.
        more: further environment variables.
    """

    def __init__(self, package: Path, settings: str, url: str, **more: str) -> None:
        self.log: IO[bytes] = (VAR / "workers.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker"],
            cwd=ROOT,
            env=environment(package, settings, url, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def call(self, task: str, /, **arguments: Any) -> Any:
        """Return the value of ``task``, such as "tasks.pages:visit".

        Raises:
            TaskError: it raised, or the process ended.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"task": task, "arguments": arguments}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise TaskError(f"the worker of {task} ended; see {VAR.name}/workers.log")
        answer = json.loads(line)
        if "error" in answer:
            raise TaskError(f"{task}: {answer['error']}")
        return answer["value"]

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.log.close()
