"""Money that can't be turned into a term: no term, no exception, never silence."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, sellers, signals
from oscar_subscriptions.plans import vendors

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")

OPERATOR = "operator@example.com"


@pytest.fixture
def member(shop):
    return shop.make_user()


def quantity_seven(shop, member):
    return shop.make_order(member, quantity=7)


def two_plans(shop, member):
    return shop.make_order(member, extra=[shop.make_plan("Gold").product])


def mixed_basket(shop, member):
    return shop.make_order(member, extra=[shop.make_service(shop.make_seller())])


def partner_of_a_seller(shop, member):
    order = shop.make_order(member)
    Seller.objects.create(user=shop.make_user("owner"), partner=shop.vendor)
    return order


def partner_that_a_customer_can_write(shop, member):
    order = shop.make_order(member)
    shop.vendor.users.add(member)
    return order


def zero_total(shop, member):
    return shop.make_order(member, shop.make_plan("Gift", price="0.00"))


def price_of_a_stranger(shop, member):
    """Placed by a checkout and a strategy that know no foreign stock records."""
    order = shop.make_order(member)
    shop.plan.product.stockrecords.create(
        partner=shop.make_seller().partner, partner_sku="mine", price_currency="EUR", price=1
    )
    return order


def partner_deleted(shop, member):
    order = shop.make_order(member)
    shop.vendor.delete()
    return order


FORGED = [
    quantity_seven,
    two_plans,
    mixed_basket,
    partner_of_a_seller,
    partner_that_a_customer_can_write,
    zero_total,
]


@pytest.mark.parametrize("forge", FORGED)
def test_fault_21_a_forged_order_gives_no_term_but_an_alert(
    shop, member, forge, commit, sent_mails, caplog
):
    order = forge(shop, member)
    with commit():
        result = fulfilment.order_paid(order)
    assert result.refused
    assert result.term is None
    assert not Term.objects.filter(subscription__user=member).exists()
    assert not sellers.is_seller(member)
    entry = JournalEntry.objects.get(kind=journal.PAYMENT_REFUSED)
    assert entry.subscription.user == member
    assert entry.detail == {"order": order.number}
    assert entry.reason == result.refused
    [message] = sent_mails(OPERATOR)
    assert order.number in message.subject
    assert result.refused in message.body
    assert order.number in caplog.text


@pytest.mark.parametrize("forge", FORGED)
def test_managers_are_told_once_of_a_refusal_reported_by_every_door(
    shop, member, forge, commit, sent_mails
):
    order = forge(shop, member)
    for _ in range(3):
        with commit():
            assert fulfilment.order_paid(order).refused
    assert len(sent_mails(OPERATOR)) == 1


def test_fault_56_money_of_a_member_who_left_is_reported(shop, member, commit, sent_mails):
    order = shop.make_order(member)
    member.delete()
    order.refresh_from_db()
    with commit():
        result = fulfilment.order_paid(order)
    assert result.refused == "The member's account no longer exists."
    assert not Term.objects.exists()
    assert order.number in sent_mails(OPERATOR)[0].subject


def test_fault_20_a_zero_total_gives_a_term_where_the_operator_opted_in(shop, member, settings):
    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    assert fulfilment.order_paid(zero_total(shop, member)).created


def test_hole_o6_an_order_that_a_stranger_may_have_priced_gives_no_term(shop, member, monkeypatch):
    order = price_of_a_stranger(shop, member)
    monkeypatch.setattr(vendors, "are_foreign_ignored", lambda: False)
    assert fulfilment.order_paid(order).refused == "The plan was not sold by the shop itself."


def test_hole_o6_an_order_of_a_shop_that_ignores_strangers_gives_its_term(
    shop, member, monkeypatch
):
    order = price_of_a_stranger(shop, member)
    monkeypatch.setattr(vendors, "are_foreign_ignored", lambda: True)
    assert fulfilment.order_paid(order).created


def test_hole_o6_an_order_of_our_checkout_gives_its_term_whatever_was_attached_since(
    shop, member, monkeypatch
):
    order = price_of_a_stranger(shop, member)
    shop.keep_consent(order)
    monkeypatch.setattr(vendors, "are_foreign_ignored", lambda: False)
    assert fulfilment.order_paid(order).created


def test_staff_may_manage_the_vendor_that_sells_plans(shop, member):
    shop.vendor.users.add(shop.make_user("clerk", is_staff=True))
    assert fulfilment.order_paid(shop.make_order(member)).created


def test_fault_58_money_for_the_plan_of_a_deleted_vendor_is_an_alert_not_an_exception(
    shop, member, commit, sent_mails
):
    order = partner_deleted(shop, member)
    with commit():
        result = fulfilment.order_paid(order)
    assert result.refused == "The plan was not sold by the shop itself."
    assert len(sent_mails(OPERATOR)) == 1


def test_a_refusal_is_signalled_with_its_reason(shop, member, commit, received):
    calls = received(signals.refused)
    order = quantity_seven(shop, member)
    with commit():
        result = fulfilment.order_paid(order)
    [call] = calls
    assert (call["order"], call["reason"]) == (order, result.refused)


def test_an_order_refused_beside_a_running_term_leaves_that_term_alone(shop, member):
    term = shop.grant(member)
    assert fulfilment.order_paid(quantity_seven(shop, member)).refused
    term.refresh_from_db()
    assert term.is_valid
    assert sellers.is_seller(member)
