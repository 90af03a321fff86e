"""The shop, its members and the model of each: what everything that happens to them needs."""

from datetime import date, datetime, time, timedelta
from math import inf
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from tests.simulation import invariants
from tests.simulation.model import Member, Plan, Stretch

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


class World:
    """Members, their models, and the clock.

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
            Partner(name=sellers.public_name(user), code=f"imported-{user.pk}")
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

    def _at(self, day: date, hour: float) -> None:
        moment = datetime.combine(day, time(0), ZONE) + timedelta(hours=hour)
        self.clock.move_to(moment, tick=False)

    def _set_plan(self, number: int, conditions: tuple[int, int, int | None]) -> None:
        row, plan = self.rows[number], self.plans[number]
        row.months, row.grace_days, row.listing_limit = conditions
        row.full_clean()
        row.save()
        plan.months, plan.grace = conditions[:2]
        plan.limit = inf if conditions[2] is None else conditions[2]

    def _intend(self, n: int, day: int) -> None:
        if self.day < day < self.end:
            self.intentions.setdefault(day, []).append(n)

    def _intend_to_renew(self, n: int, stretch: Stretch) -> None:
        """Early, on the last day, in grace, late, or never again."""
        never = [10_000] * 11
        wait = self.random.choice([-60, -60, -60, 0, 0, 5, 11, 90, 400, *never])
        self._intend(n, max(self.day + 1, stretch.last + wait))

    def _plan(self, n: int) -> int:
        """A member mostly stays with one plan."""
        return n % 3 if self.random.random() < 0.9 else self.random.randrange(3)

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
