"""What a provider reports: refunds that succeed or fail, disputes that are won or lost."""

from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from tests.simulation import invariants
from tests.simulation.model import Stretch
from tests.simulation.world import REASON, World

Order = get_model("order", "Order")


class Reversals(World):
    """Each event returns whether anything happened."""

    def refund(self, n: int) -> bool:
        return self._reverse(n, invariants.GIVEN_BACK, fulfilment.revoke, is_revoked=True)

    def dispute(self, n: int) -> bool:
        return self._reverse(n, invariants.TAKEN, fulfilment.suspend, is_frozen=True)

    def _reverse(self, n: int, fate: str, act: Any, **state: bool) -> bool:
        paid = self._terms(n, invariants.CAPTURED)
        paid = [(m, one, term) for m, one, term in paid if not (one.is_revoked or one.is_frozen)]
        if not paid:
            return False
        m, stretch, term = self.random.choice(paid)
        self._set(stretch, **state)
        self._write(term, fate)
        act(term, reason=REASON)
        self.members[m].tidy(self.day)
        return True

    def refund_fails(self, n: int) -> bool:
        returned = self._terms(n, invariants.GIVEN_BACK)
        if not returned:
            return False
        m, stretch, term = self.random.choice(returned)
        self._write(term, invariants.CAPTURED)
        if self.members[m].may_have_back(stretch):
            self._set(stretch, is_revoked=False)
            fulfilment.restore(term, reason=REASON)
            self.members[m].tidy(self.day)
        else:
            fulfilment.restore(term, reason=REASON)
        return True

    def settle(self, n: int) -> bool:
        """A dispute is won or lost."""
        open_ones = self._terms(n, invariants.TAKEN)
        open_ones = [(m, one, term) for m, one, term in open_ones if one.is_frozen]
        if not open_ones:
            return False
        m, stretch, term = self.random.choice(open_ones)
        if self.random.random() < 0.5:
            self._set(stretch, is_frozen=False)
            self._write(term, invariants.CAPTURED)
            fulfilment.resume(term, reason=REASON)
        else:
            self._set(stretch, is_frozen=False, is_revoked=True)
            fulfilment.revoke(term, reason=REASON)
            fulfilment.resume(term, reason=REASON)
        self.members[m].tidy(self.day)
        return True

    def _terms(self, n: int, fate: str) -> list[tuple[int, Stretch, Any]]:
        """What was bought by the member, or else by anybody, and whose money had this fate."""
        alike = [one for one in self.terms if getattr(one[2], "fate", "") == fate]
        return [one for one in alike if one[0] == n] or alike

    @staticmethod
    def _set(stretch: Stretch, **state: bool) -> None:
        for name, value in state.items():
            setattr(stretch, name, value)

    @staticmethod
    def _write(term: Any, fate: str) -> None:
        """What became of the money, in the till."""
        term.fate = fate
        Order.objects.filter(lines=term.order_line_id).update(status=fate)
