"""A word finds the members whose name or e-mail it begins, and the orders whose number it is."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.dashboard.subscriptions import search

Subscription = get_model("oscar_subscriptions", "Subscription")


@pytest.fixture
def people(shop):
    """Subscriptions of members, by name; nothing but the subscription knows the last two."""
    rows = {}
    for name, first, last in (("ada", "Ada", "Martin"), ("bob", "Bob", "Adams Martin")):
        user = shop.make_user(name, first_name=first, last_name=last)
        rows[name] = Subscription.objects.of_member(user, shop.plan)[0]
    for name, full in (("zoe", "Zoe de Martinez"), ("yan", "")):
        rows[name] = Subscription.objects.create(
            plan=shop.plan, member_name=full, member_email=f"{name}@old.example"
        )
    return rows


def found(word, people):
    rows = Subscription.objects.filter(search.Found(word).condition)
    return [name for name, row in people.items() if row in rows]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("ada", ["ada", "bob"]),
        ("MARTIN", ["ada"]),
        ("adams", ["bob"]),
        ("de", ["zoe"]),
        ("zoe@old", ["zoe"]),
        ("yan", ["yan"]),
        ("old", []),
        ("%", []),
        ("a_a", []),
    ],
)
def test_a_word_finds_what_begins_with_it(people, word, names):
    assert found(word, people) == names


def test_the_present_name_and_address_of_an_account_count_as_well(people):
    user = people["ada"].user
    user.last_name, user.email = "Lovelace", "countess@example.com"
    user.save()
    for word in ("lovelace", "countess", "martin", "ada@"):
        assert "ada" in found(word, people), word


def test_accounts_are_not_looked_up_where_a_word_finds_too_many(people, monkeypatch):
    monkeypatch.setattr(search, "ACCOUNTS", 1)
    assert search.find_accounts("ada") == []
    assert search.find_accounts("bob") == [people["bob"].user_id]
    assert found("ada", people) == ["ada", "bob"], "their names at the order are known"


def test_the_number_of_an_order_finds_it_paid_or_not(shop):
    ada, bob = shop.make_user("ada"), shop.make_user("bob")
    paid, unpaid = shop.make_order(ada), shop.make_order(bob)
    fulfilment.order_paid(paid)
    waiting = fulfilment.lock_for_checkout(bob, shop.plan)
    assert search.subscriptions_of_orders([paid.pk]) == [Subscription.objects.get(user=ada).pk]
    assert search.subscriptions_of_orders([unpaid.pk]) == [waiting.pk]
    assert search.subscriptions_of_orders([]) == []


@pytest.mark.parametrize(
    ("few", "some", "is_known", "are_sorted"),
    [(2, 0, True, True), (1, 2, False, True), (1, 1, False, False)],
)
def test_few_are_looked_up_some_are_sorted_and_many_are_read_in_their_order(
    people, monkeypatch, few, some, is_known, are_sorted
):
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "SOME", some)
    ada = search.Found("ada")
    assert ((ada.few is not None), ada.are_sorted()) == (is_known, are_sorted)
    assert found("ada", people) == ["ada", "bob"]


@pytest.mark.parametrize("are_sorted", [True, False])
def test_the_newest_come_first_however_they_are_found(people, are_sorted):
    rows = Subscription.objects.order_by(*search.newest_first(are_sorted))
    assert list(rows) == list(reversed(people.values()))


def test_an_order_is_named_by_all_that_people_have_in_hand(shop):
    order = shop.make_order(shop.make_user("ada"))
    fulfilment.order_paid(order)
    receipt = get_model("oscar_subscriptions", "Receipt").objects.get()
    attempt = get_model("oscar_subscriptions_payments", "Attempt").objects.create(
        order=order, amount=24000, received=24000, currency="EUR", status="paid",
        session_id="cs_test_1", payment_intent_id="pi_1", charge_id="ch_1",
    )  # fmt: skip
    for number, kind in (("re_1", "refund"), ("du_1", "dispute")):
        attempt.reversals.create(
            provider_id=number, kind=kind, status="lost", amount=1, currency="EUR"
        )
    ids = ["cs_test_1", "pi_1", "ch_1", "re_1", "du_1"]
    for word in (order.number, f"#{order.number}", receipt.number, *ids):
        assert search.orders_of(word) == [order.pk], word
        [found] = Subscription.objects.filter(search.Found(word).condition)
        assert found.user == order.user
    for word in ("pi_2", "xx_1", "cs_", "2017-", order.number[:-1], "#", "_"):
        assert search.orders_of(word) == [], word


def test_another_gateway_is_asked_for_its_own_ids(shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "tests.projects.stock.gateway.ByInvoice"
    assert search.orders_of("pi_1") == []
