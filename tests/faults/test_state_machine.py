"""Purchases, payments, notifications, refunds, disputes, renewals, the clock and crashes, shuffled.

Hypothesis chooses what happens next; a small model, which knows only what the provider was told to
do, says what must come of it. After each step the terms must be in order; after each run, all that
the provider knows must have arrived, whatever was lost, doubled, disordered or killed on the way.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from hypothesis import HealthCheck, settings
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

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from shop.search import ShopBackend
from standin.testing import ControlError
from tests import base_rows, factories, flushing
from tests.bank import PRICE, Payment
from tests.faults import crash, invariants

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEGIN = datetime(2024, 2, 28, 12, tzinfo=UTC)
# The provider lists its events for 30 days; a run that is dead for longer needs webhooks.
LONGEST_WITHOUT_A_RUN = 25
PATIENT = settings(
    max_examples=8,
    stateful_step_count=18,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def a_year_after(anchor: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th."""
    try:
        return anchor.replace(year=anchor.year + years)
    except ValueError:
        return anchor.replace(year=anchor.year + years, day=28)


class Purchase:
    """What the model knows of one order.

    ``days`` is ``None`` until the shop has heard of the payment; ``refunds`` and ``dispute`` are
    what the provider was told to do.
    """

    def __init__(self, payment: Payment) -> None:
        self.payment = payment
        self.is_paid = False
        self.refunds: dict[str, tuple[int, str]] = {}
        self.dispute: tuple[str, str] | None = None
        self.days: tuple[date, date] | None = None
        self.anchor: date | None = None

    @property
    def state(self) -> str:
        """What the term must be once the shop knows everything."""
        back = sum(amount for amount, status in self.refunds.values() if status == "succeeded")
        status = self.dispute[1] if self.dispute else ""
        if not self.is_paid:
            return ""
        if back >= PRICE or status == "lost":
            return "revoked"
        return "suspended" if status in ("needs_response", "under_review") else "valid"


class Shop(RuleBasedStateMachine):
    """The world: two members, the provider, the calendar."""

    standin: Any
    webhook: Any

    def __init__(self) -> None:
        super().__init__()
        self.purchases: list[Purchase] = []
        self.travel = time_machine.travel(BEGIN)
        self.clock = self.travel.start()
        self.days_since_run = 0

    @initialize(copies=st.integers(1, 2))
    def open_shop(self, copies: int) -> None:
        self.standin.control("reset")
        self.standin.delivery(hold=True, duplicate=copies)
        self.shop = factories.Shop()
        self.members = [self.shop.make_user(f"m{number}") for number in range(2)]
        call_command("subscriptions_webhook", url=self.webhook.url, verbosity=0)

    def teardown(self) -> None:
        try:
            if hasattr(self, "shop"):
                self.run()
        finally:
            self.travel.stop()
            flushing.empty(base_rows.ALIAS)
            base_rows.restore()

    # What members and banks do

    @rule(member=st.integers(0, 1), at_once=st.booleans())
    def buy(self, member: int, at_once: bool) -> None:
        one = Purchase(Payment(self.shop, self.standin, self.members[member]))
        self.purchases.append(one)
        if at_once:
            self.standin.pay(one.payment.session)
            one.is_paid = True

    @precondition(lambda self: any(not one.is_paid for one in self.purchases))
    @rule(data=st.data())
    def pay(self, data: Any) -> None:
        unpaid = [one for one in self.purchases if not one.is_paid]
        one = data.draw(st.sampled_from(unpaid))
        answer = self.standin.pay(one.payment.session)
        one.is_paid = answer["session"]["payment_status"] == "paid"

    @precondition(lambda self: self.purchases)
    @rule(data=st.data())
    def come_back(self, data: Any) -> None:
        one = data.draw(st.sampled_from(self.purchases))
        reconcile(one.payment.attempt)
        self.learn()

    @precondition(lambda self: any(one.is_paid for one in self.purchases))
    @rule(data=st.data(), part=st.booleans(), status=st.sampled_from(["succeeded", "pending"]))
    def refund(self, data: Any, part: bool, status: str) -> None:
        one = self.a_paid_one(data)
        amount = PRICE // 3 if part else None
        how = {"amount": amount} if amount else {}
        try:
            made = self.standin.control(
                f"charges/{one.payment.session}/refund", status=status, **how
            )
        except ControlError:  # nothing is left, or it is disputed
            return
        one.refunds[made["id"]] = (made["amount"], "succeeded")  # one under way counts as well

    @precondition(lambda self: any(one.refunds for one in self.purchases))
    @rule(data=st.data(), status=st.sampled_from(["failed", "canceled"]))
    def refund_fails(self, data: Any, status: str) -> None:
        one = data.draw(st.sampled_from([one for one in self.purchases if one.refunds]))
        refund = data.draw(st.sampled_from(sorted(one.refunds)))
        self.standin.control(f"refunds/{refund}", status=status)
        one.refunds[refund] = (one.refunds[refund][0], status)

    @precondition(lambda self: any(one.is_paid for one in self.purchases))
    @rule(
        data=st.data(),
        inquiry=st.booleans(),
        end=st.sampled_from(["lost", "won", "under_review", ""]),
    )
    def dispute(self, data: Any, inquiry: bool, end: str) -> None:
        one = self.a_paid_one(data)
        try:
            made = self.standin.control(f"charges/{one.payment.session}/dispute", inquiry=inquiry)
        except ControlError:  # it is disputed already
            return
        one.dispute = (made["id"], made["status"])
        if end and not inquiry:
            self.standin.control(f"disputes/{made['id']}", status=end)
            one.dispute = (made["id"], end)

    @precondition(lambda self: any(one.dispute for one in self.purchases))
    @rule(data=st.data(), status=st.sampled_from(["under_review", "won", "lost"]))
    def dispute_goes_on(self, data: Any, status: str) -> None:
        one = data.draw(st.sampled_from([one for one in self.purchases if one.dispute]))
        assert one.dispute is not None
        if one.dispute[1].startswith("warning"):
            status = "warning_closed"
        try:
            self.standin.control(f"disputes/{one.dispute[0]}", status=status)
        except ControlError:  # it is over
            return
        one.dispute = (one.dispute[0], status)

    # What arrives, and what does not

    @rule(order=st.sampled_from(["created", "reverse", "random"]))
    def notifications_arrive(self, order: str) -> None:
        self.standin.release(order=order)
        self.standin.flush(timeout=60)
        self.learn()

    @rule(commit=st.integers(1, 12), after=st.booleans())
    def run_is_killed(self, commit: int, after: bool) -> None:
        crash.killed(
            lambda: call_command("subscriptions_run", verbosity=0), commit=commit, after=after
        )
        self.learn()

    @rule()
    def run(self) -> None:
        call_command("subscriptions_run", verbosity=0)
        self.days_since_run = 0
        self.learn()
        for one in self.purchases:
            assert one.payment.state == one.state, (one.payment.order, one.refunds, one.dispute)
        for member in self.members:
            user = type(member).objects.get(pk=member.pk)
            assert sellers.is_seller(user) == self.must_sell(member)
        invariants.check(self.shop, swept=True)

    @rule(days=st.integers(1, LONGEST_WITHOUT_A_RUN))
    def days_pass(self, days: int) -> None:
        if self.days_since_run + days > LONGEST_WITHOUT_A_RUN:
            self.run()
        self.days_since_run += days
        self.clock.shift(timedelta(days=days))

    @rule(days=st.integers(300, 400))
    def a_year_passes(self, days: int) -> None:
        self.run()
        self.clock.shift(timedelta(days=days))
        self.run()

    # What must hold after each step

    @invariant()
    def terms_are_in_order(self) -> None:
        assert not list(invariants._overlaps())
        paid = set(Attempt.objects.filter(status="paid").values_list("order", flat=True))
        valid = Term.objects.valid().values_list("order_line__order", flat=True)
        assert set(valid) <= paid
        for one in self.purchases:
            if one.days is not None:
                term = one.payment.term
                assert term is not None
                assert (term.starts_on, term.ends_on) == one.days

    # The model's own calendar

    def learn(self) -> None:
        """Check the days of what the shop has just heard of, and keep them."""
        for term in Term.objects.order_by("pk"):
            one = next(p for p in self.purchases if p.payment.order.pk == term.order_line.order_id)
            if one.days is None:
                one.days, one.anchor = self.days_of_a_new_year(one, term)
                assert (term.starts_on, term.ends_on) == one.days, one.payment.order

    def days_of_a_new_year(self, one: Purchase, term: Any) -> tuple[tuple[date, date], date]:
        today = conf.today()
        earlier = Term.objects.not_revoked().filter(
            subscription=term.subscription, ends_on__lt=term.starts_on
        )
        before = [
            p
            for p in self.purchases
            if p.days
            and p.payment.order.pk in set(earlier.values_list("order_line__order", flat=True))
        ]
        last = max(before, key=lambda p: p.days[1], default=None)  # type: ignore[index]
        if last is None or last.days is None or last.anchor is None or last.days[1] < today:
            return (today, a_year_after(today, 1)), today
        years = last.days[1].year - last.anchor.year + 1
        begins = last.days[1] + timedelta(days=1)
        return (begins, a_year_after(last.anchor, years)), last.anchor

    def must_sell(self, member: Any) -> bool:
        today = conf.today()
        return any(
            one.days is not None and one.days[0] <= today <= one.days[1] and one.state == "valid"
            for one in self.purchases
            if one.payment.user == member
        )

    def a_paid_one(self, data: Any) -> Purchase:
        return data.draw(st.sampled_from([one for one in self.purchases if one.is_paid]))


def test_whatever_happens_every_cent_has_its_place(webhook, standin, monkeypatch):
    # The search index is none of this; its lock file would be shared with the killed processes.
    for name in ("update", "remove"):
        monkeypatch.setattr(ShopBackend, name, lambda *args, **kwargs: None)
    machine = type("Machine", (Shop,), {"standin": standin, "webhook": webhook})
    run_state_machine_as_test(machine, settings=PATIENT)
