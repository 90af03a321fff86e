"""Whom a question is about: an account, or what is left of one that was deleted."""

import pytest
from django.core.management import CommandError, call_command
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, journal, privacy, sellers
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.privacy import people

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
Subscription = get_model("oscar_subscriptions", "Subscription")


@pytest.fixture
def two_of_one_address(shop):
    """Two deleted accounts, with a term each; the second took the address of the first when that
    was free again: ``make(moved)`` – the first had changed its own before, or had not."""

    def make(moved):
        first = shop.make_user("one", first_name="Ada")
        shop.grant(first)
        outbox.put("granted", "first", user=first)
        if moved:
            first.email = "new@example.com"
            first.save()
            second = shop.make_user("two", first_name="Bea")
        else:
            first.delete()
            second = shop.make_user("two", first_name="Bea")
        second.email = "one@example.com"
        second.save()
        shop.grant(second)
        outbox.put("granted", "second", user=second)
        if moved:
            first.delete()
        second.delete()
        return list(Subscription.objects.order_by("pk")), list(OutboxMail.objects.order_by("pk"))

    return make


def test_a_deleted_account_is_known_by_its_last_address_not_by_one_that_it_gave_up(
    two_of_one_address,
):
    subscriptions, sent_mails = two_of_one_address(moved=True)
    for address, own in (("new@example.com", 0), ("one@example.com", 1)):
        person = privacy.find(address, deleted=True)
        assert list(person.subscriptions()) == [subscriptions[own]]
        assert list(person.mails()) == [sent_mails[own]]


def test_two_deleted_accounts_of_one_address_are_never_taken_for_one_person(
    two_of_one_address, boss
):
    two_of_one_address(moved=False)
    assert privacy.find("one@example.com", deleted=True) is None
    with pytest.raises(CommandError, match="or of more than one, with the e-mail address"):
        call_command(
            "subscriptions_anonymise",
            "one@example.com",
            "--deleted",
            "--actor=boss",
            "--reason=asked",
        )


def test_a_person_of_an_account_is_made_once(ada):
    person = people.as_person(ada)
    assert (person.user, person.email) == (ada, "ada@example.com")
    assert people.as_person(person) is person


# The rows of an account.


@pytest.fixture
def busy(shop, ada):
    """Ada has paid, sells, was written to and is in an alert; beside another who has too."""
    for user in (shop.make_user("other"), ada):
        order = shop.make_order(user)
        fulfilment.order_paid(order)
        alerts.raise_alert(alerts.REVERSAL, f"a-{user.pk}", order=order)
    return people.as_person(ada)


def test_rows_of_an_account_are_its_own(busy, ada):
    assert [row.user for row in busy.subscriptions()] == [ada]
    assert [row.user for row in busy.orders()] == [ada]
    assert {row.email for row in busy.mails()} == {"ada@example.com"}
    assert [row.key for row in busy.alerts()] == [f"a-{ada.pk}"]
    assert busy.seller() == sellers.get_seller(ada)


def test_orders_are_those_of_plans_paid_or_not(shop, ada):
    service = shop.make_service(shop.make_seller())
    order_of_a_service = shop.order_products(ada, [service])
    unpaid = shop.make_order(ada)
    assert list(people.as_person(ada).orders()) == [unpaid]
    shop.keep_consent(order_of_a_service)
    assert list(people.as_person(ada).orders()) == [order_of_a_service, unpaid]


def test_an_order_that_is_known_twice_is_one_order(shop, ada):
    order = shop.make_order(ada)
    shop.keep_consent(order)
    fulfilment.order_paid(order)
    assert list(people.as_person(ada).orders()) == [order]


def test_an_account_knows_nothing_of_deleted_ones_with_its_address(shop, busy, ada):
    ada.delete()
    again = people.as_person(shop.make_user("ada"))
    assert not again.subscriptions().exists()
    assert not again.orders().exists()
    assert not again.mails().exists()
    assert again.seller() is None
    assert (again.actor_names(), again.earlier_addresses()) == (set(), set())


# What is left of a deleted account.


def test_what_is_left_is_what_was_there(busy, ada):
    def rows(person):
        found = (person.subscriptions(), person.orders(), person.mails(), person.alerts())
        return [[row.pk for row in kind] for kind in found], person.seller().pk

    before, key = rows(busy), ada.pk
    ada.delete()
    person = privacy.find("Ada@Example.com", deleted=True)
    assert rows(person) == before
    assert person.user is None
    assert (person.accounts(), person.actor_names()) == ({key}, {"Ada Martin"})


def test_an_unpaid_order_is_known_after_the_account_is_deleted(shop, ada):
    shop.grant(ada)
    order = shop.make_order(ada)
    ada.delete()
    assert list(privacy.find("ada@example.com", deleted=True).orders()) == [order]


def test_the_journal_keeps_the_way_from_an_account_to_its_rows(shop, ada):
    subscription = shop.grant(ada).subscription
    order, seller = shop.make_order(ada), sellers.ensure_seller(ada)
    people.record_account_deletion(ada)
    line = JournalEntry.objects.get()
    assert (line.subscription, line.kind) == (subscription, journal.ACCOUNT_DELETED)
    assert line.detail == {
        "account": ada.pk,
        "orders": [order.number],
        "seller": seller.pk,
        "signature": "Ada Martin",
        "addresses": [],
    }


def test_rows_of_a_deleted_account_have_its_last_address_and_know_the_earlier_ones(shop, ada):
    shop.grant(ada)
    outbox.put("granted", "a", user=ada)
    ada.email = "new@example.com"
    ada.save()
    people.record_account_deletion(ada)
    assert Subscription.objects.get().member_email == "new@example.com"
    assert OutboxMail.objects.get().email == "new@example.com"
    assert JournalEntry.objects.get().detail["addresses"] == ["ada@example.com"]


def test_what_was_made_nameless_before_stays_so_when_the_account_is_deleted(shop, ada, boss):
    shop.grant(ada)
    privacy.anonymise(ada, reason="Asked", actor=boss, give_up_terms=True)
    people.record_account_deletion(ada)
    subscription = Subscription.objects.get()
    assert people.is_nameless(subscription)
    detail = subscription.journal.get(kind=journal.ACCOUNT_DELETED).detail
    assert detail.keys() == {"account", "orders", "seller"}


def test_a_member_who_subscribes_again_has_a_name_again(shop, ada):
    subscription = shop.grant(ada).subscription
    subscription.member_name, subscription.member_email = people.placeholder_name(subscription), ""
    assert people.is_nameless(subscription)
    subscription.member_email = "ada@example.com"
    assert not people.is_nameless(subscription)


# Whom an operator means.


def test_an_account_is_found_by_its_user_name_or_by_its_address_in_any_case(ada):
    for text in ("ada", "ada@example.com", "ADA@Example.com"):
        assert privacy.find(text).user == ada
    assert privacy.find("Ada Martin") is None


def test_a_user_name_goes_before_an_address_and_an_address_of_two_means_nobody(shop, ada):
    other = shop.make_user("other")
    type(other).objects.filter(pk=other.pk).update(email="ada@example.com")
    assert privacy.find("ada@example.com") is None
    named = shop.make_user("third")
    type(named).objects.filter(pk=named.pk).update(username="ada@example.com")
    assert privacy.find("ada@example.com").user == named


def test_an_account_is_not_found_among_the_deleted_ones(shop, ada):
    shop.grant(ada)
    assert privacy.find("ada@example.com", deleted=True) is None
    ada.delete()
    assert privacy.find("ada@example.com") is None
    assert privacy.find("ada@example.com", deleted=True) is not None
