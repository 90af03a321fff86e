"""A sandbox of its own for the demo: free ports, temporary data, gone afterwards."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from runner.ports import HOST, two_free

SANDBOX = Path(__file__).resolve().parent.parent
START_SECONDS = 120
STOP_SECONDS = 15
# Between finding a free port and opening it, another program may take it.
TRIES = 3
PORT_TAKEN = 2  # exit status of the sandbox

# What would lead the demo away from its own database and its own payment stand-in.
NOT_INHERITED = ("STRIPE_SECRET_KEY", "PUBLIC_URL", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")


class Sandbox:
    """The shop and the payment stand-in, as ``make sandbox`` runs them. A context manager."""

    def __enter__(self) -> "Sandbox":
        self.directory = Path(tempfile.mkdtemp(prefix="oscar-subscriptions-demo-"))
        self.var = self.directory / "var"
        self.log = self.directory / "log"
        try:
            for _ in range(TRIES):
                self._start()
                if self._answers_in_time():
                    return self
                if self.process.poll() != PORT_TAKEN:
                    break
            raise RuntimeError(f"the sandbox does not start:\n{self.last_words()}")
        except BaseException:
            self.__exit__()
            raise

    def _start(self) -> None:
        self.port, self.standin_port = two_free()
        self.url = f"http://{HOST}:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in NOT_INHERITED},
            "SANDBOX_VAR": str(self.var),
            "PORT": str(self.port),
            "STANDIN_PORT": str(self.standin_port),
            "PYTHONUNBUFFERED": "1",
        }
        with self.log.open("wb") as log:
            # On a leash: it ends with the demo even if the demo is killed.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "runner.leash", "serve"],
                cwd=SANDBOX,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __exit__(self, *exception: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def command(self, *arguments: str) -> str:
        """Run one of the shop's commands beside the running shop; return what it printed.

        Raises:
            RuntimeError: it failed.
        """
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=SANDBOX,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def last_words(self) -> str:
        """Return the end of what shop and stand-in logged."""
        logs = [self.log, self.var / "shop.log", self.var / "standin.log"]
        return "\n".join(log.read_text()[-3000:] for log in logs if log.exists())

    def still_running(self) -> list[int]:
        """Return the ports on which something still answers; none after the end."""
        return [port for port in (self.port, self.standin_port) if _answers(port)]

    def _answers_in_time(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url, timeout=10).close()
                return True
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.1)
        return False


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
