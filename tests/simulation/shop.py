"""Does the same things to the model and to the shop, and compares them."""

from datetime import UTC, date, datetime, time, timedelta
from math import inf
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.db import connection
from oscar.core.loading import get_model

from oscar_subscriptions import (
    conf,
    fulfilment,
    goodwill,
    grants,
    lifecycle,
    rules,
    sellers,
)
from oscar_subscriptions.members import actions
from tests.simulation import invariants
from tests.simulation.model import Member, Plan, Stretch

Notification = get_model("oscar_subscriptions", "Notification")
Order = get_model("order", "Order")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")
StockRecord = get_model("partner", "StockRecord")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")
User = get_user_model()

REASON = "simulated"
ZONE = ZoneInfo("Europe/Paris")

# (months, grace, limit) that a plan may be given.
CONDITIONS = [(18, 0, None), (12, 10, 2), (24, 0, 3), (24, 20, 1), (36, 0, None), (6, 5, 2)]

# What happens to somebody besides buying, and how often.
EVENTS = {
    "refund": 5,
    "refund_fails": 3,
    "dispute": 4,
    "settle": 4,
    "grant": 2,
    "extend": 3,
    "hand_over": 2,
    "give_goodwill": 1,
    "undo_goodwill": 1,
    "change": 3,
    "edit_plan": 2,
    "withdraw": 4,
    "publish": 5,
    "block": 2,
}


class SimulatedShop:
    """Members, their models, and the days.

    Args:
        shop: a ``factories.Shop``.
        clock: ``time_machine``.
        seed: of everything that is left to chance.
        members: how many.
        first: the first day.
        days: how many.
    """

    def __init__(
        self, shop: Any, clock: Any, *, seed: int, members: int, first: date, days: int
    ) -> None:
        self.shop, self.clock, self.random = shop, clock, Random(seed)
        self.first = first.toordinal()
        self.day, self.end = self.first - 1, self.first + days
        self.log: list[str] = []
        self.counts: dict[str, int] = {}
        self._at(first, 0)
        self.operator = shop.make_user("operator", is_staff=True)
        User.objects.bulk_create(
            User(username=f"member{n}", email=f"member{n}@example.com", password="!")
            for n in range(members)
        )
        self.users = list(User.objects.filter(username__startswith="member").order_by("pk"))
        self.members = [Member() for _ in self.users]
        self.rows = [shop.make_plan(f"Plan {n}") for n in range(3)]
        self.plans = [Plan(0, 0, 0) for _ in self.rows]
        for n, conditions in enumerate(CONDITIONS[:3]):
            self._set_plan(n, conditions)
        # Their terms and services in the shop: by stretch, and by the model's number.
        self.terms: list[tuple[int, Stretch, Any]] = []
        self.services: dict[int, Any] = {}
        self.batches: list[tuple[Any, list[tuple[int, Stretch]]]] = []
        # When somebody means to buy: his first purchase here, later ones when the last ends.
        self.intentions: dict[int, list[int]] = {}
        self._import(members * 2 // 3)
        for n in range(members * 2 // 3, members):
            self._intend(n, self.first + self.random.randrange(days))
        self.cron_is_dead_until = 0

    def _import(self, members: int) -> None:
        """Members whose present term was sold by the software of before."""
        partners = Partner.objects.bulk_create(
            Partner(name=sellers.display_name(user), code=f"imported-{user.pk}")
            for user in self.users[:members]
        )
        Seller.objects.bulk_create(
            Seller(user=user, partner=partner)
            for user, partner in zip(self.users, partners, strict=False)
        )
        subscriptions = Subscription.objects.bulk_create(
            Subscription(user=user, plan=self.rows[n % 3])
            for n, user in enumerate(self.users[:members])
        )
        for n, subscription in enumerate(subscriptions):
            # Every other on the 31st, from which eighteen months end on the last of February.
            begun = self.first - self.random.randrange(365)
            if self.random.random() < 0.5:
                begun = date(2015, 8, 31).toordinal()
            stretch = self.members[n].buy(n % 3, self.plans[n % 3], begun)
            term = Term(
                subscription=subscription,
                grant_reason="Imported",
                granted_by_name="Import",
                starts_on=date.fromordinal(stretch.first),
                ends_on=date.fromordinal(stretch.last),
                covered_until=date.fromordinal(stretch.until),
                anchor=date.fromordinal(stretch.chain),
                listing_limit=self.rows[n % 3].listing_limit,
                grace_days=stretch.grace,
            )
            self.terms.append((n, stretch, term))
            self._intend_to_renew(n, stretch)
        Term.objects.bulk_create(term for _n, _stretch, term in self.terms)
        self.day = self.first
        for n in range(members):
            self._make_services(n)
        self.day = self.first - 1

    # --- A day ----------------------------------------------------------------------------------

    def live(self) -> None:
        """Live through one day: the run in the night, what members do, and the questions."""
        self.day += 1
        today = date.fromordinal(self.day)
        self.blocked_today = self.written_today = False
        self._at(today, 3)
        swept = self._run(today)
        buyers = self.intentions.pop(self.day, [])
        if buyers or self.random.random() < 0.065:
            self._at(today, self.random.uniform(0, 23.99))
            for n in buyers:
                self._do("buy", n)
            if not buyers:
                [event] = self.random.choices(list(EVENTS), EVENTS.values())
                self._do(event, self.random.randrange(len(self.users)))
            self._at(today, 23.999)
        found = invariants.violations(
            today, written=self.written_today, swept=swept and not self.blocked_today
        )
        assert not found, found
        if self.day % 5 == 0:
            self._compare_one(self.random.randrange(len(self.users)))
        if date.fromordinal(self.day + 1).day == 1:
            self._compare_all()

    def _run(self, today: date) -> bool:
        """The daily run, unless the machine is off.

        Of those that have nothing to do one in twenty is made: what they cost is all in the
        building of statements, and that they do nothing is seen often enough.
        """
        if self.day > self.cron_is_dead_until and self.random.random() < 0.01:
            self.cron_is_dead_until = self.day + self.random.randrange(12)
        if self.day <= self.cron_is_dead_until:
            self._count("dead")
            self._compare_what_is_for_sale()
            return False
        expected = []
        for user, member in zip(self.users, self.members, strict=True):
            if said := member.tidy(self.day):
                name = f"services of {sellers.display_name(user)}"
                expected.append(f"{name} {'parked' if said == 'parked' else 'back in the shop'}")
        if not expected and self.random.random() > 0.05:
            return True
        # The mail server has taken what was written yesterday.
        Notification.objects.filter(sent_at=None).update(sent_at=datetime.now(UTC))
        self.written_today = True
        outcomes = list(lifecycle.run())
        assert not [outcome for outcome in outcomes if outcome.failed], outcomes
        said = [one.message for one in outcomes if one.message.startswith("services of ")]
        assert sorted(said) == sorted(expected), (said, expected)
        self._count("run" if expected else "run with nothing to do")
        return True

    def _do(self, event: str, n: int) -> None:
        self.written_today = True
        self.log.append(f"{date.fromordinal(self.day)} member{n} {event}")
        if getattr(self, event)(n):
            self._count(event)
        else:
            self.log[-1] += ": nothing"

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    def _at(self, day: date, hour: float) -> None:
        moment = datetime.combine(day, time(0), ZONE) + timedelta(hours=hour)
        self.clock.move_to(moment, tick=False)

    # --- What members do ------------------------------------------------------------------------

    def _intend(self, n: int, day: int) -> None:
        if self.day < day < self.end:
            self.intentions.setdefault(day, []).append(n)

    def _plan(self, n: int) -> int:
        """A member mostly stays with one plan."""
        return n % 3 if self.random.random() < 0.9 else self.random.randrange(3)

    def buy(self, n: int) -> bool:
        plan, member = self._plan(n), self.members[n]
        stretch = member.buy(plan, self.plans[plan], self.day)
        self._pay(n, stretch, self.shop.write_order(self.users[n], self.rows[plan]))
        self._intend_to_renew(n, stretch)
        return True

    def _intend_to_renew(self, n: int, stretch: Stretch) -> None:
        """Early, on the last day, in grace, late, or never again."""
        never = [10_000] * 11
        wait = self.random.choice([-60, -60, -60, 0, 0, 5, 11, 90, 400, *never])
        self._intend(n, max(self.day + 1, stretch.last + wait))

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
        order = self.shop.write_order(self.users[n], self.rows[new])
        held = self.users[n].subscriptions.get(plan=self.rows[old])
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
        member = self.members[self.random.choice(shown)]
        number = member.in_shop.pop(self.random.randrange(len(member.in_shop)))
        member.withdrawn.append(number)
        actions.withdraw(self._service(number))
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
        actions.publish(self._service(number), self._seller(n))
        return True

    # --- What a provider reports ----------------------------------------------------------------

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
            fulfilment.reinstate(term, reason=REASON)
            self.members[m].tidy(self.day)
        else:
            fulfilment.reinstate(term, reason=REASON)
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
            fulfilment.restore(term, reason=REASON)
        else:
            self._set(stretch, is_frozen=False, is_revoked=True)
            fulfilment.revoke(term, reason=REASON)
            fulfilment.restore(term, reason=REASON)
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

    # --- What operators do ----------------------------------------------------------------------

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
        subscription = self.users[n].subscriptions.get(plan=self.rows[plan])
        allowed = self.members[n].runs(plan, self.day)
        return self._give_days(
            n, plan, days, lambda: grants.extend(subscription, days, **self._by()), allowed
        )

    def _give_days(self, n: int, plan: int, days: int, act: Any, allowed: bool = True) -> bool:
        member, now = self.members[n], self.plans[plan]
        if not allowed or member.is_frozen(plan):
            try:
                act()
            except grants.NotGranted:
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
        subscription = self.users[here].subscriptions.get(plan=self.rows[plan])
        act = lambda: grants.hand_over(subscription, self.users[there], **self._by())  # noqa: E731
        if not rest or giver.is_frozen(plan) or taker.is_frozen(plan):
            try:
                act()
            except grants.NotGranted:
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

    def _set_plan(self, number: int, conditions: tuple[int, int, int | None]) -> None:
        row, plan = self.rows[number], self.plans[number]
        row.months, row.grace_days, row.listing_limit = conditions
        row.full_clean()
        row.save()
        plan.months, plan.grace = conditions[:2]
        plan.limit = inf if conditions[2] is None else conditions[2]

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

    # --- What follows ---------------------------------------------------------------------------

    def _given(self, n: int, stretch: Stretch, term: Any) -> None:
        """Compare the days, and make the new seller's services."""
        model = [stretch.first, stretch.last, stretch.until]
        days = [term.starts_on, term.ends_on, term.covered_until]
        assert [day.toordinal() for day in days] == model, (n, days, stretch)
        if term.order_line_id:
            term.fate = invariants.CAPTURED
        self.terms.append((n, stretch, term))
        member = self.members[n]
        member.tidy(self.day)
        is_new = not (member.in_shop or member.parked or member.withdrawn)
        if is_new and member.is_seller(self.day):
            self._make_services(n)

    def _make_services(self, n: int) -> None:
        member, seller = self.members[n], self._seller(n)
        made = [
            Product(title=f"Service {number} of {n}", product_class=self.shop.product_class)
            for number in range(self.random.choice([1, 1, 2, 3]))
        ]
        for number, product in enumerate(made):
            product.slug, product.is_public = "service", number < member.limit(self.day)
        for product in Product.objects.bulk_create(made):
            self.services[product.pk] = product
            (member.in_shop if product.is_public else member.withdrawn).append(product.pk)
        StockRecord.objects.bulk_create(
            StockRecord(product=one, partner=seller.partner, partner_sku=str(one.pk), price="50")
            for one in made
        )

    def _service(self, number: int) -> Any:
        return Product.objects.get(pk=number)

    def _seller(self, n: int) -> Any:
        return sellers.get_seller(self.users[n])

    # --- Compared -------------------------------------------------------------------------------

    def _compare_one(self, n: int) -> None:
        """Ask the shop one question about one member; another one next time."""
        user, member = self.users[n], self.members[n]
        if self.random.random() < 0.5:
            sellers.forget(user)  # as a new request does
            assert sellers.is_seller(user) == member.is_seller(self.day), n
        else:
            last = sellers.last_day(user)
            assert (last and last.toordinal()) == member.last_day(self.day), (n, last)

    def _compare_all(self) -> None:
        """Ask who is a seller, and which services are in the shop, of all members at once."""
        covering = Term.objects.covering(conf.today()).filter(subscription__user__is_active=True)
        active = set(covering.values_list("subscription__user", flat=True))
        expected = {
            user.pk
            for user, member in zip(self.users, self.members, strict=True)
            if member.is_seller(self.day)
        }
        assert active == expected
        services = Product.objects.filter(pk__in=self.services, is_public=True)
        shown = {number for member in self.members for number in member.in_shop}
        assert set(services.values_list("pk", flat=True)) == shown

    def _compare_what_is_for_sale(self) -> None:
        """While the run is dead, nothing of a lapsed seller can be bought although it is shown."""
        for member in self.members:
            if member.in_shop and not member.is_seller(self.day):
                product = self._service(member.in_shop[0])
                assert rules.problem_with_product(product)
                self._count("refused on the shelf")
                return

    def count_rows(self) -> dict[str, int]:
        """Return how much has happened, for whoever asks whether it was enough."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM oscar_subscriptions_term")
            return self.counts | {"terms": cursor.fetchone()[0]}
