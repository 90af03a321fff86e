"""The databases of each size: made once, kept, and copied for each run."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks.cluster import Cluster
from benchmarks.paths import ROOT, VAR
from benchmarks.workers import Worker

# Terms end at the earliest 80 days after seeding; reminders and announcements look 52 days ahead.
KEPT_FOR = timedelta(days=14)
SETTINGS = "benchmarks.settings"


class Data:
    """Databases for one checkout of the package.

    A digest of its models and migrations, and of the code that writes rows, is part of each name.
    """

    def __init__(self, cluster: Cluster, package: Path) -> None:
        self._cluster = cluster
        self._package = package
        self._digest = digest(package)
        self._notes = VAR / "seeded.json"

    def seeded(self, size: int) -> str:
        """Return the name of the database with ``size`` subscriptions, made if it is missing or
        too old."""
        name = f"seeded_{self._digest}_{size}"
        if name in self._cluster.names() and self._is_fresh(name):
            return name
        started = time.monotonic()
        print(f"bench: writing a shop with {size:,} subscriptions …", flush=True)
        unfinished = f"{name}_unfinished"
        url = self._cluster.copy(unfinished, self.empty())
        with Worker(self._package, SETTINGS, url) as worker:
            note = worker.call("seeding.main:fill", size=size)
        self._cluster.drop(name)
        self._cluster.rename(unfinished, name)
        self._note(name, note)
        print(f"bench: {time.monotonic() - started:.0f} s", flush=True)
        return name

    def scratch(self, size: int, name: str = "") -> str:
        """Return the address of a copy that this run may change; ``name``: of another one."""
        return self._cluster.copy(name or f"scratch_{size}", self.seeded(size))

    def empty(self) -> str:
        """Return the name of a database with tables and no rows of ours."""
        name = f"empty_{self._digest}"
        if name not in self._cluster.names():
            unfinished = f"{name}_unfinished"
            url = self._cluster.copy(unfinished)
            with Worker(self._package, SETTINGS, url) as worker:
                worker.call("seeding.main:tables")
            self._cluster.rename(unfinished, name)
        return name

    def _is_fresh(self, name: str) -> bool:
        day = self._read().get(name, {}).get("day", "2000-01-01")
        return date.today() - date.fromisoformat(day) <= KEPT_FOR

    def _note(self, name: str, note: dict[str, Any]) -> None:
        self._notes.write_text(json.dumps(self._read() | {name: note}, indent=1))

    def _read(self) -> dict[str, Any]:
        return json.loads(self._notes.read_text()) if self._notes.exists() else {}


def digest(package: Path) -> str:
    """Return a short digest of what decides how tables and rows look."""
    ours = package / "oscar_subscriptions"
    files = [
        *ours.rglob("migrations/0*.py"),
        *ours.rglob("abstract_models/*.py"),
        *(ROOT / "benchmarks" / "seeding").glob("*.py"),
    ]
    text = b"".join(path.read_bytes() for path in sorted(files))
    return sha256(text).hexdigest()[:8]
