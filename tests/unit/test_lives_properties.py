"""Whatever happens to a subscription, in whatever order: what was paid for is there, once.

The same examples in every run; a failure prints the blob that plays it again.
"""

from calendar import monthrange
from datetime import date, datetime, timedelta
from itertools import pairwise
from unittest import mock

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
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

from oscar_subscriptions import (
    conf,
    fulfilment,
    goodwill,
    grants,
    listings,
    notifications,
    sellers,
    standing,
    terms,
)

Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

DAY = timedelta(days=1)
steady = settings(
    derandomize=True,
    deadline=None,
    print_blob=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

month_ends = st.builds(
    lambda year, month: date(year, month, monthrange(year, month)[1]),
    st.integers(2015, 2040),
    st.integers(1, 12),
)
any_day = st.dates(date(2015, 1, 1), date(2040, 12, 31)) | month_ends
waits = st.sampled_from([0, 1, 1, 9, 10, 11, 28, 31, 364, 365, 366, 367, 800])
lengths = st.sampled_from([1, 6, 12, 12, 24])
graces = st.sampled_from([0, 0, 1, 10, 27])


def months_later(day, months):
    """Written without the library that the code uses."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def check_year(term, months, today, before):
    """A purchase continues what covers today, or begins today; and has all its months."""
    covers = [one for one in before if one.covered_until >= today]
    if covers:
        assert term.starts_on == max(one.ends_on for one in before) + DAY
        assert term.anchor == max(before, key=lambda one: one.ends_on).anchor
        eve = term.starts_on - DAY
    else:
        assert term.starts_on == term.anchor == today
        eve = today
    assert term.ends_on >= months_later(eve, months)
    # Nor does the last day drift: it is the anchor's day of the month, if that month has one.
    month = months_later(term.ends_on.replace(day=1), 1) - DAY
    assert term.ends_on.day == min(term.anchor.day, month.day)


def check_apart(held):
    """No two terms share a day."""
    rows = sorted(held, key=lambda one: one.starts_on)
    for one, following in pairwise(rows):
        assert one.ends_on < following.starts_on, (one, following)


# --- The arithmetic alone -----------------------------------------------------------------------

purchases = st.tuples(st.just("buy"), lengths, graces)
gifts = st.tuples(st.just("grant"), st.integers(1, 400), graces)
credited = st.tuples(st.just("credit"), st.integers(0, 400), graces)
reversals = st.tuples(st.just("revoke"), st.integers(0, 9), graces)
returns = st.tuples(st.just("reinstate"), st.integers(0, 9), graces)
moves = purchases | purchases | gifts | credited | reversals | returns


@settings(steady, max_examples=300)
@given(any_day, st.lists(st.tuples(waits, moves), max_size=14))
def test_no_year_is_shortened_and_no_day_is_sold_twice(today, life):
    held, revoked = [], []
    for wait, (kind, number, grace) in life:
        today += wait * DAY
        before = list(held)
        if kind == "buy":
            held.append(terms.bought(today, number, grace, held))
            check_year(held[-1], number, today, before)
        elif kind == "credit":
            year = terms.bought(today, 12, grace, held)
            check_year(year, 12, today, before)
            held.append(terms.with_credit(year, number))
            assert (held[-1].ends_on - year.ends_on).days == number
            assert held[-1].anchor == (held[-1].ends_on if number else year.anchor)
        elif kind == "grant":
            held.append(terms.granted(today, number, grace, held))
            assert (held[-1].ends_on - held[-1].starts_on).days + 1 == number
        elif kind == "revoke" and held:
            revoked.append(held.pop(number % len(held)))
        elif kind == "reinstate" and revoked:
            back = revoked[number % len(revoked)]
            if not any(
                one.starts_on <= back.ends_on and back.starts_on <= one.ends_on for one in held
            ):
                held.append(revoked.pop(number % len(revoked)))
        check_apart(held)
        for one in held:
            assert one.anchor <= one.ends_on <= one.covered_until


# --- The rows -----------------------------------------------------------------------------------


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
        order = self.shop.write_order(user, self.plan)
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
        subscription = self.users[who].subscriptions.first()
        if subscription is not None:
            self._gift(who, days, lambda: grants.extend(subscription, days, **self.by))

    def _gift(self, who, days, act):
        before = self._held(self.users[who])
        try:
            term = act()
        except grants.NotGranted:
            return
        assert (term.ends_on - term.starts_on).days + 1 == days
        if any(one.covered_until >= self.now for one in before):
            assert term.starts_on == max(one.ends_on for one in before) + DAY
        else:
            assert term.starts_on == self.now

    @rule()
    def hand_over(self):
        here = self.users[0].subscriptions.first()
        if here is None:
            return
        rest = [one for one in self._held(self.users[0]) if one.ends_on >= self.now]
        try:
            moved = grants.hand_over(here, self.users[1], **self.by)
        except grants.NotGranted:
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
            standing.suspend(term, reason="dispute")

    @rule(which=st.integers(0, 20))
    def restore(self, which):
        if term := self._any(which, suspended_at__isnull=False):
            standing.restore(term, reason="won")

    @rule(which=st.integers(0, 20))
    def revoke(self, which):
        if term := self._any(which):
            standing.revoke(term, reason="refund")

    @rule(which=st.integers(0, 20))
    def reinstate(self, which):
        if term := self._any(which, revoked_at__isnull=False):
            standing.reinstate(term, reason="refund failed")

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


@pytest.fixture
def only_terms(no_index, monkeypatch):
    monkeypatch.setattr(notifications, "queue", lambda *args, **named: None)


def test_whatever_happens_to_a_subscription(shop, time_machine, only_terms):
    machine = type("TestedLife", (Life,), {"shop": shop, "clock": time_machine})
    run_state_machine_as_test(
        machine, settings=settings(steady, max_examples=20, stateful_step_count=14)
    )


# --- The shelf ----------------------------------------------------------------------------------

limits = st.sampled_from([0, 1, 2, 3, 4, None])
deeds = st.tuples(st.just("limit"), limits) | st.tuples(
    st.just("choose"), st.sets(st.integers(0, 3), max_size=4)
)


@pytest.fixture
def shelf(shop, only_terms):
    """A seller with four services."""
    seller = shop.make_seller()
    products = Product.objects.bulk_create(
        Product(title=str(number), slug="service", product_class=shop.product_class)
        for number in range(4)
    )
    StockRecord.objects.bulk_create(
        StockRecord(product=one, partner=seller.partner, partner_sku=str(one.pk), price="50")
        for one in products
    )
    return seller, products


@settings(steady, max_examples=25)
@given(
    history=st.lists(deeds, max_size=5),
    last=limits,
    down=st.lists(st.sampled_from([0, 0, 1, 2, 3]), min_size=1, max_size=3),
)
def test_whatever_is_parked_comes_back_as_it_was(shelf, history, last, down):
    """Whatever limits and choices were before: limits below today's, a lapse among them, and then
    today's again, leave the shelf as it is."""
    seller, products = shelf
    limit = None
    with (
        transaction.atomic(),
        # 0: nothing covers; None: no limit.
        mock.patch.object(sellers, "listing_limit", lambda user, day=None: limit),
    ):
        for deed, value in [*history, ("limit", last)]:
            if deed == "limit":
                limit = value
                listings.bring_in_line(seller)
            elif limit is None or len(value) <= limit:
                listings.choose(seller, [products[number].pk for number in value])
                listings.bring_in_line(seller)
        before = public(seller)
        for lower in down:
            limit = lower if last is None else min(lower, last)
            listings.bring_in_line(seller)
            assert len(public(seller)) <= limit
            assert public(seller) <= before
        limit = last
        listings.bring_in_line(seller)
        assert public(seller) == before
        transaction.set_rollback(True)


def public(seller):
    rows = listings.services(seller).filter(is_public=True)
    return set(rows.values_list("title", flat=True))
