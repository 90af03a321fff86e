"""A real broker and real Celery workers, as processes that a test may kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
# Seconds after which what a test waits for counts as lost.
PATIENCE = 90
# What a connection of Django is told, and can be written as JSON.
DATABASE = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def redis() -> Iterator[str]:
    """A ``redis-server`` with no data; yields the address of its socket, for Celery.

    Where there is none: a failure in CI, elsewhere a skip that says why.
    """
    program = shutil.which("redis-server")
    if program is None:
        reason = "no redis-server on this machine (Debian: apt-get install redis-server)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Not pytest's: the path of a socket has about 100 characters.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        socket = Path(folder) / "socket"
        command = [program, "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", ""]
        with (Path(folder) / "log").open("w") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            until(socket.exists)
            yield f"redis+socket://{socket}"
        finally:
            server.terminate()
            server.wait(PATIENCE)


class Worker:
    """``celery worker`` with one process that works; a context manager.

    Args:
        name: also that of its connection to the database.
        folder: takes its log and its temporary files.
        given: what ``worker_settings`` reads, without ``database``.
    """

    def __init__(self, name: str, folder: Path, **given: Any) -> None:
        self.name, self.folder = name, folder / name
        self.folder.mkdir()
        database = {key: connection.settings_dict[key] for key in DATABASE}
        # Outside of requests; and the name tells a test whom the database keeps waiting.
        database |= {"OPTIONS": {"application_name": name}}
        self._given = {**given, "database": database}

    def __enter__(self) -> "Worker":
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.worker_settings",
            "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "sandbox"])),
            "TMPDIR": str(self.folder),
            "WORKER_SETTINGS": json.dumps(self._given),
        }
        command = [sys.executable, "-m", "celery", "-A", "shop.celery", "worker"]
        command += ["--concurrency", "1", "--hostname", f"{self.name}@%h", "--loglevel", "INFO"]
        with (self.folder / "log").open("w") as log:
            self._process = subprocess.Popen(
                [*command, "--without-mingle", "--without-gossip"],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def __exit__(self, *exception: object) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
                raise

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return (self.folder / "log").read_text()

    def kill(self) -> None:
        """Kill it with all its processes: the machine is gone."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def kill_child(self) -> None:
        """Kill the process that works, and not the one that gives it its work."""
        pid = self._process.pid
        [child] = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(int(child), signal.SIGKILL)


def until(is_so: Callable[[], Any]) -> Any:
    """Wait until ``is_so`` returns something true; return that.

    Raises:
        AssertionError: it does not.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := is_so():
            return value
        time.sleep(0.05)
    raise AssertionError(f"{is_so} has waited in vain")


def names_blocked() -> set[str]:
    """Return the names of the connections to this database that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return {name for (name,) in cursor.fetchall()}
