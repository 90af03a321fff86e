"""What operators do: give days, hand over, edit a plan, block an account."""

from typing import Any

from oscar_subscriptions.fulfilment import goodwill, grants, handovers
from tests.simulation import invariants
from tests.simulation.reversals import Reversals
from tests.simulation.world import CONDITIONS, REASON, Subscription, User


class Operators(Reversals):
    """Each event returns whether anything happened."""

    def _by(self) -> dict[str, Any]:
        return {"reason": REASON, "actor": self.operator}

    def grant(self, n: int) -> bool:
        plan, days = self._plan(n), self.random.choice([1, 10, 45])
        return self._give_days(
            n,
            plan,
            days,
            lambda: grants.grant(self.users[n], self.rows[plan], days=days, **self._by()),
        )

    def extend(self, n: int) -> bool:
        held = [one.plan for one in self.members[n].stretches]
        if not held:
            return False
        plan, days = held[-1], self.random.choice([1, 5, 29])
        subscription = self.users[n].oscar_subscriptions.get(plan=self.rows[plan])
        allowed = self.members[n].runs(plan, self.day)
        return self._give_days(
            n, plan, days, lambda: grants.extend(subscription, days, **self._by()), allowed
        )

    def _give_days(self, n: int, plan: int, days: int, act: Any, allowed: bool = True) -> bool:
        member, now = self.members[n], self.plans[plan]
        if not allowed or member.is_frozen(plan):
            try:
                act()
            except grants.NotGrantedError:
                return True
            raise AssertionError("granted although the model says no")
        stretch = member.get_days(plan, days, now.grace, now.limit, self.day)
        self._given(n, stretch, act())
        return True

    def hand_over(self, n: int) -> bool:
        candidates = [m for m, one in enumerate(self.members) if one.is_seller(self.day)]
        if not candidates:
            return False
        here = self.random.choice(candidates)
        there = (here + 3) % len(self.members)
        giver, taker = self.members[here], self.members[there]
        plan = giver.stretches[-1].plan
        rest = [one for one in giver.held(plan) if one.last >= self.day]
        subscription = self.users[here].oscar_subscriptions.get(plan=self.rows[plan])
        act = lambda: handovers.hand_over(subscription, self.users[there], **self._by())  # noqa: E731
        if not rest or giver.is_frozen(plan) or taker.is_frozen(plan):
            try:
                act()
            except grants.NotGrantedError:
                return True
            raise AssertionError("handed over although the model says no")
        rest.sort(key=lambda one: one.first)
        behind = taker.runs(plan, self.day)
        for one in rest:
            one.is_revoked = True
            giver.tidy(self.day)
            for _m, stretch, term in self.terms:
                if stretch is one and term.order_line_id:
                    self._write(term, invariants.MOVED)
        for one, term in zip(rest, act(), strict=True):
            if behind:
                days = one.last - max(one.first, self.day) + 1
                moved = taker.get_days(plan, days, one.grace, one.limit, self.day)
            else:
                moved = taker.get_rest(one, self.day)
            self._given(there, moved, term)
        return True

    def give_goodwill(self, n: int) -> bool:
        """A week for everybody with the plan among eight members."""
        numbers = [(n + step) % len(self.members) for step in range(0, 24, 3)]
        plan = n % 3
        subscriptions = Subscription.objects.filter(
            plan=self.rows[plan], user__in=[self.users[m] for m in numbers]
        )
        asked = list(subscriptions.order_by("pk"))
        by_user = {self.users[m].pk: m for m in numbers}
        got = []
        for subscription in asked:
            m = by_user[subscription.user_id]
            member, now = self.members[m], self.plans[plan]
            if member.runs(plan, self.day) and not member.is_frozen(plan):
                got.append((m, member.get_days(plan, 7, now.grace, now.limit, self.day)))
        promised = [one for one in goodwill.preview(subscriptions, 7) if one.would_end_on]
        gift = goodwill.give(subscriptions, 7, **self._by())
        assert [one.would_end_on for one in promised] == [term.ends_on for term in gift.terms]
        assert len(gift.refused) == len(asked) - len(got)
        for (m, stretch), term in zip(got, gift.terms, strict=True):
            self._given(m, stretch, term)
        self.batches.append((gift.batch, got))
        return bool(got)

    def undo_goodwill(self, n: int) -> bool:
        if not self.batches:
            return False
        batch, got = self.batches.pop()
        gone = 0
        for m, stretch in got:
            member = self.members[m]
            later = any(one.first > stretch.last for one in member.held(stretch.plan))
            if not stretch.is_revoked and stretch.until >= self.day and not later:
                stretch.is_revoked = True
                gone += 1
                member.tidy(self.day)
        revoked, _kept = goodwill.undo(batch, **self._by())
        assert len(revoked) == gone
        return True

    def edit_plan(self, n: int) -> bool:
        self._set_plan(n % 3, self.random.choice(CONDITIONS))
        return True

    def block(self, n: int) -> bool:
        """Somebody is blocked by staff, or unblocked; the next run sees to the services."""
        blocked = [m for m, one in enumerate(self.members) if one.is_blocked]
        m = self.random.choice(blocked) if blocked and self.random.random() < 0.6 else n
        user, member = self.users[m], self.members[m]
        member.is_blocked = not member.is_blocked
        user.is_active = not member.is_blocked
        User.objects.filter(pk=user.pk).update(is_active=user.is_active)
        self.blocked_today = True
        return True
