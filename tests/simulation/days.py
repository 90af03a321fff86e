"""The days: the run in the night, what happens then, and everything that is asked of the shop."""

from datetime import UTC, date, datetime

from django.db import connection
from oscar.core.loading import get_model

from oscar_subscriptions import conf, sellers
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.plans import service_eligibility
from tests.simulation import invariants
from tests.simulation.members import Members
from tests.simulation.operators import Operators
from tests.simulation.world import Product, Term

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")

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


class SimulatedShop(Members, Operators):
    """A :class:`~tests.simulation.world.World` that lives one day after the other."""

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

        Of those that have nothing to do one in fifty is made: what they cost is all in the
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
                name = f"services of {sellers.public_name(user)}"
                expected.append(f"{name} {'parked' if said == 'parked' else 'back in the shop'}")
        if not expected and self.random.random() > 0.02:
            return True
        # The mail server has taken what was written yesterday.
        OutboxMail.objects.filter(sent_at=None).update(sent_at=datetime.now(UTC))
        self.written_today = True
        outcomes = list(runner.run())
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

    def _compare_one(self, n: int) -> None:
        """Ask the shop one question about one member; another one next time."""
        user, member = self.users[n], self.members[n]
        if self.random.random() < 0.5:
            sellers.forget(user)  # as a new request does
            assert sellers.is_seller(user) == member.is_seller(self.day), n
        else:
            last = sellers.seller_until(user)
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
                assert service_eligibility.problem_with_product(product)
                self._count("refused on the shelf")
                return

    def count_rows(self) -> dict[str, int]:
        """Return how much has happened, for whoever asks whether it was enough."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM oscar_subscriptions_term")
            return self.counts | {"terms": cursor.fetchone()[0]}
