"""Ports of this machine."""

import socket

from runner.console import SandboxError

HOST = "127.0.0.1"


def require_free(port: int, purpose: str) -> None:
    """Check that nothing listens on ``port``.

    Raises:
        SandboxError: the port is busy; the message names ``purpose`` and the way out.
    """
    with socket.socket() as probe:
        # As servers do: a connection that was closed a moment ago does not make a port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SandboxError(
                f"port {port}, wanted for {purpose}, can't be used ({error.strerror}). Stop the "
                "program that uses it, or choose another port: make sandbox PORT=9000"
            ) from None


def two_free() -> tuple[int, int]:
    """Return two different ports on which nothing listens right now."""
    with socket.socket() as first, socket.socket() as second:
        first.bind((HOST, 0))
        second.bind((HOST, 0))
        return first.getsockname()[1], second.getsockname()[1]
