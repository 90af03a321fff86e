"""Delivers events to the registered endpoints, signed, from a thread of its own.

A thread, because dj-stripe calls the API back while it handles an event. The queue is a table, so
a restart goes on where it was. States of a delivery: ``held`` (until released), ``pending`` (now,
later, or again after a failure), ``delivered``, ``failed`` (tries used up), ``dropped``.
"""

import json
import sqlite3
import threading
import time

from .events import behaviour
from .outgoing import post_webhook


class Deliverer(threading.Thread):
    """The delivery thread. ``wake`` after queuing, ``flush`` to wait, ``stop`` to end."""

    def __init__(self, store):
        super().__init__(name="standin-webhooks", daemon=True)
        self.store = store
        self.changed = threading.Condition()
        self.stopping = False
        self._woken = False

    def wake(self):
        with self.changed:
            self._woken = True
            self.changed.notify_all()

    def stop(self):
        self.stopping = True
        self.wake()

    def run(self):
        while not self.stopping:
            try:
                due = self._due()
                if due:
                    self._deliver_all(due)
                    self.wake()  # tells `flush`, and looks again at once
                # Asked before taking the condition: whoever wakes us already holds the store.
                patience = self._seconds_until_next()
            except sqlite3.ProgrammingError:
                return self._unless_stopping()
            with self.changed:
                if not self._woken:
                    self.changed.wait(patience)
                self._woken = False

    def flush(self, timeout=10, force=False):
        """Wait until nothing is pending; True if that came true within ``timeout`` seconds.

        With ``force`` what is delayed or waits for its next try is sent now, until it is settled.
        """
        deadline = time.monotonic() + timeout
        while not self.stopping:
            if force:
                self.store.sql("UPDATE deliveries SET next_at = 0 WHERE state = 'pending'")
                self.wake()
            if not self.count("pending"):
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self.changed:
                self.changed.wait(min(left, 0.05))
        return False

    def count(self, state):
        return self.store.sql("SELECT count(*) FROM deliveries WHERE state = ?", state)[0][0]

    def _due(self):
        # One transaction: a payment's events are due together or not at all.
        with self.store.transaction():
            return self.store.sql(
                "SELECT * FROM deliveries WHERE state = 'pending' AND next_at <= ? "
                "ORDER BY position, id LIMIT ?",
                self.store.now(), behaviour(self.store)["parallel"],
            )  # fmt: skip

    def _seconds_until_next(self):
        rows = self.store.sql("SELECT min(next_at) FROM deliveries WHERE state = 'pending'")
        return 1 if rows[0][0] is None else min(1, max(0, rows[0][0] - self.store.now()))

    def _deliver_all(self, due):
        others = [
            threading.Thread(target=self._deliver, args=(row,), daemon=True) for row in due[1:]
        ]
        for thread in others:
            thread.start()
        self._deliver(due[0])
        for thread in others:
            thread.join()

    def _deliver(self, row):
        try:
            self._try(row)
        except sqlite3.ProgrammingError:
            self._unless_stopping()

    def _unless_stopping(self):
        # The end does not wait for a slow receiver: its delivery finds the store closed, stays
        # pending in the file, and is tried again by the next start.
        if not self.stopping:
            raise

    def _try(self, row):
        endpoint = self.store.get(row["endpoint"], "webhook_endpoint")
        if endpoint is None or endpoint["status"] != "enabled":
            self.store.sql("UPDATE deliveries SET state = 'dropped' WHERE id = ?", row["id"])
            return
        wanted = behaviour(self.store)
        pretend = self._pretended_failure(wanted, row["type"])
        status, error = None, None
        if not pretend or wanted["fail_after"]:
            secret = self.store.private(endpoint["id"]).get("secret", "")
            status, error = post_webhook(endpoint["url"], row["payload"], secret, wanted["timeout"])
        if pretend:
            status, error = wanted["fail_status"], "pretended"
        self._record(row, status, error, wanted["retries"])

    def _pretended_failure(self, wanted, type):
        with self.store.transaction():
            saved = self.store.setting("behaviour", {})
            left = saved.get("fail", 0)
            if not left or (wanted["types"] and type not in wanted["types"]):
                return False
            self.store.set("behaviour", saved | {"fail": left - 1})
            return True

    def _record(self, row, status, error, retries):
        with self.store.transaction():
            now = self.store.now()
            answers = json.loads(row["answers"])
            answers.append({"at": int(now), "status": status, "error": error})
            state, next_at = "pending", now
            if status is not None and 200 <= status < 300:
                state = "delivered"
                self._delivered(row["event"])
            elif len(answers) > len(retries):
                state = "failed"
            else:
                next_at = now + retries[len(answers) - 1]
            self.store.sql(
                "UPDATE deliveries SET state = ?, next_at = ?, answers = ? WHERE id = ?",
                state, next_at, json.dumps(answers), row["id"],
            )  # fmt: skip

    def _delivered(self, event_id):
        event = self.store.get(event_id)
        if event is None:  # forgotten meanwhile, by a reset
            return
        event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
        self.store.save(event)
