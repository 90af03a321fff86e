"""Two hundred members live ten years of days; every day everything that must hold is asked."""

import os
from datetime import date

import pytest

from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.mail import sending
from tests.simulation.days import EVENTS, SimulatedShop

# Another one: SHOP_SEED=7 pytest tests/unit/test_simulated_shop.py
SEED = int(os.environ.get("SHOP_SEED", "2017"))
DAYS = 3653


@pytest.fixture(autouse=True)
def _only_days(monkeypatch):
    """This shop has a gateway of its own, and renews nobody: no steps for either.

    E-mails are queued and sent like any others, but their texts are not written: each of them is
    looked at elsewhere, and a third of the time would go there.
    """
    monkeypatch.setattr(sending, "_deliver", lambda row, server: True)
    apart = ("oscar_subscriptions.payments.", "oscar_subscriptions.renewals.")
    steps = [step for step in runner._STEPS if not step.__module__.startswith(apart)]
    monkeypatch.setattr(runner, "_STEPS", steps)


@pytest.mark.slow
def test_ten_years_of_two_hundred_members(shop, time_machine):
    print(f"SHOP_SEED={SEED}")
    world = SimulatedShop(
        shop, time_machine, seed=SEED, members=200, first=date(2016, 2, 28), days=DAYS
    )
    try:
        for _day in range(DAYS):
            world.live()
    except BaseException:
        print(f"day {world.day - world.first} of {DAYS}, {date.fromordinal(world.day)}")
        print(*world.log[-30:], sep="\n")
        raise
    counts = world.count_rows()
    print(counts)
    # It was worth it: everything happened, and often enough.
    assert set(EVENTS) | {"buy", "run", "dead", "run with nothing to do"} <= set(counts)
