"""Make something due: terms that end, come back, or end in a month. Nothing of it is measured."""

from __future__ import annotations

from datetime import timedelta

from benchmarks.seeding import layout
from benchmarks.seeding.insert import execute

# Last digits of members with a running term, who did not choose automatic renewal.
DIGITS = (2, 3, 4, 7, 8, 9)
TERM, SUBSCRIPTION = "oscar_subscriptions_term", "oscar_subscriptions_subscription"


def members(size: int, count: int, skip: int = 0) -> list[int]:
    """Return ``count`` members with a running term and services, after leaving out ``skip``."""
    last = layout.sellers_with_services(size)
    found = [one for one in range(10, last) if one % 10 in DIGITS]
    chosen = found[skip : skip + count]
    if len(chosen) < count:
        raise ValueError(f"a shop of {size} has no {count} members after {skip}")
    return chosen


def lapse(size: int, count: int, skip: int = 0) -> None:
    """End the terms of members yesterday. They have stopped reminders: those are measured apart."""
    chosen = _ids(members(size, count, skip))
    day = _today() - timedelta(days=1)
    # Those who came back before began today.
    _end(chosen, day, starts_on=f"LEAST(starts_on, '{day}')")
    execute(f"UPDATE {SUBSCRIPTION} SET reminders_off_at = now() WHERE id = ANY({chosen})")


def come_back(size: int, count: int, skip: int = 0) -> None:
    """Give the members of :func:`lapse` a term that begins today."""
    day = _today()
    _end(_ids(members(size, count, skip)), day + timedelta(days=200), starts_on=f"'{day}'")


def remind(size: int, count: int, skip: int = 0) -> None:
    """Let the terms of members end in 30 days, of which they are to be reminded today."""
    _end(_ids(members(size, count, skip)), _today() + timedelta(days=30))


def _end(chosen: str, day: object, starts_on: str = "starts_on") -> None:
    execute(
        f"UPDATE {TERM} SET ends_on = '{day}', covered_until = '{day}', starts_on = {starts_on} "
        f"WHERE id = ANY({chosen})"
    )
    _last_run_was_the_day_before_yesterday()


def _last_run_was_the_day_before_yesterday() -> None:
    """So that what yesterday and today have made due is news to the next run, of a package whose
    runs remember their day."""
    from oscar_subscriptions.loading import registered

    if any(field.name == "day" for field in registered.Checkpoint._meta.fields):
        day = _today() - timedelta(days=2)
        registered.Checkpoint.objects.filter(day__isnull=False).update(day=day)


def _ids(numbers: list[int]) -> str:
    return f"ARRAY[{','.join(map(str, numbers))}]"


def _today():
    from oscar_subscriptions import conf

    return conf.today()
