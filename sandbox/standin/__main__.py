"""``python -m standin --port 8001 --state FILE``: run the stand-in until SIGTERM or Ctrl-C."""

import argparse
import errno
import signal
import sys
import threading
from pathlib import Path

from .server import Server


def main(arguments=None):
    """Returns the exit status: 0 after a clean end, 2 when it could not start."""
    parser = argparse.ArgumentParser(prog="python -m standin", description=__doc__)
    parser.add_argument("--port", type=int, default=8001, help="default 8001; 0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
    parser.add_argument(
        "--state", default="standin.sqlite3", metavar="FILE", help="where it is kept"
    )
    parser.add_argument(
        "--origin", metavar="URL", help="how browsers reach it, if not by host:port"
    )
    parser.add_argument("--quiet", action="store_true", help="do not log requests")
    chosen = parser.parse_args(arguments)

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    Path(chosen.state).absolute().parent.mkdir(parents=True, exist_ok=True)
    try:
        server = Server(chosen.host, chosen.port, chosen.state, chosen.quiet, chosen.origin)
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        print(
            f"payment stand-in: port {chosen.port} is in use. "
            "End the other program, or choose another port with --port.",
            file=sys.stderr,
        )
        return 2
    server.serve_in_thread()
    print(f"payment stand-in on {server.app.origin}", flush=True)
    ended.wait()
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
