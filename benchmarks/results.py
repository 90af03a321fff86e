"""The results of a run as JSON, with what it ran on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.goals import Figure
from benchmarks.options import Options
from benchmarks.paths import DOCS, VAR

LATEST = VAR / "latest.json"


def write(figures: Iterable[Figure], asked: Options, postgresql: str) -> None:
    """Write the results to ``LATEST`` and, if asked for, into the documentation."""
    content = {
        "about": about(asked, postgresql),
        "figures": [figure.as_json() for figure in figures],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    LATEST.write_text(text)
    if asked.save_as:
        DOCS.mkdir(parents=True, exist_ok=True)
        (DOCS / f"{asked.save_as}.json").write_text(text)


def about(asked: Options, postgresql: str) -> dict[str, Any]:
    """Return what was measured and on what; no names or paths of the machine."""
    import django
    import oscar

    return {
        "commit": commit(asked.package),
        "day": datetime.now(UTC).date().isoformat(),
        "sizes": list(asked.sizes),
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "postgresql": postgresql,
        "python": platform.python_version(),
        "django": django.__version__,
        "oscar": ".".join(map(str, oscar.VERSION[:3])),
    }


def commit(package: Path) -> str:
    """Return the short name of the checkout's commit, with "+" if files of the package differ from
    it; "" if it is no checkout."""
    head = _git(package, "rev-parse", "--short", "HEAD")
    changed = _git(package, "status", "--porcelain", "--", "oscar_subscriptions")
    return head + ("+" if head and changed else "")


def _git(package: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=package, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
