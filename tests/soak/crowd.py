"""All members, so many at a time; and the kills, as the purchases go on."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

from standin.testing import Standin
from tests.soak import fuse, receiver
from tests.soak.purchase import Purchase
from tests.soak.reload import Tally
from tests.soak.script import Kill, Member


class Executioner:
    """Arms one kill after the other, each when so many purchases are paid."""

    def __init__(self, kills: list[Kill], tally: Tally) -> None:
        self.tally, self.done = tally, 0
        self._waiting = list(kills)
        self._armed: Kill | None = None
        self._lock = threading.Lock()

    def look(self) -> None:
        """Arm the next kill if it is due; called after each purchase."""
        with self._lock:
            due = self._waiting and self._waiting[0].paid <= self.tally["paid"]
            if self._armed is None and due:
                self._armed = self._waiting.pop(0)
                fuse.arm(self._armed.step, self._armed.when)

    def died(self) -> None:
        """The server has died: note the kill and have the next one ready."""
        receiver.forget_untold()
        with self._lock:
            fuse.disarm()
            if self._armed is not None:
                self.done += 1
                print(f"soak: server killed {self._armed}", flush=True)
            self._armed = None
        self.look()


def let_in(
    members: list[Member], at_once: int, standin: Standin, tally: Tally, executioner: Executioner
) -> list[str]:
    """Let ``members`` buy, ``at_once`` at a time.

    Returns:
        One line for each purchase that did not come to its end.
    """

    def buy(member: Member) -> None:
        Purchase(member, tally, standin).make()
        executioner.look()

    broken = []
    started = time.monotonic()
    pool = ThreadPoolExecutor(at_once)
    try:
        running = {pool.submit(buy, member): member for member in members}
        for done, future in enumerate(as_completed(running), start=1):
            if problem := future.exception():
                broken.append(f"{running[future]}: {type(problem).__name__}: {problem}")
            if done * 10 // len(members) != (done - 1) * 10 // len(members):
                seconds = time.monotonic() - started
                print(f"soak: {done} of {len(members)} after {seconds:.0f} s", flush=True)
    except BaseException:
        tally.stopping.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return broken
