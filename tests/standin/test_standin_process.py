"""The stand-in as its own process: how it starts, ends, and survives being killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from standin_support import client_of, session_params

from standin.testing import Standin

pytestmark = pytest.mark.slow
SANDBOX = str(Path(__file__).parents[2] / "sandbox")


@pytest.fixture
def run(tmp_path):
    """Start ``python -m standin``; what still runs at the end is ended."""
    begun = []

    def start(*arguments):
        command = [
            sys.executable,
            "-m",
            "standin",
            "--state",
            str(tmp_path / "s.sqlite3"),
            *arguments,
        ]
        begun.append(
            subprocess.Popen(
                command, env=os.environ | {"PYTHONPATH": SANDBOX}, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def test_it_says_where_it_is_and_ends_at_once(run):
    process = run("--port", "0")
    line = process.stdout.readline()
    assert line.startswith("payment stand-in on http://127.0.0.1:")

    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 0
    # It waits for nothing. (A busy machine takes a second.)
    assert time.monotonic() - begun < 10


def test_on_a_leash_it_ends_with_a_status_of_its_own_rather_than_aborting(tmp_path):
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "runner.leash", "standin", "--port", "0"),
            *("--state", str(tmp_path / "s.sqlite3")),
        ],
        env=os.environ | {"PYTHONPATH": SANDBOX},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_a_port_in_use_is_said_clearly(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = run("--port", str(port))

        assert process.wait(10) == 2
        assert f"port {port} is in use" in process.stderr.read()


def test_what_was_paid_survives_a_kill(run):
    process = run("--port", "0")
    server = Standin(process.stdout.readline().split()[-1])
    session = client_of(server).v1.checkout.sessions.create(session_params())
    server.submit_card(session.url)
    process.kill()
    process.wait()

    process = run("--port", "0")
    server = Standin(process.stdout.readline().split()[-1])

    assert client_of(server).v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_the_log_holds_no_bodies(run):
    process = run("--port", "0")
    server = Standin(process.stdout.readline().split()[-1])
    session = client_of(server).v1.checkout.sessions.create(session_params())
    server.submit_card(session.url, "4000000000000002", name="Ada Lovelace")
    process.terminate()

    said = "".join(process.communicate(timeout=5))

    assert f"POST /c/pay/{session.id}" in said
    assert "4000000000000002" not in said and "Ada" not in said and server.api_key not in said
