"""A step of the run: bring the services of sellers in line with their terms."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from oscar_subscriptions.daily_run import runner, sharing, turns, work
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import bulk_parking, listings
from oscar_subscriptions.sql.key_lists import among

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Seller
    from oscar_subscriptions.querysets import SellerQuerySet

logger = logging.getLogger(__name__)

CHECKPOINT = "services"


@sharing.shared_out(sharing.by_rows(lambda: registered.Seller.objects.all()))
def sync_services(
    day: date, dry_run: bool, keys: sharing.KeyRange = sharing.EVERYTHING
) -> Iterator[runner.Outcome]:
    """Park the services of sellers without a term on ``day`` and those above a seller's limit;
    restore parked ones of sellers whose term covers ``day``, as far as the limit allows.

    Looks at the sellers who are marked, those with a term that began or ended since the last run,
    and some others in turn. Sellers that another process is working on come last.

    Args:
        keys: of sellers.
    """
    sellers = keys.of(registered.Seller.objects.all())
    busy: list[int] = []
    for some in _keys(sellers.filter(is_due=True)):
        yield from _sync(some, day, dry_run, busy, is_marked=True)
    # Those that have failed just now are marked: once a run is enough.
    others = sellers.filter(is_due=False)
    turn = turns.begin(keys.named(CHECKPOINT), day, others)
    for some in work.chunks(turn.keys, work.BATCH):
        yield from _sync(some, day, dry_run, busy)
    had_their_turn = set(turn.keys)
    for some in _by_date(others, turn):
        yield from _sync([pk for pk in some if pk not in had_their_turn], day, dry_run, busy)
    for some in work.chunks(busy, work.BATCH):
        yield from _sync(some, day, dry_run, is_marked=True)
    if not dry_run:
        turn.done()


def _by_date(sellers: SellerQuerySet, turn: turns.Turn) -> Iterator[list[int]]:
    """Yield the sellers with a term that began or ended since the last run; all, in the first."""
    if turn.days is None:
        yield from _keys(sellers)
        return
    members = registered.Term.objects.began_or_ended(*turn.days).members()
    for users in work.chunks(members.iterator(chunk_size=work.BATCH), work.BATCH):
        yield list(sellers.filter(user__in=users).values_list("pk", flat=True))


def _keys(sellers: SellerQuerySet) -> Iterator[list[int]]:
    for batch in work.batches(sellers.only("pk")):
        yield [seller.pk for seller in batch]


def _sync(
    keys: list[int],
    day: date,
    dry_run: bool,
    busy: list[int] | None = None,
    *,
    is_marked: bool = False,
) -> Iterator[runner.Outcome]:
    """Bring the services of some sellers in line; one by one if that fails for all together.

    Args:
        busy: takes the sellers that another process is working on; without it they are waited for.
        is_marked: look at them under their locks even if nothing seems to be due.
    """
    work.made_progress(len(keys))
    found = listings.to_sync(day).filter(pk__in=among(keys))
    if dry_run:
        yield from (runner.Outcome(_line(seller)) for seller in found)
        return
    wanted = keys if is_marked else list(found.values_list("pk", flat=True))
    if not wanted:
        return
    try:
        result = bulk_parking.carry_out(listings.to_sync, wanted, day, wait=busy is None)
    except Exception:
        logger.exception("The services of %s sellers could not be moved together", len(wanted))
        due = {seller.pk: seller for seller in found}
        sellers = registered.Seller.objects.filter(pk__in=among(wanted)).select_related("partner")
        for seller in sellers:
            yield from _sync_alone(due.get(seller.pk, seller), day)
        return
    if busy is not None:
        busy += result.busy
    yield from (runner.Outcome(_line(seller)) for seller in result.moved)


def _sync_alone(seller: Seller, day: date) -> Iterator[runner.Outcome]:
    try:
        result = bulk_parking.carry_out(listings.to_sync, [seller.pk], day)
    except Exception as error:
        logger.exception("%s failed", _line(seller))
        registered.Seller.objects.filter(pk=seller.pk).update(is_due=True)
        yield runner.Outcome(f"{_line(seller)}: {error}", failed=True)
    else:
        yield from (runner.Outcome(_line(moved)) for moved in result.moved)


def _line(seller: Seller) -> str:
    """The line for operators; ``seller`` is of ``listings.to_sync``."""
    parked = getattr(seller, "balance", -1) < 0
    return f"services of {seller} {'parked' if parked else 'back in the shop'}"
