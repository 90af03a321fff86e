"""The running stand-in: its store, its delivery thread, and a tick that lets time pass."""

import sqlite3
import threading

from . import account, bank_debit, idempotency, sessions
from .store import Store
from .webhooks import Deliverer

TICK = 0.5  # seconds between looks at the clock


class App:
    """What every request works with.

    ``origin`` is scheme, host and port as browsers reach us; session URLs start with it.
    """

    def __init__(self, state, origin):
        self.store = Store(state)
        self.origin = origin
        self.deliverer = Deliverer(self.store)
        self.stopping = threading.Event()
        self._ticker = threading.Thread(target=self._tick_on, name="standin-clock", daemon=True)
        if not self.store.find("account"):
            self.store.save(account.account(int(self.store.now())))

    def start(self):
        self.deliverer.start()
        self._ticker.start()

    def stop(self):
        """End the threads and close the file; a delivery under way is tried again next time."""
        self.stopping.set()
        self.deliverer.stop()
        self._ticker.join(TICK * 2)
        self.deliverer.join(1)
        self.store.close()

    def tick(self):
        """Whatever is due by now: expired sessions, settled debits, forgotten keys."""
        sessions.expire_due(self)
        bank_debit.settle_due(self)
        idempotency.prune(self.store)

    def _tick_on(self):
        while not self.stopping.wait(TICK):
            try:
                self.tick()
            except sqlite3.ProgrammingError:
                if not self.stopping.is_set():  # the end closes the store under us
                    raise
