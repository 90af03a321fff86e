"""What a member and the shop's own code hear of a paid order, and when."""

import pytest
from oscar.apps.checkout.signals import post_checkout
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, sellers, signals
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail import sending

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def order(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_order(shop.make_user(first_name="Ada"))


def test_two_mails_are_queued_and_sent_once(order, commit, sent_mails):
    for _ in range(3):
        with commit():
            fulfilment.order_paid(order)
    subjects = [message.subject for message in sent_mails("member@example.com")]
    assert subjects == [
        f"Your order {order.number} is confirmed",
        "You are a seller until Feb. 3, 2018",
    ]
    kinds = set(OutboxMail.objects.values_list("kind", flat=True))
    assert kinds == {term_notices.ORDER_CONFIRMED, term_notices.SELLER_ACTIVATED}


def test_the_mails_say_what_was_bought_and_for_which_days(order, commit, sent_mails):
    with commit():
        fulfilment.order_paid(order)
    confirmed, activated = sent_mails("member@example.com")
    assert "Hello Ada," in confirmed.body
    assert "€240.00" in confirmed.body
    assert f"https://shop.example/accounts/orders/{order.number}/" in confirmed.body
    assert "from Feb. 3, 2017 to Feb. 3, 2018 inclusive" in activated.body
    assert activated.alternatives


def test_nothing_is_sent_before_the_commit(order, commit, sent_mails, received):
    started, over = received(signals.term_started), received(post_checkout)
    with commit():
        fulfilment.order_paid(order)
        assert sent_mails("member@example.com") == []
        assert started == over == []
    assert len(sent_mails("member@example.com")) == 2
    assert len(started) == len(over) == 1


def test_the_shop_hears_which_term_and_which_order(order, commit, received):
    started, over = received(signals.term_started), received(post_checkout)
    with commit():
        term = fulfilment.order_paid(order).term
    assert started[0]["term"] == term
    assert (over[0]["order"], over[0]["user"]) == (order, order.user)


def test_a_second_notice_of_the_same_payment_signals_nothing(order, commit, received):
    with commit():
        fulfilment.order_paid(order)
    started, over = received(signals.term_started), received(post_checkout)
    with commit():
        fulfilment.order_paid(order)
    assert started == over == []


@pytest.mark.parametrize("signal", [signals.term_started, post_checkout])
def test_fault_39_a_shops_receiver_that_raises_changes_nothing(
    order, commit, sent_mails, raising, received, signal
):
    raising(signal)
    heard = received(signal)
    with commit():
        fulfilment.order_paid(order)
    assert Term.objects.count() == 1
    assert sellers.is_seller(order.user)
    assert len(sent_mails("member@example.com")) == 2
    assert len(heard) == 1


def test_fault_38_a_mail_server_that_is_down_takes_no_access(order, commit, mail_server):
    mail_server.down = True
    with commit():
        fulfilment.order_paid(order)
    assert sellers.is_seller(order.user)
    assert sending.waiting().count() == 2
