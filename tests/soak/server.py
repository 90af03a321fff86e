"""The shop's server: gunicorn, started again whenever it was killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import requests

from runner.ports import HOST
from shop import environment as env

ROOT = Path(__file__).resolve().parents[2]
LOG = env.VAR / "gunicorn.log"
# Enough to keep two processors and each other busy; far from PostgreSQL's 100 connections, of
# which the killed servers' last ones go only when their statement ends.
WORKERS, THREADS = 2, 10
COMMAND = [
    *("-m", "runner.leash", "gunicorn", "tests.soak.answers:application"),
    *("--bind", f"{HOST}:{env.PORT}", "--workers", str(WORKERS), "--threads", str(THREADS)),
    # Loaded once, before the port is opened: whoever gets a connection gets an answer.
    *("--preload", "--no-control-socket", "--log-level", "warning"),
]
START_SECONDS = 60
SO_MANY_DEATHS_ARE_NO_ACCIDENT = 30


class Server:
    """A context manager; a thread waits for the death of the process and starts the next one.

    Args:
        died: called after each death, before the next start.

    Attributes:
        deaths: exit status of each process that ended without being asked to.
    """

    def __init__(self, died: Callable[[], None]) -> None:
        self.deaths: list[int] = []
        self._died = died
        self._lock = threading.Lock()
        self._ending = False
        self._watch = threading.Thread(target=self._keep_going, name="server", daemon=True)

    def __enter__(self) -> "Server":
        self._start()
        self._watch.start()
        deadline = time.monotonic() + START_SECONDS
        while not _answers():
            if self.deaths or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"the server does not start:\n{LOG.read_text()[-3000:]}")
            time.sleep(0.1)
        return self

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._ending = True
            with suppress(ProcessLookupError):  # dead at this very moment, and not started again
                os.killpg(self.process.pid, signal.SIGKILL)
        self._watch.join()

    def _start(self) -> None:
        with LOG.open("ab") as log:
            # A process group of its own, so that a kill hits main process and workers and no
            # other; on a leash, so that it ends even if the soak itself is killed.
            self.process = subprocess.Popen(
                [sys.executable, *COMMAND],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{env.SANDBOX}"},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _keep_going(self) -> None:
        while len(self.deaths) < SO_MANY_DEATHS_ARE_NO_ACCIDENT:
            status = self.process.wait()
            with self._lock:
                if self._ending:
                    return
                self.deaths.append(status)
                self._died()
                self._start()


def _answers() -> bool:
    try:
        requests.get(env.BASE_URL, timeout=10)
    except requests.ConnectionError:
        return False
    return True
