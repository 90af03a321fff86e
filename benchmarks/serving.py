"""``python -m benchmarks.serving ADDRESS``: gunicorn serving the shop of the package under test.

``application`` is imported by gunicorn's processes; the environment names settings and database.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from benchmarks.paths import VAR

OPTIONS = ["--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer one request; WSGI."""
    return _shop(environ, start_response)


def _load() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def main() -> None:
    """Serve until the process is told to end."""
    from gunicorn.app.wsgiapp import run

    # gunicorn looks for modules in its working directory first: one without any.
    sys.argv[1:] = [
        *("benchmarks.serving:application", "--bind", sys.argv[1]),
        *("--chdir", str(VAR), "--log-level", "warning", *OPTIONS),
    ]
    run()


if __name__ == "__main__":
    sys.path[:0] = os.environ["BENCH_PATH"].split(os.pathsep)
    main()
else:
    _shop = _load()
