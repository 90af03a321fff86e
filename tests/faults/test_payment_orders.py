"""Faults 9 to 15: sessions that expire, double, get lost, or are paid when nobody expects it."""

import uuid
from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.payments.attempts import cancellation
from oscar_subscriptions.payments.attempts import hosted as attempts_hosted
from oscar_subscriptions.payments.gateway import StripeCheckoutGateway
from oscar_subscriptions.payments.projections import oscar_payments
from oscar_subscriptions.payments.provider import client as provider_client
from oscar_subscriptions.payments.provider import sessions
from tests.faults import controls, interleave, invariants
from tests.functional import pages
from tests.threads import Other, at_once

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

RETURN = "https://shop.example/"


def session_ids():
    """The ids of the provider's pages, newest first."""
    return [session["id"] for session in provider_client.connect().v1.checkout.sessions.list()]


def statuses():
    return list(Attempt.objects.order_by("pk").values_list("status", flat=True))


def cancel(client, order):
    url = reverse("subscriptions-payments:order-cancel", args=[order.number])
    return client.post(url, follow=True)


def run():
    call_command("subscriptions_run", verbosity=0)


# 9


def test_fault_09_session_expires_and_the_order_can_be_paid_on_a_new_one(
    shop, client, order, standin, told, time_machine
):
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    standin.advance(0)
    standin.flush()
    assert statuses() == ["expired"]
    again = client.get(pages.pay_url(order)).url
    assert again != told
    standin.submit_card(again)
    standin.flush()
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_09_order_whose_sessions_expired_is_cancelled_in_the_end_and_frees_its_voucher(
    shop, member, client, standin
):
    voucher = shop.make_voucher(50)
    pages.add_to_basket(client, shop.plan.product)
    Basket.open.get(owner=member).vouchers.add(voucher)
    client.get(pages.place_order(client).url)
    voucher.refresh_from_db()
    assert voucher.num_orders == 1
    standin.advance(3_700)
    run()
    assert statuses() == ["expired"]
    Order.objects.update(date_placed=timezone.now() - timedelta(days=8))
    run()
    assert statuses() == ["cancelled"]
    assert Order.objects.get().status == "Cancelled"
    voucher.refresh_from_db()
    assert (voucher.num_orders, voucher.applications.count()) == (0, 0)


def cancel_twice_at_once(shop, member, client):
    """Both have found the order not cancelled, before either has given back what it held."""
    pages.add_to_basket(client, shop.plan.product)
    Basket.open.get(owner=member).vouchers.add(shop.make_voucher(50))
    pages.place_order(client)
    offers = get_model("offer", "ConditionalOffer").objects
    offers.update(num_orders=2)  # this order, and another member's
    order = Order.objects.get()
    with interleave.meeting(cancellation, "_release_vouchers"):
        results = at_once(*[lambda: cancellation.cancel_order(order)] * 2)
    assert results == [True, True]
    return offers.get().num_orders


def test_fault_09_order_cancelled_twice_at_once_frees_its_voucher_once(shop, member, client):
    assert cancel_twice_at_once(shop, member, client) == 1
    assert statuses() == ["cancelled"]


def test_fault_09_without_locks_the_voucher_is_freed_twice_control(shop, member, client):
    with controls.without_locks():
        assert cancel_twice_at_once(shop, member, client) == 0


# 10


def cancel_while_the_member_pays(client, order, standin, hosted):
    """The card is accepted at the very moment when the shop asks to close the page."""
    pay = lambda: standin.submit_card(hosted)  # noqa: E731
    with interleave.run_before(sessions, "expire_session", pay):
        return cancel(client, order)


def test_fault_10_paid_while_we_expire_it_is_fulfilled_instead(
    shop, client, order, standin, hosted
):
    answer = cancel_while_the_member_pays(client, order, standin, hosted)
    assert "your order is confirmed" in pages.text(answer)
    assert Order.objects.get().status == "Paid"
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_10_without_reading_again_the_money_has_no_place_control(
    shop, client, order, standin, hosted
):
    with (
        mock.patch.object(cancellation, "reconcile", lambda attempt: attempt),
        mock.patch.object(attempts_hosted, "reconcile", lambda attempt: attempt),
    ):
        cancel_while_the_member_pays(client, order, standin, hosted)
    assert not Term.objects.exists()
    assert "belong to no term" in invariants.violations(shop)[0]


# 11


def test_fault_11_paid_after_staff_cancelled_the_order_is_fulfilled(shop, order, standin, told):
    Order.objects.update(status="Cancelled")
    standin.submit_card(told)
    standin.flush()
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_11_paid_although_the_provider_said_that_the_page_is_closed_is_fulfilled(
    shop, client, order, standin, told
):
    cancel(client, order)
    assert statuses() == ["cancelled"]
    standin.control("amend", id=session_ids()[0], set={"status": "open"})
    standin.submit_card(told)
    standin.flush()
    assert statuses() == ["paid"]
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_11_order_cancelled_while_its_page_was_being_made_can_not_be_paid_there(
    shop, order, standin
):
    with (
        interleave.run_after(sessions, "create_session", lambda: cancellation.cancel_order(order)),
        pytest.raises(attempts_hosted.AttemptClosedError),
    ):
        attempts_hosted.hosted_page(Attempt.objects.get(), RETURN, RETURN)
    assert sessions.fetch_session(Attempt.objects.get().session_id)["status"] == "expired"


def test_fault_11_without_asking_again_the_page_of_a_cancelled_order_stays_open_control(
    shop, order, standin
):
    with (
        mock.patch.object(sessions, "expire_session"),
        interleave.run_after(sessions, "create_session", lambda: cancellation.cancel_order(order)),
        pytest.raises(attempts_hosted.AttemptClosedError),
    ):
        attempts_hosted.hosted_page(Attempt.objects.get(), RETURN, RETURN)
    assert sessions.fetch_session(Attempt.objects.get().session_id)["status"] == "open"


# 12


def click_twice(shop, member, client):
    """Both requests have found no order that waits, before either has placed one."""
    pages.add_to_basket(client, shop.plan.product)
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}
    # A member who comes back: the row is there, and nothing on it is new.
    Subscription.objects.create(user=member, plan=shop.plan, language="en")

    def click():
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(reverse("checkout:preview"), values).status_code

    with interleave.meeting(StripeCheckoutGateway, "waiting_order", after=True):
        return at_once(click, click)


def test_fault_12_double_click_on_the_order_button_gives_one_order(shop, member, client):
    assert click_twice(shop, member, client) == [302, 302]
    assert Order.objects.count() == 1
    assert statuses() == ["open"]


def test_fault_12_without_locks_the_second_click_fails_control(shop, member, client):
    with controls.without_locks():
        assert click_twice(shop, member, client) != [302, 302]


def pay_twice(client, order):
    """Both requests have found no page yet, before either has asked the provider for one."""

    def click():
        browser = Client()
        browser.cookies = client.cookies
        return browser.get(pages.pay_url(order)).url

    with interleave.meeting(sessions, "create_session"):
        return at_once(click, click)


def test_fault_12_double_click_on_pay_gives_one_live_session(client, order, standin):
    first, second = pay_twice(client, order)
    assert first == second
    assert len(session_ids()) == 1


def test_fault_12_without_the_idempotency_key_there_are_two_live_sessions_control(
    client, order, standin
):
    create = sessions.create_session
    forgetful = lambda params, key: create(params, str(uuid.uuid4()))  # noqa: E731
    with mock.patch.object(sessions, "create_session", forgetful):
        pay_twice(client, order)
    assert len(session_ids()) == 2


# 75


def pay_in_two_languages(client, order, settings):
    """Two tabs ask for the page at once, and differ in what the provider is asked for."""

    def click(language):
        browser = Client()
        browser.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return lambda: browser.get(pages.pay_url(order)).url

    with interleave.meeting(sessions, "create_session"):
        return at_once(click("en"), click("fr"))


def test_fault_75_two_tabs_in_two_languages_get_one_live_session(client, order, standin, settings):
    first, second = pay_in_two_languages(client, order, settings)
    assert first == second
    assert len(session_ids()) == 1


def test_fault_75_if_the_first_page_is_not_looked_for_there_are_two_live_sessions_control(
    client, order, standin, settings
):
    with mock.patch.object(sessions, "find_session", lambda reference, since: None):
        pay_in_two_languages(client, order, settings)
    assert len(session_ids()) == 2


# 13


def pay_in_two_tabs(client, order, standin, hosted):
    """Two pages of one order are paid, and both browsers come back at once.

    Both requests have found no other payment, before either has written its own.
    """
    # What we last heard of the first page is wrong, as after a backup was restored.
    Attempt.objects.update(status="expired")
    other = client.get(pages.pay_url(order)).url
    assert other != hosted
    backs = [standin.submit_card(page)[1] for page in (hosted, other)]

    def come_back(url):
        browser = Client()
        browser.cookies = client.cookies
        return browser.get(url)

    with interleave.meeting(oscar_payments, "record_payment"):
        tabs = [Other(lambda back=back: come_back(back)) for back in backs]
        for tab in tabs:
            tab.join()
    return [tab.error for tab in tabs]


def test_fault_13_two_tabs_both_paid_give_one_term_and_the_rest_is_not_silent(
    shop, client, order, standin, hosted
):
    assert pay_in_two_tabs(client, order, standin, hosted) == [None, None]
    run()
    assert statuses() == ["paid", "paid"]
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_13_shop_that_wants_it_gives_the_second_payment_back_at_once(
    shop, client, order, standin, hosted, settings
):
    settings.OSCAR_SUBSCRIPTIONS_REFUND_SECOND_PAYMENT = True
    assert pay_in_two_tabs(client, order, standin, hosted) == [None, None]
    run()
    run()  # a look at the payment that finds what the one before has asked for
    (refund,) = provider_client.connect().v1.refunds.list()
    assert refund["amount"] == 24_000
    assert Term.objects.count() == 1
    assert not Alert.objects.open().exists()
    invariants.check(shop)


def test_fault_13_without_locks_the_database_refuses_the_second_term_control(
    shop, client, order, standin, hosted
):
    with controls.without_locks(), controls.without_numbers():
        pay_in_two_tabs(client, order, standin, hosted)
    assert controls.is_refused_by_the_database()


def test_fault_13_order_marked_paid_by_hand_and_then_paid_online_is_not_silent(
    shop, client, order, standin, hosted
):
    from oscar_subscriptions import fulfilment

    # The page is paid before it can be closed.
    _, back, _ = standin.submit_card(hosted)
    fulfilment.order_paid(order)
    client.get(back)
    assert Term.objects.count() == 1
    assert invariants.problems_about(Attempt.objects.get())


# 14, 15


@pytest.fixture
def lost(client, order, webhook, standin, monkeypatch):
    """The provider has made a page for ``order``, but its answer never reached the shop."""
    monkeypatch.setattr(provider_client, "NETWORK_RETRIES", 0)
    standin.fault(lose="after", path="checkout/sessions$", method="POST")
    assert client.get(pages.pay_url(order)).status_code == 503
    assert Attempt.objects.get().session_id is None
    (session,) = session_ids()
    return session


def test_fault_14_session_creation_that_timed_out_gives_the_same_session_again(
    shop, client, order, standin, lost
):
    page = client.get(pages.pay_url(order)).url
    assert session_ids() == [lost]
    assert Attempt.objects.get().session_id == lost
    standin.submit_card(page)
    standin.flush()
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_15_after_24_hours_the_lost_session_is_found_by_the_stored_reference(
    shop, client, order, standin, lost, time_machine
):
    # The provider has forgotten the idempotency key, and closed the page.
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    # The member is faster than the event of the page that has ended.
    standin.delivery(hold=True)
    standin.advance(0)
    page = client.get(pages.pay_url(order)).url
    standin.release(hold=False)
    standin.flush()
    assert statuses() == ["expired", "open"]
    assert Attempt.objects.earliest("pk").session_id == lost
    standin.submit_card(page)
    standin.flush()
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_15_lost_session_that_was_paid_is_fulfilled_by_the_stored_reference(
    shop, standin, lost
):
    standin.pay(lost)
    standin.flush()
    assert Attempt.objects.get().session_id == lost
    assert Term.objects.count() == 1
    invariants.check(shop)
