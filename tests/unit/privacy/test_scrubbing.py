"""Where names of members are kept, and how each of them goes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, journal, privacy, sellers
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import grants, handovers
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.privacy import scrubbing
from oscar_subscriptions.sellers import parking

Alert = get_model("oscar_subscriptions", "Alert")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
PartnerAddress = get_model("partner", "PartnerAddress")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


def anonymise(user, boss, **options):
    privacy.anonymise(user, reason="Asked on 3 May", actor=boss, **options)


def test_a_name_inside_another_word_is_left_alone(shop, boss):
    user = shop.make_user("al", first_name="Al")
    order = shop.make_order(user)
    alerts.raise_alert(alerts.REVERSAL, "a", order=order, reason="Al: Also paid by Al")
    alerts.settle("a", "done")
    anonymise(user, boss)
    assert Alert.objects.get().reason == "–: Also paid by –"


def test_a_handover_forgets_the_name_on_both_sides_and_keeps_the_other(shop, boss, time_machine):
    ada = shop.make_user("ada", first_name="Ada", last_name="Martin")
    bea = shop.make_user("bea", first_name="Bea", last_name="Roy")
    for user in (ada, bea):
        grants.grant(user, shop.plan, reason="Welcome", actor=boss)
    [term] = handovers.hand_over(ada.oscar_subscriptions.get(), bea, reason="Gift", actor=boss)

    def names():
        lines = JournalEntry.objects.filter(kind=journal.HANDED_OVER).order_by("pk")
        return [(line.detail["from"], line.detail["to"]) for line in lines]

    assert names() == [("Ada Martin", "Bea Roy")] * 2
    time_machine.move_to(timezone.now() + timedelta(days=900))
    anonymise(bea, boss)
    assert names() == [("Ada Martin", "–")] * 2
    anonymise(ada, boss)
    assert names() == [("–", "–")] * 2
    granted = term.journal.get(kind=journal.TERM_GRANTED)
    assert granted.detail == {"from": str(term.starts_on), "to": str(term.ends_on)}


def test_the_name_that_a_member_had_at_the_handover_is_forgotten_too(shop, boss, time_machine):
    ada = shop.make_user("ada", first_name="Ada", last_name="Martin")
    bea = shop.make_user("bea", first_name="Bea", last_name="Roy")
    cid = shop.make_user("cid", first_name="Cid", last_name="Roux")
    grants.grant(ada, shop.plan, reason="Welcome", actor=boss)
    for giver, to in ((ada, bea), (bea, cid)):
        handovers.hand_over(giver.oscar_subscriptions.get(), to, reason="Gift", actor=boss)
    bea.last_name = "Roy-Blanc"
    bea.save()
    Subscription.objects.filter(user=bea).update(member_name="Bea Roy-Blanc")
    time_machine.move_to(timezone.now() + timedelta(days=900))

    def names():
        lines = JournalEntry.objects.filter(kind=journal.HANDED_OVER).order_by("pk")
        return [(line.detail["from"], line.detail["to"]) for line in lines]

    anonymise(ada, boss)
    assert names() == [*[("–", "Bea Roy")] * 2, *[("Bea Roy", "Cid Roux")] * 2]
    anonymise(bea, boss)
    assert names() == [*[("–", "–")] * 2, *[("–", "Cid Roux")] * 2]


def test_what_an_operator_did_before_leaving_was_done_by_somebody(shop, boss):
    """An empty name would mean that the software did it, and could undo it."""
    seller = shop.make_seller()
    subscription = seller.user.oscar_subscriptions.get()
    term = grants.extend(subscription, 3, reason="Late", actor=boss)
    alerts.raise_alert(alerts.PROVIDER_KEY, "key")
    alerts.resolve(Alert.objects.get(), actor=boss, note="new key")
    anonymise(boss, shop.make_user("other", is_staff=True))
    term.refresh_from_db()
    assert (term.granted_by_name, term.journal.get().actor_name) == ("–", "–")
    assert Alert.objects.get().resolved_by_name == "–"
    assert Subscription.objects.get().member_email == "seller@example.com"


# One row after the other.


@pytest.fixture
def subscription(shop, ada):
    subscription = shop.grant(ada).subscription
    subscription.member_name = "Ada Martin"
    subscription.save()
    return subscription


def scrub(subscription):
    scrubbing.scrub(privacy.people.as_person(subscription.user), [subscription])


def test_the_subscription_has_a_number_in_place_of_the_name(shop, subscription, boss):
    other = shop.grant(boss).subscription
    scrub(subscription)
    for row in (subscription, other):
        row.refresh_from_db()
    number = f"#{subscription.pk}"
    assert (subscription.member_name, subscription.member_email) == (number, "")
    assert other.member_email == "boss@example.com"


def test_e_mails_that_are_sent_forget_the_address_and_others_are_never_sent(subscription, ada):
    sent, _ = outbox.put("granted", "a", user=ada)
    OutboxMail.objects.update(sent_at=timezone.now(), last_error="550 ada@example.com")
    outbox.put("granted", "b", user=ada)
    scrub(subscription)
    row = OutboxMail.objects.get()
    assert (row.pk, row.email, row.last_error) == (sent.pk, "", "")


def test_reasons_lose_the_name_whoever_typed_them(shop, subscription, boss):
    term = grants.extend(subscription, 3, reason="Ada Martin phoned; Adam too", actor=boss)
    shop.make_renewal(term, problem="The card of Ada Martin is lost")
    scrub(subscription)
    words = "– phoned; Adam too"
    term.refresh_from_db()
    assert (term.grant_reason, term.granted_by_name) == (words, "Olga Petit")
    assert JournalEntry.objects.get().reason == words
    planned = get_model("oscar_subscriptions", "PlannedRenewal").objects.get()
    assert planned.problem == "The card of – is lost"


def test_a_longer_name_is_taken_before_a_shorter_one_that_is_a_part_of_it(subscription):
    subscription.member_name = "Ada"
    alerts.raise_alert("reversal", "a", subscription=subscription, reason="Ada Martin, Ada, Adam")
    scrub(subscription)
    assert Alert.objects.get().reason == "–, –, Adam"


def test_a_consent_to_automatic_renewal_forgets_who_gave_and_who_ended_it(shop, subscription, ada):
    consent = shop.make_renewal(subscription.terms.get()).auto_renewal
    type(consent).objects.update(member_name="Ada Martin", member_email=ada.email)
    auto_renewal.switch_off(subscription, reason="Ada Martin wants it", actor=ada)
    scrub(subscription)
    consent.refresh_from_db()
    assert (consent.member_name, consent.member_email) == (f"#{subscription.pk}", "")
    assert (consent.ended_by_name, consent.end_reason) == ("–", "– wants it")
    assert (consent.text, consent.price) == ("Renew it.", 240)


def test_what_happened_and_when_is_not_touched(subscription, boss):
    grants.extend(subscription, 3, reason="Late", actor=boss)
    facts = ("kind", "at", "detail", "actor", "actor_name", "term")
    before = list(JournalEntry.objects.values(*facts)), list(Term.objects.values())
    scrub(subscription)
    assert before == (list(JournalEntry.objects.values(*facts)), list(Term.objects.values()))


# The seller.


def test_a_closed_seller_has_neither_services_nor_name_nor_address_in_the_shop(shop):
    seller = shop.make_seller()
    services = [shop.make_service(seller, title) for title in ("A", "B")]
    withdrawn = shop.make_service(seller, "C", is_public=False)
    PartnerAddress.objects.create(partner=seller.partner, line1="At home", country=shop.country)
    code = seller.partner.code
    scrubbing.close_seller(seller)
    for service in (*services, withdrawn):
        service.refresh_from_db()
        assert not service.is_public
    seller.partner.refresh_from_db()
    assert seller.partner.name == f"Consultant {seller.pk}"
    assert seller.partner.code != code
    assert not seller.partner.addresses.exists()


def test_services_of_a_closed_seller_do_not_come_back_with_a_new_term(shop):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    seller.user.oscar_subscriptions.get().terms.update(suspended_at=timezone.now())
    sellers.forget(seller.user)
    assert parking.park(seller) == [service]
    scrubbing.close_seller(seller)
    assert not ParkedListing.objects.exists()
    Term.objects.update(suspended_at=None)
    assert parking.restore(seller) == []


def test_the_code_of_a_closed_seller_names_nobody_and_is_no_one_elses(shop):
    codes = set()
    for name in ("one", "two"):
        seller = shop.make_seller(name)
        scrubbing.close_seller(seller)
        codes.add(seller.partner.code)
        assert name not in seller.partner.code
    assert len(codes) == 2
