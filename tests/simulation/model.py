"""What must be true of a member, by arithmetic of its own: days are numbers, nothing is imported.

A *stretch* is what the shop calls a term. Its last day is counted from the day on which its chain
began and from all months that the chain has been paid for.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from math import inf


def months_later(day: int, months: int) -> int:
    """Return the day ``months`` after ``day``, or the last of that month if it has no such day."""
    start = date.fromordinal(day)
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


@dataclass
class Plan:
    """What is sold at the moment."""

    months: int
    grace: int
    limit: float


@dataclass
class Stretch:
    """Days of one plan: ``first`` to ``last``, and in grace to ``until``."""

    plan: int
    first: int
    last: int
    grace: int
    limit: float
    chain: int
    paid_months: int
    is_revoked: bool = False
    is_frozen: bool = False

    @property
    def until(self) -> int:
        return self.last + self.grace

    def covers(self, day: int) -> bool:
        return self.first <= day <= self.until and not (self.is_revoked or self.is_frozen)


@dataclass
class Member:
    """A member with his stretches and his services, by number, in the order they were made."""

    stretches: list[Stretch] = field(default_factory=list)
    is_blocked: bool = False
    in_shop: list[int] = field(default_factory=list)
    parked: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)

    # --- Asked ----------------------------------------------------------------------------------

    def is_seller(self, day: int) -> bool:
        return not self.is_blocked and any(one.covers(day) for one in self.stretches)

    def limit(self, day: int) -> float:
        """How many services he may have in the shop."""
        largest: float = 0
        if not self.is_blocked:
            for one in self.stretches:  # asked of everybody every day, so without detours
                is_over = day > one.last + one.grace or one.is_revoked or one.is_frozen
                if one.first <= day and not is_over and one.limit > largest:
                    largest = one.limit
        return largest

    def last_day(self, day: int) -> int | None:
        """The last day, with grace, up to which he is a seller without a gap."""
        if not any(one.covers(day) for one in self.stretches):
            return None
        while any(one.covers(day + 1) for one in self.stretches):
            day = max(one.until for one in self.stretches if one.covers(day + 1))
        return day

    def held(self, plan: int) -> list[Stretch]:
        """What holds its days: all that was not revoked."""
        return [one for one in self.stretches if one.plan == plan and not one.is_revoked]

    def is_frozen(self, plan: int) -> bool:
        return any(one.is_frozen for one in self.held(plan))

    def runs(self, plan: int, day: int) -> bool:
        """Whether something of the plan covers the day, or is still to come."""
        return any(one.until >= day for one in self.held(plan))

    # --- Given and taken ------------------------------------------------------------------------

    def buy(self, number: int, plan: Plan, day: int) -> Stretch:
        if self.runs(number, day):
            before = max(self.held(number), key=lambda one: one.last)
            first, chain = before.last + 1, before.chain
            paid = before.paid_months + plan.months
        else:
            first, chain, paid = day, day, plan.months
        last = months_later(chain, paid)
        return self._add(Stretch(number, first, last, plan.grace, plan.limit, chain, paid))

    def get_days(self, number: int, days: int, grace: int, limit: float, day: int) -> Stretch:
        first = day
        if self.runs(number, day):
            first = max(one.last for one in self.held(number)) + 1
        last = first + days - 1
        return self._add(Stretch(number, first, last, grace, limit, last, 0))

    def get_rest(self, rest: Stretch, day: int) -> Stretch:
        """The rest of another member's stretch, on the same days."""
        first = max(rest.first, day)
        return self._add(
            Stretch(
                rest.plan, first, rest.last, rest.grace, rest.limit, rest.chain, rest.paid_months
            )
        )

    def may_have_back(self, stretch: Stretch) -> bool:
        """Whether the days of a revoked stretch were not sold again."""
        return not any(
            one.first <= stretch.last and stretch.first <= one.last
            for one in self.held(stretch.plan)
        )

    def _add(self, stretch: Stretch) -> Stretch:
        self.stretches.append(stretch)
        return stretch

    # --- Services -------------------------------------------------------------------------------

    def tidy(self, day: int) -> str:
        """Put the shelf in line with the day; return "parked", "back" or ""."""
        limit = self.limit(day)
        if len(self.in_shop) > limit:
            while len(self.in_shop) > limit:
                self.in_shop.sort()
                self.parked.append(self.in_shop.pop())
            return "parked"
        if self.parked and len(self.in_shop) < limit:
            while self.parked and len(self.in_shop) < limit:
                self.in_shop.append(self.parked.pop())
            return "back"
        return ""

    def room(self, day: int) -> float:
        limit = self.limit(day)
        return inf if limit == inf else limit - len(self.in_shop)
