"""Services are brought in line: of sellers whose dates say so, who are marked, or have a turn."""

from datetime import date
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.daily_run import checkpoints, services, turns, work
from oscar_subscriptions.sellers import bulk_parking, listings, parking, search_index

Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")

DAY = date(2018, 2, 4)


@pytest.fixture
def sellers(shop, time_machine, monkeypatch):
    """Five sellers with a service each, whose terms end on 3 February 2018; two a batch."""
    monkeypatch.setattr(work, "BATCH", 2)
    time_machine.move_to("2017-02-03 12:00+01:00")
    sellers = [shop.make_seller(name) for name in ("ada", "grace", "emmy", "rosa", "mary")]
    for seller in sellers:
        shop.make_service(seller)
    return sellers


@pytest.fixture
def lapsed(sellers, time_machine):
    time_machine.move_to("2018-02-04 03:00+01:00")
    return sellers


@pytest.fixture
def large(monkeypatch):
    """A shop so large that one seller a run has a turn, after a first run."""
    monkeypatch.setattr(turns, "IN_TURN", 1)


def run(day=None, dry_run=False):
    return [
        (outcome.message, outcome.failed) for outcome in services.sync_services(day or DAY, dry_run)
    ]


def parked(sellers):
    return [(f"services of {seller} parked", False) for seller in sellers]


def restored(sellers):
    return [(f"services of {seller} back in the shop", False) for seller in sellers]


def public():
    return [
        seller
        for seller in Seller.objects.order_by("pk")
        if listings.services(seller).filter(is_public=True).exists()
    ]


def test_the_first_run_looks_at_everybody(lapsed, large):
    assert sorted(run()) == sorted(parked(lapsed))
    assert public() == []


def test_who_lapsed_since_the_last_run_is_found_without_looking_at_the_others(sellers, large):
    assert run(date(2018, 2, 2)) == []
    Term.objects.filter(subscription__user__in=[one.user for one in sellers[1:]]).update(
        covered_until="2018-03-01", ends_on="2018-03-01"
    )
    looked_at = []
    to_sync = listings.to_sync
    with mock.patch.object(services, "_sync", spy(services._sync, looked_at)):
        assert run() == parked(sellers[:1])
    assert listings.to_sync is to_sync
    assert set(looked_at) == {sellers[0].pk, sellers[1].pk}, "one by date, one in turn"


def spy(original, looked_at):
    def watching(keys, *args, **named):
        looked_at.extend(keys)
        return original(keys, *args, **named)

    return watching


def test_days_without_a_run_are_made_up_for(sellers, large):
    run(date(2018, 1, 1))
    assert sorted(run(date(2018, 6, 1))) == sorted(parked(sellers))


def test_a_term_that_began_since_the_last_run_brings_services_back(shop, lapsed, large):
    run()
    term = Term.objects.filter(subscription__user=lapsed[4].user)
    term.update(starts_on="2018-02-10", ends_on="2019-02-10", covered_until="2019-02-10")
    assert run(date(2018, 2, 9)) == []
    assert run(date(2018, 2, 10)) == restored(lapsed[4:])


def test_a_run_for_a_later_day_is_taken_back_by_the_next(sellers, large):
    run(date(2018, 2, 3))
    assert sorted(run(date(2018, 2, 4))) == sorted(parked(sellers))
    assert sorted(run(date(2018, 2, 3))) == sorted(restored(sellers))
    assert run(date(2018, 2, 3)) == []


def test_what_a_script_has_changed_is_found_when_its_turn_comes(lapsed, large):
    run()
    Product.objects.filter(subscription_plan=None).update(is_public=True)
    found = [run() for _ in lapsed]
    assert all(len(lines) == 1 for lines in found)
    assert sorted(line for [line] in found) == sorted(parked(lapsed))


def test_services_that_could_not_be_brought_in_line_are_the_next_runs(shop, sellers, large):
    run(date(2017, 2, 3))
    term = Term.objects.get(subscription__user=sellers[4].user)
    with mock.patch.object(bulk_parking, "carry_out", side_effect=RuntimeError("index")):
        fulfilment.suspend(term, reason="a look at the papers")
    assert run(date(2017, 2, 3)) == parked(sellers[4:])
    assert not Seller.objects.filter(is_due=True).exists()


@pytest.mark.parametrize("change", ["closed", "deleted"])
def test_the_services_of_an_account_that_was_closed_are_the_next_runs(sellers, large, change):
    run(date(2017, 2, 3))
    user = sellers[4].user
    if change == "deleted":
        user.delete()
    else:
        user.is_active = False
        user.save()
    assert run(date(2017, 2, 3)) == parked(sellers[4:])


def test_an_account_that_was_opened_again_has_its_services_back(sellers, large):
    user = sellers[4].user
    user.is_active = False
    user.save(update_fields=["is_active"])
    run(date(2017, 2, 3))
    user.is_active = True
    user.save(update_fields=["is_active"])
    assert run(date(2017, 2, 3)) == restored(sellers[4:])


def test_signing_in_marks_nobody(sellers, django_assert_num_queries):
    with django_assert_num_queries(1):
        sellers[0].user.save(update_fields=["last_login"])


def test_fault_69_a_run_that_died_midway_is_finished_by_the_next(lapsed):
    outcomes = services.sync_services(DAY, False)
    assert next(outcomes).message == parked(lapsed)[0][0]
    outcomes.close()
    assert public() == lapsed[2:], "the first batch is done"
    assert checkpoints.get(services.CHECKPOINT) is None
    assert run() == parked(lapsed[2:])


def test_fault_72_a_poisoned_row_fails_alone_and_is_tried_again(lapsed, large):
    sick = lapsed[1]
    refresh = search_index.refresh_keys

    def poison(keys):
        if sick.partner.stockrecords.filter(product__in=keys).exists():
            raise RuntimeError("poisoned")
        refresh(keys)

    with mock.patch.object(search_index, "refresh_keys", poison):
        first = run()
        assert sorted(first) == sorted(
            [
                *parked([lapsed[0], *lapsed[2:]]),
                (f"services of {sick} parked: poisoned", True),
            ]
        )
        assert list(Seller.objects.filter(is_due=True)) == [sick]
        # It has no turn: it is looked at because it is marked.
        assert run() == [(f"services of {sick} parked: poisoned", True)]
    assert public() == [sick]
    assert run() == parked([sick])
    assert run() == []


def test_a_dry_run_says_the_same_and_moves_neither_services_nor_marks(lapsed):
    Seller.objects.filter(pk=lapsed[2].pk).update(is_due=True)
    foretold = run(dry_run=True)
    assert public() == lapsed
    assert Seller.objects.filter(is_due=True).exists()
    assert run() == foretold
    assert sorted(foretold) == sorted(parked(lapsed))


def test_a_run_with_nothing_due_costs_the_same_however_many_sellers_there_are(shop, sellers, large):
    run(date(2017, 2, 3))
    with CaptureQueriesContext(connection) as few:
        assert run(date(2017, 2, 3)) == []
    for number in range(5):
        shop.make_service(shop.make_seller(f"more{number}"))
    with CaptureQueriesContext(connection) as many:
        assert run(date(2017, 2, 3)) == []
    assert len(many) == len(few)


def test_nobody_else_is_looked_at_when_nothing_changed_on_the_same_day(sellers):
    run(date(2017, 2, 3))
    with mock.patch.object(parking.bulk_parking, "carry_out") as moved:
        assert run(date(2017, 2, 3)) == []
    assert not moved.called
