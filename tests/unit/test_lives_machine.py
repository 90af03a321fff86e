"""Whatever happens to a subscription, in whatever order: the rows say what was paid for, once."""

from datetime import datetime

from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, sellers
from oscar_subscriptions.fulfilment import goodwill, grants, handovers, ledger
from tests.properties import DAY, any_day, check_apart, check_year, graces, lengths, steady, waits

Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


class Life(RuleBasedStateMachine):
    """Two members and all that can happen to their terms of one plan; ``shop`` and ``clock`` are
    set by the test. Each example is undone when it is over."""

    @initialize(day=any_day)
    def begin(self, day):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = day
        self._move(0)
        self.plan = self.shop.make_plan("Any")
        self.users = [self.shop.make_user(name) for name in ("ada", "other")]
        self.operator = self.shop.make_user("operator", is_staff=True)
        self.by = {"reason": "any", "actor": self.operator}
        self.dates, self.batches = {}, []

    def teardown(self):
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def _move(self, days):
        self.now += days * DAY
        self.clock.move_to(datetime(*self.now.timetuple()[:3], 12), tick=False)

    def _held(self, user):
        return list(Term.objects.of(user).not_revoked())

    def _any(self, which, **state):
        rows = list(Term.objects.filter(**state).order_by("pk"))
        return rows[which % len(rows)] if rows else None

    @rule(days=waits)
    def days_pass(self, days):
        self._move(days)

    @rule(who=st.integers(0, 1), late=st.booleans())
    def buy(self, who, late):
        user = self.users[who]
        order = self.shop.make_order(user, self.plan)
        if late:
            self._move(1)
        before = self._held(user)
        term = fulfilment.order_paid(order).term
        check_year(term, self.plan.months, conf.today(), before)
        assert fulfilment.order_paid(order).term == term

    @rule(who=st.integers(0, 1), days=st.integers(1, 400))
    def grant(self, who, days):
        self._gift(
            who, days, lambda: grants.grant(self.users[who], self.plan, days=days, **self.by)
        )

    @rule(who=st.integers(0, 1), days=st.integers(1, 40))
    def extend(self, who, days):
        subscription = self.users[who].oscar_subscriptions.first()
        if subscription is not None:
            self._gift(who, days, lambda: grants.extend(subscription, days, **self.by))

    def _gift(self, who, days, act):
        before = self._held(self.users[who])
        try:
            term = act()
        except grants.NotGrantedError:
            return
        assert (term.ends_on - term.starts_on).days + 1 == days
        if any(one.covered_until >= self.now for one in before):
            assert term.starts_on == max(one.ends_on for one in before) + DAY
        else:
            assert term.starts_on == self.now

    @rule()
    def hand_over(self):
        here = self.users[0].oscar_subscriptions.first()
        if here is None:
            return
        rest = [one for one in self._held(self.users[0]) if one.ends_on >= self.now]
        try:
            moved = handovers.hand_over(here, self.users[1], **self.by)
        except grants.NotGrantedError:
            return
        assert sum((one.ends_on - max(one.starts_on, self.now)).days + 1 for one in rest) == sum(
            (one.ends_on - one.starts_on).days + 1 for one in moved
        )
        assert [one for one in self._held(self.users[0]) if one.ends_on >= self.now] == []

    @rule(days=st.integers(1, 30))
    def give_goodwill(self, days):
        everybody = Subscription.objects.all()
        promised = [one.would_end_on for one in goodwill.preview(everybody, days)]
        gift = goodwill.give(everybody, days, **self.by)
        assert [day for day in promised if day] == [term.ends_on for term in gift.terms]
        self.batches.append(gift.batch)

    @precondition(lambda self: self.batches)
    @rule()
    def undo_goodwill(self):
        gaps = self._gaps()
        goodwill.undo(self.batches.pop(), **self.by)
        assert self._gaps() <= gaps

    def _gaps(self):
        """The terms that no other one touches at their first day."""
        rows = list(Term.objects.not_revoked())
        ends = {(one.subscription_id, one.ends_on + DAY) for one in rows}
        return {one.pk for one in rows if (one.subscription_id, one.starts_on) not in ends}

    @rule(which=st.integers(0, 20))
    def suspend(self, which):
        if term := self._any(which, revoked_at=None):
            ledger.suspend(term, reason="dispute")

    @rule(which=st.integers(0, 20))
    def resume(self, which):
        if term := self._any(which, suspended_at__isnull=False):
            ledger.resume(term, reason="won")

    @rule(which=st.integers(0, 20))
    def revoke(self, which):
        if term := self._any(which):
            ledger.revoke(term, reason="refund")

    @rule(which=st.integers(0, 20))
    def restore(self, which):
        if term := self._any(which, revoked_at__isnull=False):
            ledger.restore(term, reason="refund failed")

    @rule(months=lengths, grace=graces)
    def edit_plan(self, months, grace):
        self.plan.months, self.plan.grace_days = months, grace
        self.plan.full_clean()
        self.plan.save()

    @invariant()
    def no_date_was_edited_and_no_day_is_sold_twice(self):
        if not hasattr(self, "dates"):
            return
        rows = list(Term.objects.select_related("subscription"))
        for row in rows:
            assert self.dates.setdefault(row.pk, row.span) == row.span
        assert len(rows) == len(self.dates)
        for user in self.users:
            check_apart(
                row
                for row in rows
                if row.subscription.user_id == user.pk and row.revoked_at is None
            )
            covers = any(
                row.covers(self.now) for row in rows if row.subscription.user_id == user.pk
            )
            sellers.forget(user)
            assert sellers.is_seller(user) == covers


def test_whatever_happens_to_a_subscription(shop, time_machine, no_mails):
    machine = type("TestedLife", (Life,), {"shop": shop, "clock": time_machine})
    run_state_machine_as_test(
        machine, settings=settings(steady, max_examples=20, stateful_step_count=14)
    )
