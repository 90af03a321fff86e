"""Plays the lives of ``tests.lives``: moves the clock, calls what an event calls, asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, sellers
from oscar_subscriptions.dashboard.subscriptions import states
from oscar_subscriptions.fulfilment import goodwill, grants, handovers
from oscar_subscriptions.plans import changes
from oscar_subscriptions.plans.term_status import describe
from tests import lives

STATES = {code for code, _label in states.CHOICES}
REASON = "a day in the life"


@dataclass(frozen=True)
class Line:
    """One line of a life: who, when, what, about which plan, and what comes of it."""

    text: str
    day: date
    who: str
    words: list[str]
    plan: str
    expected: str


def read(life: str) -> Iterator[Line]:
    """Yield the lines of one life."""
    for text in filter(None, map(str.strip, life.splitlines())):
        words = text.split()
        day = date.fromisoformat(words.pop(0))
        who = words.pop(0)[:-1] if words[0].endswith(":") else "ada"
        plan = next((word[1:] for word in words if word.startswith("@")), "year")
        words = [word for word in words if not word.startswith("@") and word != "->"]
        dates = words.pop() if ".." in words[-1] or words[-1] == "refused" else ""
        yield Line(text, day, who, words, plan, dates)


class Player:
    """A shop with all plans, and two members.

    Args:
        shop: a ``factories.Shop``.
        clock: ``time_machine``.
        zone: the shop's timezone.
        at: when in the day things happen.
    """

    def __init__(self, shop: Any, clock: Any, zone: str, at: time) -> None:
        self.shop, self.clock, self.zone, self.at = shop, clock, ZoneInfo(zone), at
        self.plans = {
            name: shop.make_plan(name, months=months, grace_days=grace, listing_limit=limit)
            for name, (months, grace, limit) in lives.PLANS.items()
        }
        self.members = {name: shop.make_user(name) for name in ("ada", "other")}
        self.operator = shop.make_user("operator", is_staff=True)
        self.given: list[Any] = []
        self.ordered: Any = None
        self.batch: Any = None

    def play(self, life: str) -> Iterator[str]:
        """Live through ``life`` and yield every line that came out otherwise."""
        self.given = []
        for row in [*self.plans.values(), *self.members.values()]:
            row.refresh_from_db()  # an earlier life, undone since, may have edited it
        last_event = None
        for number, line in enumerate(read(life)):
            if line.words[0] in STATES | {"seller", "limit"}:
                # In the first and in the last second of the day.
                moments = [time(23, 59, 59)] if line.day == last_event else [time(0), time.max]
                for moment in moments:
                    self._move(line.day, moment)
                    if problem := self._wrong_answer(line):
                        yield f"{line.text}, at {moment:%H:%M:%S}: {problem}"
            else:
                last_event = line.day
                moment = datetime.combine(line.day, self.at) + timedelta(seconds=number)
                self._move(line.day, moment.time())
                if problem := self._wrong_outcome(line):
                    yield f"{line.text}: {problem}"

    def _move(self, day: date, moment: time) -> None:
        self.clock.move_to(datetime.combine(day, moment, self.zone), tick=False)

    def _wrong_outcome(self, line: Line) -> str:
        verb, *arguments = line.words
        event = getattr(self, "do_" + verb.replace("-", "_"))
        try:
            found = event(self.members[line.who], self.plans[line.plan], *arguments)
        except grants.NotGrantedError:
            return "" if line.expected == "refused" else "refused"
        new = [found] if found is not None else []
        self.given += new
        days = "".join(f"{term.starts_on}..{term.ends_on}" for term in new)
        return "" if days == line.expected else f"gave {days or 'nothing'}"

    def _wrong_answer(self, line: Line) -> str:
        word = line.words[0]
        if word in ("seller", "limit"):
            # Read anew, because is_seller remembers its answer on the object.
            user = type(self.operator).objects.get(pk=self.members[line.who].pk)
        if word == "limit":
            found = str(sellers.listing_limit(user))
            return "" if found == line.words[1] else found
        if word == "seller":
            return "" if sellers.is_seller(user) == (line.words[1] == "yes") else "otherwise"
        held = get_model("oscar_subscriptions", "Subscription").objects.filter(
            user=self.members[line.who], plan=self.plans[line.plan]
        )
        held = held.select_related("user").prefetch_related("terms")
        subscription = states.with_state(held, conf.today()).get()
        found = f"{subscription.state} {self._days(subscription)}".strip()
        wanted = f"{word} {line.expected}".strip()
        if found != wanted:
            return found
        user, runs = subscription.user, word in (states.ACTIVE, states.GRACE)
        if runs and user.is_active != sellers.is_seller(user):
            return f"is_seller is {sellers.is_seller(user)}"
        return ""

    def _days(self, subscription: Any) -> str:
        """First day of the term that the state is about, and the last day members are told."""
        today, state = conf.today(), subscription.state
        held = sorted(subscription.terms.all(), key=lambda term: (term.starts_on, term.pk))
        alike = [term for term in held if describe(term, today).code == state]
        if not alike:
            return ""
        term = alike[0 if state == states.UPCOMING else -1]
        last = states.chain_ends_on(subscription, today) if state == states.ACTIVE else term.ends_on
        return f"{term.starts_on}..{last}"

    def do_order(self, user: Any, plan: Any) -> None:
        fulfilment.lock_for_checkout(user, plan)
        self.ordered = self._order(user, plan)

    def _order(self, user: Any, plan: Any, **change: Any) -> Any:
        order = self.shop.make_order(user, plan)
        self.shop.keep_consent(order, plan, **change)
        return order

    def do_pay(self, user: Any, plan: Any) -> Any:
        return fulfilment.order_paid(self.ordered).term

    def do_buy(self, user: Any, plan: Any) -> Any:
        return fulfilment.order_paid(self._order(user, plan)).term

    def do_change(self, user: Any, plan: Any, other: str) -> Any:
        held = user.oscar_subscriptions.get(plan=plan)
        assert changes.Change(held, at_end=True) in changes.ways(user, self.plans[other])
        order = self._order(user, self.plans[other], changes=held, at_end=True)
        return fulfilment.order_paid(order).term

    def do_refund(self, user: Any, plan: Any, number: str) -> None:
        fulfilment.revoke(self.given[int(number) - 1], reason=REASON)

    do_lost = do_refund

    def do_refund_fails(self, user: Any, plan: Any, number: str) -> None:
        fulfilment.restore(self.given[int(number) - 1], reason=REASON)

    def do_dispute(self, user: Any, plan: Any, number: str) -> None:
        fulfilment.suspend(self.given[int(number) - 1], reason=REASON)

    def do_won(self, user: Any, plan: Any, number: str) -> None:
        fulfilment.resume(self.given[int(number) - 1], reason=REASON)

    def do_grant(self, user: Any, plan: Any, days: str = "") -> Any:
        length = {"days": int(days)} if days else {}
        return grants.grant(user, plan, reason=REASON, actor=self.operator, **length)

    def do_extend(self, user: Any, plan: Any, days: str) -> Any:
        held = user.oscar_subscriptions.get(plan=plan)
        return grants.extend(held, int(days), reason=REASON, actor=self.operator)

    def do_goodwill(self, user: Any, plan: Any, days: str) -> Any:
        gift = goodwill.give(
            user.oscar_subscriptions.all(), int(days), reason=REASON, actor=self.operator
        )
        self.batch = gift.batch
        [term] = gift.terms
        return term

    def do_undo(self, user: Any, plan: Any) -> None:
        goodwill.undo(self.batch, reason=REASON, actor=self.operator)

    def do_handover(self, user: Any, plan: Any) -> Any:
        held = user.oscar_subscriptions.get(plan=plan)
        [term] = handovers.hand_over(
            held, self.members["other"], reason=REASON, actor=self.operator
        )
        return term

    def do_edit(self, user: Any, plan: Any, field: str, value: str) -> None:
        setattr(plan, field, int(value))
        plan.full_clean()
        plan.save()

    def do_block(self, user: Any, plan: Any, active: bool = False) -> None:
        user.is_active = active
        user.save()

    def do_unblock(self, user: Any, plan: Any) -> None:
        self.do_block(user, plan, active=True)
