"""One run: its databases, its workers, the provider."""

from __future__ import annotations

import fcntl
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import TracebackType
from typing import IO, Any, Self

from benchmarks.cluster import Cluster
from benchmarks.data import Data
from benchmarks.options import Options
from benchmarks.paths import SANDBOX, VAR
from benchmarks.sampling import interleave
from benchmarks.workers import Worker, environment

# Sides that are compared: settings, and whether they work on the shop's database.
SIDES = {
    "ours": ("benchmarks.settings", True),
    "stock": ("benchmarks.settings_stock", True),
    "plans": ("benchmarks.peers.settings_plans", False),
    "flexible": ("benchmarks.peers.settings_flexible", False),
}
THROWN_AWAY = ("scratch_", "peer_", "webhooks_")
PATIENCE = 20


class Bench:
    """A context manager; everything that it started ends with it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        VAR.mkdir(exist_ok=True)
        self._lock = _locked()
        self.cluster = Cluster()
        # What a run that was killed has left behind.
        for name in self.cluster.names():
            if name.startswith(THROWN_AWAY):
                self.cluster.drop(name)
        self.data = Data(self.cluster, options.package)
        self._databases: dict[tuple[str, int], str] = {}
        self._workers: dict[tuple[str, int], Worker] = {}
        # By size the seconds of CPU that a run with lapses took.
        self.lapses: dict[int, float] = {}
        self.provider = Provider(self)

    def __enter__(self) -> Self:
        self.provider.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers.values():
            worker.close()
        self.provider.stop()
        for url in set(self._databases.values()):
            self.cluster.drop(url.partition("?")[0].rpartition("/")[2])
        self.cluster.stop()

    def worker(self, side: str, size: int) -> Worker:
        """Return the worker of ``side`` at ``size``, started if there is none yet."""
        if (side, size) not in self._workers:
            settings, _ = SIDES[side]
            self._workers[side, size] = Worker(
                self.options.package,
                settings,
                self._database(side, size),
                BENCH_PROVIDER=self.provider.url,
            )
        return self._workers[side, size]

    def call(self, side: str, size: int, task: str, /, **arguments: Any) -> Any:
        """Return the value of ``task`` from the worker of ``side`` at ``size``."""
        return self.worker(side, size).call(task, **arguments)

    def filled(self, side: str, size: int) -> None:
        """Let the peer ``side`` write its rows, once."""
        if (side, size) not in self._workers:
            self.call(side, size, f"peers.{side}:fill", size=size)

    def anew(self, side: str, size: int) -> None:
        """End the worker of ``side`` at ``size``; the next call starts another."""
        worker = self._workers.pop((side, size), None)
        if worker is not None:
            worker.close()

    def in_turn(
        self, sides: dict[str, tuple[str, int, str, dict[str, Any]]], rounds: int = 0
    ) -> dict[str, list[dict[str, float]]]:
        """Take samples of several sides in turn.

        Args:
            sides: for each name the side, the size, the task and its arguments.
            rounds: default: as the options say.
        """
        actions = {
            name: lambda call=call: self.call(call[0], call[1], call[2], **call[3])
            for name, call in sides.items()
        }
        return interleave(actions, rounds or self.options.rounds)

    def _database(self, side: str, size: int) -> str:
        is_shop = SIDES[side][1]
        key = ("shop" if is_shop else side, size)
        if key not in self._databases:
            self._databases[key] = (
                self.data.scratch(size) if is_shop else self.cluster.copy(f"peer_{side}_{size}")
            )
        return self._databases[key]


def _locked() -> IO[str]:
    """Claim the databases for this process, until it ends; return the open file, to be kept."""
    file = (VAR / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit("bench: another run of the benchmarks is going on") from None
    return file


class Provider:
    """The payment stand-in as a process of its own, so that its CPU is nobody else's."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with an empty memory."""
        state = VAR / "provider.sqlite3"
        for path in VAR.glob("provider.sqlite3*"):
            path.unlink()
        options = ["--port", str(self._port), "--state", str(state)]
        with (VAR / "provider.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "runner.leash", "standin", *options],
                cwd=SANDBOX,
                env=environment(self._bench.options.package, "benchmarks.settings", ""),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError("the payment stand-in does not answer; see provider.log")
            time.sleep(0.1)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self.url, timeout=1).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
