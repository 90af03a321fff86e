"""What will happen, drawn from the seed before anything does."""

import random
from dataclasses import dataclass
from math import ceil

from tests.soak.fuse import REQUESTS, WHEN

PLANS = ("Bronze", "Silver", "Gold")

# Shares of all members.
STAY_AWAY, UNTOLD, CLICK_TWICE = 0.25, 0.2, 0.2


@dataclass(frozen=True)
class Member:
    """What one member does, and what is done to him.

    Attributes:
        orders_twice: a double click on the order button.
        pays_twice: a double click on the button of the payment page.
        comes_back: to the shop after the payment, rather than closing the browser.
        is_told: whether the shop gets the provider's notification of this payment.
        delay: seconds by which the notification is late, so that others overtake it.
    """

    number: int
    language: str
    plan: str
    orders_twice: bool
    pays_twice: bool
    comes_back: bool
    is_told: bool
    delay: float

    @property
    def email(self) -> str:
        """The address that this member signs in with."""
        return f"member-{self.number}@example.com"


@dataclass(frozen=True)
class Kill:
    """Once ``paid`` purchases are paid, the next request of ``step`` kills the server."""

    paid: int
    step: str
    when: str

    def __str__(self) -> str:
        return f"at a request of step “{self.step}” ({self.when}), once {self.paid} had paid"


def members(chance: random.Random, count: int) -> list[Member]:
    """Return the scripts of ``count`` members."""

    def some(share: float) -> set[int]:
        return set(chance.sample(range(count), ceil(count * share)))

    untold, orders_twice, pays_twice = some(UNTOLD), some(CLICK_TWICE), some(CLICK_TWICE)
    # A third of those have nobody to tell of their payment: only the daily run can find it.
    stay_away = some(STAY_AWAY) | set(chance.sample(sorted(untold), ceil(len(untold) / 3)))
    return [
        Member(
            number=number,
            language=chance.choice(("fr", "en")),
            plan=chance.choice(PLANS),
            orders_twice=number in orders_twice,
            pays_twice=number in pays_twice,
            comes_back=number not in stay_away,
            is_told=number not in untold,
            delay=chance.choice((0, 0, 0.5, 2)),
        )
        for number in range(count)
    ]


def kills(chance: random.Random, count: int, purchases: int) -> list[Kill]:
    """Return ``count`` kills, spread over the run; no point comes twice before all came once."""
    points = [(step, when) for step in REQUESTS for when in WHEN]
    chance.shuffle(points)
    return [
        Kill(purchases * (place + 1) // (count + 1), *points[place % len(points)])
        for place in range(count)
    ]
