"""What members do: buy, change their plan, take services out of the shop and put them back."""

from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.members import services
from tests.simulation import invariants
from tests.simulation.model import Stretch
from tests.simulation.world import World

Order = get_model("order", "Order")


class Members(World):
    """Each event returns whether anything happened."""

    def buy(self, n: int) -> bool:
        plan, member = self._plan(n), self.members[n]
        stretch = member.buy(plan, self.plans[plan], self.day)
        self._pay(n, stretch, self.shop.make_order(self.users[n], self.rows[plan]))
        self._intend_to_renew(n, stretch)
        return True

    def change(self, n: int) -> bool:
        """Another plan when the present one has ended."""
        member = self.members[n]
        valid = [
            one
            for one in member.stretches
            if one.last >= self.day and not one.is_revoked and not one.is_frozen
        ]
        if not valid:
            return False
        old = self.random.choice(valid).plan
        new = (old + 1) % 3
        begins = max(one.last for one in valid if one.plan == old) + 1
        stretch = member.buy(new, self.plans[new], begins)
        order = self.shop.make_order(self.users[n], self.rows[new])
        held = self.users[n].oscar_subscriptions.get(plan=self.rows[old])
        self.shop.keep_consent(order, self.rows[new], changes=held, at_end=True)
        self._pay(n, stretch, order)
        return True

    def _pay(self, n: int, stretch: Stretch, order: Any) -> None:
        Order.objects.filter(pk=order.pk).update(status=invariants.CAPTURED)
        done = fulfilment.order_paid(order)
        assert done.created, done
        self._given(n, stretch, done.term)
        # The provider says everything twice.
        if self.random.random() < 0.1:
            assert not fulfilment.order_paid(order).created

    def withdraw(self, n: int) -> bool:
        shown = [m for m, one in enumerate(self.members) if one.in_shop]
        if not shown:
            return False
        n = self.random.choice(shown)
        member = self.members[n]
        number = member.in_shop.pop(self.random.randrange(len(member.in_shop)))
        member.withdrawn.append(number)
        services.withdraw(self._service(number), self._seller(n))
        return True

    def publish(self, n: int) -> bool:
        able = [
            m
            for m, one in enumerate(self.members)
            if one.withdrawn and one.is_seller(self.day) and one.room(self.day) > 0
        ]
        if not able:
            return False
        n = self.random.choice(able)
        member = self.members[n]
        number = member.withdrawn.pop()
        member.in_shop.append(number)
        services.publish(self._service(number), self._seller(n))
        return True
