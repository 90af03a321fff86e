"""Faults 77 to 79, 83, 84, 88, 89, 95 and 122: one order of a plan may be paid, and nobody pays in
vain."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.gateway import get_gateway
from oscar_subscriptions.payments.attempts import cancellation, hosted, payable
from oscar_subscriptions.payments.provider import sessions
from oscar_subscriptions.payments.provider.client import ProviderUnavailableError
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import Payment
from tests.faults import controls, interleave, invariants
from tests.functional import pages
from tests.threads import at_once

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Basket = get_model("basket", "Basket")
Order = get_model("order", "Order")
Plan = get_model("oscar_subscriptions", "Plan")
Term = get_model("oscar_subscriptions", "Term")
Voucher = get_model("voucher", "Voucher")

pytestmark = pytest.mark.django_db(transaction=True)


def run():
    call_command("subscriptions_run", verbosity=0)


def attempt_of(order):
    return Attempt.objects.filter(order=order).latest("pk")


def ordered(client, shop):
    """Order the plan and go to its page; return the order."""
    pages.add_to_basket(client, shop.plan.product)
    placed = pages.place_order(client)
    client.get(placed.url)
    return Order.objects.latest("pk")


def page_expires(order):
    sessions.expire_session(attempt_of(order).session_id)
    assert reconcile(attempt_of(order)).status == "expired"


# 77


def test_fault_77_order_whose_member_is_typing_a_card_survives_an_hour_off_sale(
    shop, client, standin, order, hosted
):
    Plan.objects.update(is_on_sale=False)
    run()
    assert attempt_of(order).status == "open"
    page = client.get(pages.pay_url(order))
    assert page.status_code == 200 and "can’t be paid at the moment" in pages.text(page)
    assert "no longer on sale" in pages.text(page)
    _, back, _ = standin.submit_card(hosted)
    assert client.get(back).url == reverse("checkout:thank-you")
    assert Term.objects.count() == 1
    invariants.check(shop)


def test_fault_77_order_that_was_paid_while_its_plan_was_off_sale_is_found(
    shop, client, standin, order, hosted
):
    standin.submit_card(hosted)
    Plan.objects.update(is_on_sale=False)
    assert client.get(pages.pay_url(order)).url == reverse("checkout:thank-you")


def test_fault_77_age_ends_an_order_even_if_the_plan_is_off_sale(shop, client, order):
    Plan.objects.update(is_on_sale=False)
    Order.objects.update(date_placed=timezone.now() - timedelta(days=30))
    run()
    assert attempt_of(order).status == "cancelled"


# 78


@pytest.mark.parametrize("door", ["pay", "cancel-return", "order-cancel", "return"])
def test_fault_78_no_page_says_that_nothing_was_charged_while_the_provider_is_silent(
    client, standin, order, hosted, door
):
    standin.submit_card(hosted)
    standin.fault(status=500, times=None)
    key = order.number if door in ("pay", "order-cancel") else attempt_of(order).reference
    address = reverse(f"subscriptions-payments:{door}", args=[key])
    for language in ("en", "fr"):
        headers = {"accept-language": language}
        ask = client.post if door == "order-cancel" else client.get
        page = ask(address, headers=headers)
        said = pages.text(page)
        assert "Nothing has been charged" not in said and "Rien n’a été débité" not in said
        assert "not paid yet" not in said
    standin.control("faults", "DELETE")
    assert client.get(pages.pay_url(order)).url == reverse("checkout:thank-you")


# 79


def test_fault_79_older_order_gives_way_to_a_newer_one_of_the_same_plan(
    shop, member, client, standin
):
    first = ordered(client, shop)
    page_expires(first)
    assert payable.may_be_paid(first).now
    second = ordered(client, shop)
    assert attempt_of(first).status == "cancelled"
    assert get_gateway().may_be_paid(first).is_over
    page = client.get(pages.pay_url(first))
    assert "This order is cancelled" in pages.text(page)
    standin.pay(attempt_of(second).session_id)
    reconcile(attempt_of(second))
    assert Term.objects.count() == 1
    assert client.get(pages.pay_url(first)).status_code == 200
    assert attempt_of(first).status == "cancelled"
    invariants.check(shop)


def test_fault_79_voucher_of_the_older_order_is_free_again(shop, member, client, standin):
    voucher = shop.make_voucher(10)
    Voucher.objects.filter(pk=voucher.pk).update(usage="Single use")
    pages.add_to_basket(client, shop.plan.product)
    client.post(reverse("basket:vouchers-add"), {"code": voucher.code})
    client.get(pages.place_order(client).url)
    first = Order.objects.get()
    assert Voucher.objects.get().num_orders == 1
    page_expires(first)
    ordered(client, shop)
    assert Voucher.objects.get().num_orders == 0
    assert not Voucher.objects.get().applications.exists()


def test_fault_79_older_order_gives_way_later_if_the_provider_is_silent(
    shop, member, client, standin
):
    first = ordered(client, shop)
    # It may still be open at the provider, which does not answer when the next one is placed.
    Order.objects.filter(pk=first.pk).update(date_placed=timezone.now() - timedelta(days=30))
    with mock.patch.object(sessions, "expire_session", side_effect=ProviderUnavailableError):
        ordered(client, shop)
    assert attempt_of(first).status == "open"
    assert payable.may_be_paid(first).is_over
    run()
    assert attempt_of(first).status == "cancelled"


def test_fault_79_order_that_was_paid_otherwise_is_not_cancelled(shop, member, client, standin):
    first = ordered(client, shop)
    page_expires(first)
    fulfilment.order_paid(first)
    ordered(client, shop)
    assert attempt_of(first).status == "expired"
    assert Term.objects.get().revoked_at is None


# 83, 84


@pytest.mark.parametrize("state", ["paid", "unpaid", "cancelled"])
def test_fault_83_clicks_at_once_all_lead_to_the_new_order(shop, member, client, standin, state):
    older = ordered(client, shop)
    if state == "paid":
        standin.pay(attempt_of(older).session_id)
        reconcile(attempt_of(older))
    elif state == "cancelled":
        client.post(reverse("subscriptions-payments:order-cancel", args=[older.number]))
    else:
        page_expires(older)
    pages.add_to_basket(client, shop.plan.product)
    page = pages.order_page(client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS | {"accept_terms": "on"}

    def click():
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(reverse("checkout:preview"), values).url

    first, *others = click(), *at_once(click, click)
    newest = Order.objects.latest("pk")
    assert newest != older
    assert {first, *others} == {pages.pay_url(newest)}
    # And once it is paid, a click that comes late.
    fulfilment.order_paid(newest)
    assert click() == pages.pay_url(newest)


def test_fault_84_basket_that_reuses_an_order_is_used_up_with_it(shop, member, client, standin):
    first = ordered(client, shop)
    pages.add_to_basket(client, shop.plan.product)
    placed = pages.place_order(client)
    assert placed.url == pages.pay_url(first)
    assert Order.objects.count() == 1
    # A second click on the same button.
    values = {"action": "place_order", "shown_basket": Basket.objects.latest("pk").pk - 1}
    again = client.post(reverse("checkout:preview"), values)
    assert again.url == pages.pay_url(first)
    assert not Basket.objects.filter(owner=member, status="Open", lines__isnull=False).exists()


# 88, 89


def test_fault_88_order_is_not_cancelled_while_a_slow_debit_is_under_way(shop, standin, client):
    standin.control("settings", async_delay=86_400)
    payment = Payment(shop, standin)
    standin.pay(payment.session, method="sepa_debit")
    assert not cancellation.cancel_order(payment.order)
    assert payment.attempt.status == "open" and payment.order.status != "Cancelled"
    client.force_login(payment.user)
    address = reverse("subscriptions-payments:order-cancel", args=[payment.order.number])
    page = client.post(address, follow=True)
    assert "has not confirmed the payment yet" in pages.text(page)
    assert payment.attempt.status == "open"


def test_fault_89_term_that_was_paid_otherwise_stands_when_the_surplus_is_refunded(shop, standin):
    payment = Payment(shop, standin)
    standin.pay(payment.session)
    fulfilment.order_paid(payment.order)
    assert payment.attempt.is_surplus, "the page was paid before it could be closed"
    payment.refund()
    reconcile(payment.attempt)
    assert payment.state == "valid"
    assert not Alert.objects.open().exists()


# 95


def test_fault_95_attempt_that_got_its_page_in_another_tab_is_not_given_up(
    shop, client, order, standin
):
    """This tab finds the attempt outdated; before it can renew it, another tab gets a page."""

    def other_tab():
        browser = Client()
        browser.cookies = client.cookies
        assert browser.get(pages.pay_url(order)).status_code == 302

    with (
        mock.patch.object(hosted, "is_outdated", side_effect=[True, False, False]),
        interleave.run_before(hosted, "renew", other_tab),
    ):
        answer = client.get(pages.pay_url(order))
    assert answer.status_code == 302
    assert answer.url == Attempt.objects.get().url
    assert Attempt.objects.get().status == "open"


def cancel_while_the_attempt_is_renewed(order):
    """The old attempt is closed and the next not yet written; return what both become."""
    begun = attempt_of(order)
    with interleave.run_before(hosted, "begin", lambda: cancellation.cancel_order(order)):
        hosted.renew(begun)
    return list(order.subscription_attempts.order_by("pk").values_list("status", flat=True))


def test_fault_95_order_that_is_cancelled_while_its_attempt_is_renewed_can_not_be_paid(shop, order):
    assert cancel_while_the_attempt_is_renewed(order) == ["expired", "cancelled"]


def test_fault_95_without_locks_the_cancelled_order_has_an_open_attempt_control(shop, order):
    with controls.without_locks():
        assert cancel_while_the_attempt_is_renewed(order) == ["cancelled", "open"]


# 122


def test_fault_122_order_that_is_paid_otherwise_closes_its_open_page(
    shop, client, standin, order, hosted
):
    fulfilment.order_paid(order)
    assert sessions.fetch_session(attempt_of(order).session_id)["status"] == "expired"
    assert attempt_of(order).status == "expired"
    assert Term.objects.count() == 1


def test_fault_122_page_is_closed_by_the_run_if_the_provider_was_silent(
    shop, client, standin, order, hosted
):
    standin.fault(status=500, times=None)
    fulfilment.order_paid(order)
    standin.control("faults", "DELETE")
    assert attempt_of(order).status == "open"
    run()
    assert attempt_of(order).status == "expired"


def age(order, **ago):
    Order.objects.filter(pk=order.pk).update(date_placed=timezone.now() - timedelta(**ago))


def test_fault_122_member_is_told_before_an_unpaid_order_is_cancelled_and_after(
    shop, client, order, mailoutbox
):
    age(order, days=4)
    run()
    assert not mailoutbox
    age(order, days=5, minutes=1)
    run()
    run()
    [before] = mailoutbox
    assert before.subject == f"We have not received the payment of your order {order.number} yet"
    assert pages.pay_url(order) in before.body and "It can be paid until" in before.body
    age(order, days=7, minutes=1)
    run()
    run()
    [_, after] = mailoutbox
    assert after.subject == f"Your order {order.number} is cancelled"
    assert "It can no longer be paid" in after.body


def test_fault_122_order_that_gave_way_to_a_newer_one_is_no_news(
    shop, member, client, standin, mailoutbox
):
    first = ordered(client, shop)
    page_expires(first)
    ordered(client, shop)
    Order.objects.update(date_placed=timezone.now() - timedelta(days=6))
    run()
    assert len(mailoutbox) == 1
