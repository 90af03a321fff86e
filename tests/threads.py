"""Actions in threads with database connections of their own, as the processes of a shop have."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

# Seconds after which a thread counts as stuck, which fails the test.
PATIENCE = 30


class Other:
    """An action under way in another thread; it starts at once.

    Args:
        action: what to do there.
        first: called in the thread before it, such as the ``wait`` of a barrier.
    """

    def __init__(self, action: Callable[[], Any], first: Callable[[], Any] | None = None) -> None:
        self._action, self._first = action, first
        self._value: Any = None
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            if self._first is not None:
                self._first()
            self._value = self._action()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    @property
    def is_over(self) -> bool:
        """Whether the action has ended, well or not."""
        return not self._thread.is_alive()

    def join(self) -> None:
        """Wait for the end; raises ``AssertionError`` if it does not come."""
        self._thread.join(PATIENCE)
        assert self.is_over, f"{self._action} is stuck"

    def result(self) -> Any:
        """Wait for the end; return what the action returned, or raise what it raised."""
        self.join()
        if self.error is not None:
            raise self.error
        return self._value


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run ``actions`` in threads that start together; return what each returned or raised."""
    barrier = threading.Barrier(len(actions), timeout=PATIENCE)
    others = [Other(action, first=barrier.wait) for action in actions]
    for other in others:
        other.join()
    return [other.error or other._value for other in others]
