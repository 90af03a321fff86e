"""Staff take a service out of the shop; nobody else brings it back, and lifting restores it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf, journal
from oscar_subscriptions.daily_run import services, services_doctor
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.members import services as member_services
from oscar_subscriptions.sellers import listings, parking, take_downs, withdrawn

TakeDown = get_model("oscar_subscriptions", "TakeDown")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def seller(shop):
    return shop.make_seller()


@pytest.fixture
def by(shop):
    return {"reason": "A copy.", "actor": shop.make_operator(first_name="Olga", last_name="Petit")}


@pytest.fixture
def service(shop, seller):
    return shop.make_service(seller)


def state(service):
    service.refresh_from_db()
    if service.is_public:
        return "public"
    return "parked" if hasattr(service, "subscription_parking") else "withdrawn"


def fresh(service):
    return type(service).objects.get(pk=service.pk)


def test_a_service_leaves_the_shop_and_the_journal_says_who_and_why(seller, service, by):
    row = take_downs.take_down(seller, service, **by)
    assert state(fresh(service)) == "withdrawn" and row.taken_down_by_name == "Olga Petit"
    entry = seller.user.oscar_subscriptions.get().journal.get(kind=journal.TAKEN_DOWN)
    assert (entry.reason, entry.actor, entry.detail) == (
        "A copy.",
        by["actor"],
        {"service": "Coaching"},
    )


@pytest.mark.parametrize("way", ["publish", "choose", "lapse", "run"])
def test_fault_103_nothing_but_lifting_brings_it_back(shop, seller, service, by, way):
    other = shop.make_service(seller, "Audit")
    take_downs.take_down(seller, service, **by)
    if way == "publish":
        with pytest.raises(take_downs.NotOfferedError, match="A copy"):
            member_services.publish(service, seller)
    elif way == "choose":
        parking.choose(seller, [service.pk, other.pk])
    elif way == "lapse":
        term = Term.objects.of(seller.user).get()
        ledger.suspend(term, reason="dispute")
        assert state(fresh(other)) == "parked"
        ledger.resume(term, reason="won")
        assert state(fresh(other)) == "public"
    else:
        list(services.sync_services(conf.today(), dry_run=False))
    assert state(fresh(service)) == "withdrawn"


@pytest.mark.parametrize("before", ["public", "parked", "withdrawn"])
@pytest.mark.parametrize("lapses", [False, True])
def test_fault_103_lifting_restores_what_was(shop, seller, service, by, before, lapses):
    term = Term.objects.of(seller.user).get()
    if before == "withdrawn":
        parking.withdraw(seller, service)
    if before == "parked":
        ledger.suspend(term, reason="dispute")
    row = take_downs.take_down(seller, fresh(service), **by)
    if before == "parked":
        ledger.resume(term, reason="won")
    if lapses:
        ledger.suspend(term, reason="dispute")
    take_downs.lift(row, **by)
    offered = "parked" if lapses else "public"
    assert state(fresh(service)) == ("withdrawn" if before == "withdrawn" else offered)
    if lapses:
        ledger.resume(term, reason="won")
        assert state(fresh(service)) == ("withdrawn" if before == "withdrawn" else "public")


def test_lifting_does_not_exceed_the_limit(shop, seller, service, by):
    row = take_downs.take_down(seller, service, **by)
    Term.objects.update(listing_limit=1)
    other = shop.make_service(seller, "Audit")
    take_downs.lift(row, **by)
    assert (state(fresh(service)), state(fresh(other))) == ("parked", "public")
    # The member space says so, and offers to choose.
    assert fresh(service).subscription_parking.over_limit


def test_what_is_lifted_after_the_term_is_parked_for_the_return(seller, service, by):
    row = take_downs.take_down(seller, service, **by)
    ledger.suspend(Term.objects.get(), reason="dispute")
    take_downs.lift(row, **by)
    assert not fresh(service).subscription_parking.over_limit


def test_what_its_seller_withdraws_meanwhile_stays_withdrawn(seller, service, by):
    row = take_downs.take_down(seller, service, **by)
    parking.withdraw(seller, service)
    take_downs.lift(row, **by)
    assert state(fresh(service)) == "withdrawn"


def test_it_takes_no_slot_and_counts_as_no_withdrawn_one(shop, seller, service, by, monkeypatch):
    Term.objects.update(listing_limit=1)
    assert listings.free_slots(seller) == 0
    take_downs.take_down(seller, service, **by)
    assert listings.free_slots(seller) == 1
    monkeypatch.setattr(withdrawn, "MAX_WITHDRAWN", 1)
    withdrawn.check(seller)


def test_it_is_taken_down_once_and_lifted_once(shop, seller, service, by):
    row = take_downs.take_down(seller, service, **by)
    with pytest.raises(take_downs.NotTakenDownError, match="taken down already"):
        take_downs.take_down(seller, service, **by)
    take_downs.lift(row, **by)
    with pytest.raises(take_downs.NotTakenDownError, match="lifted already"):
        take_downs.lift(row, **by)
    other = shop.make_service(shop.make_seller("other"))
    with pytest.raises(take_downs.NotTakenDownError, match="no such service"):
        take_downs.take_down(seller, other, **by)
    assert take_downs.take_down(seller, service, **by).pk != row.pk


def test_a_service_of_somebody_who_left_is_taken_down_without_a_word(shop, seller, service, by):
    seller.user.delete()
    seller.refresh_from_db()
    take_downs.take_down(seller, service, **by)
    assert TakeDown.objects.open().count() == 1


def test_the_doctor_takes_out_what_other_code_has_published(seller, service, by):
    take_downs.take_down(seller, service, **by)
    assert list(services_doctor.services_taken_down()) == []
    type(service).objects.filter(pk=service.pk).update(is_public=True)
    [finding] = services_doctor.services_taken_down()
    assert finding.code == "service-taken-down"
    finding.fix()
    assert state(fresh(service)) == "withdrawn"


def test_time_passes_and_it_stays_down(seller, service, by, time_machine):
    take_downs.take_down(seller, service, **by)
    time_machine.move_to(timezone.now() + timedelta(days=30))
    list(services.sync_services(conf.today(), dry_run=False))
    assert state(fresh(service)) == "withdrawn"
