"""What is told of automatic renewal, and that a nameless member is never charged."""

import json
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oscar_subscriptions import privacy
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.payments.provider import client, intents
from oscar_subscriptions.privacy import anonymising
from oscar_subscriptions.renewals import cancellation
from tests.functional.renewals.renewing import (
    CHARGED,
    AutoRenewal,
    PlannedRenewal,
    StoredPaymentMethod,
)
from tests.rows import NAMES, our_rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(shop):
    return shop.make_user("boss", first_name="Olga", last_name="Petit", is_staff=True)


def told(person):
    """What the export says of the one consent."""
    [subscription] = json.loads(json.dumps(privacy.export(person)))["subscriptions"]
    [consent] = subscription["automatic_renewal"]
    return consent


def anonymise(person, boss):
    privacy.anonymise(person, reason="Asked", actor=boss, give_up_terms=True)


# Told.


def test_the_export_tells_to_what_the_member_agreed(announced):
    row = AutoRenewal.objects.get()
    consent = told(announced.subscription.user)
    [planned] = consent.pop("announced")
    assert consent == {
        "plan": "Silver",
        "name": "Ada Martin",
        "email": "member@example.com",
        "accepted_at": row.accepted_at.isoformat(),
        "order": row.order.number,
        "text": row.text,
        "terms_of_sale": "2026-1",
        "language": "en",
        "price": "240.000",
        "currency": "EUR",
        "months": 12,
        "ended_at": None,
        "ended_by": None,
        "end_reason": "",
    }
    assert planned == {
        "announced_at": announced.planned.created_at.isoformat(),
        "charged_from": "2018-01-27",
        "price": "240.000",
        "currency": "EUR",
        "months": 12,
        "status": "announced",
        "order": None,
        "problem": "",
    }


def test_the_export_tells_the_order_and_the_bank_s_word(announced):
    announced.turn_bad("4000000000009995")
    announced.run(CHARGED)
    [planned] = told(announced.subscription.user)["announced"]
    assert planned["order"] == announced.planned.order.number
    assert planned["problem"] == announced.planned.problem != ""


@pytest.mark.parametrize("by", ["member", "shop", "automatic"])
def test_the_export_tells_who_ended_it_and_names_nobody(bought, boss, by):
    user = bought.subscription.user
    actor = {"member": user, "shop": boss, "automatic": None}[by]
    auto_renewal.switch_off(bought.subscription, reason="Why", actor=actor)
    consent = told(user)
    assert (consent["ended_by"], consent["end_reason"]) == (by, "Why")
    assert consent["ended_at"] == AutoRenewal.objects.get().ended_at.isoformat()
    assert "Olga" not in json.dumps(privacy.export(user))


def test_what_a_member_did_is_the_members_after_the_account_is_deleted(bought, boss):
    user = bought.subscription.user
    cancellation.stop(bought.subscription, actor=user)
    before = privacy.export(user)["subscriptions"][0]
    user.delete()
    person = privacy.find("member@example.com", deleted=True)
    after = privacy.export(person)["subscriptions"][0]
    assert after["automatic_renewal"] == before["automatic_renewal"]
    assert after["journal"][:-1] == before["journal"]
    assert {line["by"] for line in before["journal"]} == {"member", "automatic"}


def test_the_export_tells_by_what_ids_the_card_is_kept(bought):
    kept = StoredPaymentMethod.objects.get()
    assert privacy.export(bought.subscription.user)["payment_methods"] == [
        {
            "customer": kept.customer_id,
            "payment_method": kept.payment_method_id,
            "is_live": False,
            "changed_at": kept.updated_at.isoformat(),
        }
    ]


def test_of_a_deleted_account_nobody_elses_card_is_told(bought):
    bought.standin.fault(path="customers", status=500, times=None)
    bought.subscription.user.delete()
    assert StoredPaymentMethod.objects.filter(user=None).exists()
    person = privacy.find("member@example.com", deleted=True)
    assert privacy.export(person)["payment_methods"] == []


def test_the_queries_do_not_grow_with_the_consents(announced):
    announced.run(CHARGED)

    def count():
        with CaptureQueriesContext(connection) as queries:
            privacy.export(announced.subscription.user)
        return len(queries)

    before = count()
    user, plan = announced.subscription.user, announced.shop.make_plan("Gold")
    term = announced.shop.grant(user, plan)
    announced.shop.make_renewal(term, order=announced.shop.make_order(user, plan))
    assert count() == before


# Made nameless.


def test_a_nameless_member_is_never_charged(announced, boss):
    user, kept = announced.subscription.user, StoredPaymentMethod.objects.get()
    anonymise(user, boss)
    consent = AutoRenewal.objects.get()
    assert consent.ended_at is not None
    assert (consent.ended_by, consent.end_reason) == (boss, "Asked")
    assert not StoredPaymentMethod.objects.exists()
    assert client.connect().v1.customers.retrieve(kept.customer_id).deleted
    for days in range(9):
        assert announced.run(CHARGED + timedelta(days=days)) == []
    assert announced.planned.status == "dropped"
    assert announced.charges() == ["succeeded"]
    assert announced.mails() == ["renewal-announced"]


def test_a_term_that_is_not_given_up_keeps_consent_and_card(announced, boss):
    with pytest.raises(privacy.RefusedError):
        privacy.anonymise(announced.subscription.user, reason="Asked", actor=boss)
    assert auto_renewal.is_on(announced.subscription)
    assert StoredPaymentMethod.objects.filter(user__isnull=False).exists()


def test_the_evidence_of_the_consent_is_kept(announced, boss):
    facts = ("text", "price", "currency", "months", "terms_of_sale", "accepted_at", "order")
    days = ("charge_on", "price", "created_at", "follows")
    before = AutoRenewal.objects.values(*facts).get(), PlannedRenewal.objects.values(*days).get()
    anonymise(announced.subscription.user, boss)
    assert before == (
        AutoRenewal.objects.values(*facts).get(),
        PlannedRenewal.objects.values(*days).get(),
    )


@pytest.fixture
def named(announced, boss):
    """The member's name wherever renewing may have put it."""
    user = announced.subscription.user
    cancellation.stop(announced.subscription, actor=boss, reason="Ada Martin phoned")
    announced.client.force_login(user)
    consent = AutoRenewal.objects.get()
    auto_renewal.switch_on(
        announced.subscription,
        text="I agree.",
        terms_of_sale=consent.terms_of_sale,
        total=mock.Mock(incl_tax=consent.price, currency="EUR"),
    )
    auto_renewal.switch_off(announced.subscription, actor=user)
    PlannedRenewal.objects.update(problem="The card of Ada Martin is lost")
    announced.client.post(reverse("customer:logout"))
    return user


def names_left():
    rows = our_rows()
    assert "Ada Martin" in rows.pop("Receipt")
    return {(model, name) for model, text in rows.items() for name in NAMES if name in text}


def test_no_name_is_left_in_what_renewing_has_written(named, boss):
    models = {model for model, _ in names_left()}
    assert models >= {"AutoRenewal", "PlannedRenewal", "JournalEntry", "Subscription"}
    anonymise(named, boss)
    assert names_left() == set()
    first, second = AutoRenewal.objects.order_by("pk")
    assert (first.end_reason, first.ended_by_name) == ("– phoned", "Olga Petit")
    assert second.ended_by_name == "–"
    assert first.member_name == f"#{first.subscription_id}"


def test_no_name_is_left_if_the_account_was_deleted_before(named, boss):
    named.delete()
    anonymise(privacy.find("member@example.com", deleted=True), boss)
    assert names_left() == set()
    assert AutoRenewal.objects.order_by("pk").last().ended_by_name == "–"


def test_refused_while_a_refused_renewal_can_still_be_paid(announced, boss):
    announced.turn_bad("4000000000009995")
    announced.run(CHARGED)
    with pytest.raises(privacy.RefusedError, match="waits for its payment"):
        anonymise(announced.subscription.user, boss)
    assert auto_renewal.is_on(announced.subscription)
    assert StoredPaymentMethod.objects.filter(user__isnull=False).exists()
    cancellation.stop(announced.subscription, actor=boss, reason="The member left")
    anonymise(announced.subscription.user, boss)


def test_refused_while_a_renewal_is_being_charged(announced, boss):
    dead = mock.patch.object(intents, "confirm_intent", side_effect=SystemExit)
    with dead, pytest.raises(SystemExit):
        announced.run(CHARGED)
    with pytest.raises(privacy.RefusedError, match="is under way"):
        anonymise(announced.subscription.user, boss)
    assert auto_renewal.is_on(announced.subscription)


# Other apps.


@pytest.fixture
def eraser():
    """Stands for another app's; gone after the test."""
    erase = mock.Mock()
    privacy.add_eraser(erase)
    yield privacy.add_eraser(erase)
    anonymising._ERASERS.remove(erase)


def test_an_eraser_is_called_once_with_the_person(bought, boss, eraser):
    user = bought.subscription.user
    anonymise(user, boss)
    eraser.assert_called_once_with(privacy.Person(user, user.email))


def test_an_eraser_is_not_called_if_it_is_refused(bought, boss, eraser):
    with pytest.raises(privacy.RefusedError):
        privacy.anonymise(bought.subscription.user, reason="Asked", actor=boss)
    eraser.assert_not_called()


def test_an_eraser_that_fails_undoes_everything(bought, boss, eraser):
    eraser.side_effect = ValueError("not now")
    before = our_rows()
    with pytest.raises(ValueError, match="not now"):
        anonymise(bought.subscription.user, boss)
    assert our_rows() == before
    kept = client.connect().v1.customers.retrieve(StoredPaymentMethod.objects.get().customer_id)
    assert kept.email == "member@example.com"


def test_anonymised_while_the_provider_is_silent_the_card_goes_with_the_next_run(bought, boss):
    kept = StoredPaymentMethod.objects.get()
    bought.standin.fault(path="customers", status=500, times=None)
    anonymise(bought.subscription.user, boss)
    assert StoredPaymentMethod.objects.get().user is None
    bought.standin.control("faults", "DELETE")
    assert bought.run() == []
    assert not StoredPaymentMethod.objects.exists()
    assert client.connect().v1.customers.retrieve(kept.customer_id).deleted
