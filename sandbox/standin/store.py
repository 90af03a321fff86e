"""State on disk: one SQLite file, one connection, one lock. It survives restarts and `kill -9`.

Objects are kept as the JSON documents that the API shows, each with a private part for what the
API must not show. One coarse lock is enough for one shop, and makes "two submits, one charge" easy
to believe.
"""

import json
import sqlite3
import threading
import time
from contextlib import contextmanager

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL, private TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS documents_kind ON documents (kind, seq);
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, params TEXT NOT NULL, body TEXT NOT NULL,
    request_id TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, type TEXT NOT NULL,
    endpoint TEXT NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL, position REAL NOT NULL,
    next_at REAL NOT NULL, answers TEXT NOT NULL DEFAULT '[]');
CREATE INDEX IF NOT EXISTS deliveries_state ON deliveries (state, next_at);
"""


class Store:
    """Documents by id, small settings by name, and a clock that tests can push forward."""

    def __init__(self, path):
        self._lock = threading.RLock()
        self._depth = 0
        # Autocommit mode: transactions are ours alone, see `transaction`.
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)

    def close(self):
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self):
        """All or nothing, and nobody else meanwhile. May be nested; the outermost one commits."""
        with self._lock:
            if self._depth == 0:
                self._db.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield self
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._db.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._db.execute("COMMIT")

    def sql(self, statement, *values):
        """Run one statement and return all its rows."""
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    # Time

    def now(self):
        """Seconds since 1970 on this server's clock, as a float."""
        return time.time() + self.setting("clock_offset", 0)

    # Settings

    def setting(self, name, default=None):
        rows = self.sql("SELECT value FROM state WHERE name = ?", name)
        return json.loads(rows[0]["value"]) if rows else default

    def set(self, name, value):
        self.sql("INSERT OR REPLACE INTO state VALUES (?, ?)", name, json.dumps(value))

    # Documents

    def save(self, body, private=None):
        """Insert or update a document by its ``id``; the private part is kept unless given."""
        self.sql(
            "INSERT INTO documents (id, kind, created, body) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            body["id"], body["object"], body.get("created", 0), json.dumps(body),
        )  # fmt: skip
        if private is not None:
            self.sql(
                "UPDATE documents SET private = ? WHERE id = ?", json.dumps(private), body["id"]
            )
        return body

    def get(self, id, kind=None):
        """The document with this id (and kind, if given), or None."""
        rows = self.sql("SELECT kind, body FROM documents WHERE id = ?", id)
        return json.loads(rows[0]["body"]) if rows and kind in (None, rows[0]["kind"]) else None

    def private(self, id):
        rows = self.sql("SELECT private FROM documents WHERE id = ?", id)
        return json.loads(rows[0]["private"]) if rows else {}

    def delete(self, id):
        self.sql("DELETE FROM documents WHERE id = ?", id)

    def bury(self, body):
        """Leave ``body`` in place of the deleted document of its kind.

        It is found by its id, or as a ``deleted …`` kind, and no longer as one of its own.
        """
        self.sql(
            "UPDATE documents SET kind = ?, body = ?, private = '{}' WHERE id = ?",
            f"deleted {body['object']}", json.dumps(body), body["id"],
        )  # fmt: skip
        return body

    def find(self, kind, limit=-1, before=None, after=None, created=(), **equal):
        """Documents of a kind, newest first.

        ``before`` and ``after`` are ids to stay older or newer than; ``created`` holds pairs of an
        SQL comparison and a timestamp; keywords compare top-level fields (a list: any of them).
        """
        where, values = ["kind = ?"], [kind]
        for comparison, moment in created:
            where.append(f"created {comparison} ?")
            values.append(moment)
        for field, wanted in equal.items():
            wanted = wanted if isinstance(wanted, (list, tuple)) else [wanted]
            where.append(f"json_extract(body, '$.{field}') IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
        for id, comparison in ((before, "<"), (after, ">")):
            if id:
                where.append(f"seq {comparison} (SELECT seq FROM documents WHERE id = ?)")
                values.append(id)
        # Going back a page means the ones next to `after`, still shown newest first.
        order = "ASC" if after else "DESC"
        rows = self.sql(
            f"SELECT body FROM documents WHERE {' AND '.join(where)} ORDER BY seq {order} LIMIT ?",
            *values, limit,
        )  # fmt: skip
        bodies = [json.loads(row["body"]) for row in rows]
        return bodies[::-1] if after else bodies
