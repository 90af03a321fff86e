"""What went wrong in reviews and must not again: each test is named after the loss it prevents."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, sellers
from oscar_subscriptions.mail import sending
from oscar_subscriptions.payments.attempts import hosted as attempts_hosted
from oscar_subscriptions.payments.projections import oscar_payments
from tests.functional import pages
from tests.threads import at_once

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
Product = get_model("catalogue", "Product")
Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def test_old_order_does_not_keep_its_price_for_ever(client, order, standin):
    Order.objects.update(date_placed=timezone.now() - timedelta(days=8))
    assert "is cancelled" in pages.text(client.get(pages.pay_url(order)))
    assert Attempt.objects.get().status == "cancelled"


def test_run_cancels_orders_that_are_over_and_only_those(shop, client, order, standin):
    client.get(pages.pay_url(order))
    call_command("subscriptions_run", verbosity=0)
    assert Attempt.objects.get().status == "open"
    Order.objects.update(date_placed=timezone.now() - timedelta(days=8))
    call_command("subscriptions_run", verbosity=0)
    assert Attempt.objects.get().status == "cancelled"
    assert Order.objects.get().status == "Cancelled"


def test_order_that_staff_cancelled_is_not_charged(client, order, standin):
    Order.objects.update(status="Cancelled")
    response = client.get(pages.pay_url(order))
    assert "is cancelled" in pages.text(response)
    page = client.get(reverse("customer:order", args=[order.number]))
    assert not pages.soup(page).find("a", href=pages.pay_url(order))


def test_plan_of_a_suspended_member_can_not_be_paid_through_an_old_order(
    shop, member, client, order, standin
):
    fulfilment.suspend(shop.grant(member), reason="dispute")
    page = client.get(pages.pay_url(order))
    assert page.status_code == 200 and "is suspended" in pages.text(page)
    # It is kept: the suspension may end.
    assert Attempt.objects.get().status == "open"


def test_member_who_accepts_one_price_is_not_sent_to_pay_another(shop, client, order, standin):
    shop.plan.product.stockrecords.update(price="100.00")
    pages.add_to_basket(client, shop.plan.product)
    response = pages.place_order(client)
    assert "on other conditions" in pages.text(response)
    assert Order.objects.count() == 1


def test_receiver_that_raises_on_a_service_does_not_undo_the_payment(shop, standin):
    seller = shop.make_seller(starts_on=timezone.localdate() - timedelta(days=400))
    service = shop.make_service(seller)
    call_command("subscriptions_run", verbosity=0)
    order = shop.make_order(seller.user)

    def broken(**kwargs):
        raise RuntimeError("a shop's receiver")

    post_save.connect(broken, sender=Product)
    try:
        assert fulfilment.order_paid(order).created
    finally:
        post_save.disconnect(broken, sender=Product)
    call_command("subscriptions_run", verbosity=0)
    service.refresh_from_db()
    assert service.is_public


def test_session_that_the_provider_forgot_does_not_lock_the_member_out(client, order, standin):
    client.get(pages.pay_url(order))
    Attempt.objects.update(
        session_id="cs_test_forgotten", created_at=timezone.now() - timedelta(days=2)
    )
    assert client.get(pages.pay_url(order)).url.startswith(standin.url)
    assert list(Attempt.objects.values_list("status", flat=True)) == ["expired", "open"]


def test_namesakes_who_pay_at_once_are_both_sellers(shop):
    users = [shop.make_user(f"n{i}", first_name="Ada", last_name="Martin") for i in range(3)]
    orders = [shop.make_order(user) for user in users]
    results = at_once(*[lambda order=order: fulfilment.order_paid(order) for order in orders])
    assert all(result.created for result in results), results
    assert Seller.objects.count() == 3


def test_renewal_and_daily_run_at_once_do_not_deadlock(shop):
    seller = shop.make_seller(starts_on=timezone.localdate() - timedelta(days=400))
    shop.make_service(seller)
    order = shop.make_order(seller.user)
    results = at_once(
        lambda: fulfilment.order_paid(order),
        lambda: call_command("subscriptions_run", verbosity=0),
    )
    assert results[0].created, results
    assert sellers.is_seller(seller.user)


def test_refused_payment_is_fulfilled_once_what_stood_in_the_way_is_gone(
    shop, client, order, standin
):
    clerk = shop.make_user("clerk")
    shop.vendor.users.add(clerk)
    hosted = Attempt.objects.get()
    page = attempts_hosted.hosted_page(hosted, "https://shop.example/", "https://shop.example/")
    standin.submit_card(page)
    call_command("subscriptions_run", verbosity=0)
    assert not Term.objects.exists()
    shop.vendor.users.remove(clerk)
    call_command("subscriptions_run", verbosity=0)
    assert Term.objects.count() == 1


def test_total_that_the_provider_refuses_is_said_so_and_the_shop_is_told(client, order, standin):
    Attempt.objects.update(amount=0)
    for _ in range(3):
        response = client.get(pages.pay_url(order))
        assert "does not accept this order" in pages.text(response)
    assert Attempt.objects.count() == 1
    assert Alert.objects.open().count() == 1


def test_email_that_can_not_be_delivered_is_given_up_and_reported(shop):
    row = OutboxMail.objects.create(
        kind="order-confirmed", key="1", email="nobody@example.com", context={"order": 0}, tries=29
    )
    OutboxMail.objects.update(created_at=timezone.now() - timedelta(days=30))
    sending.send(row.pk)
    assert OutboxMail.objects.get(pk=row.pk).sent_at is None
    assert sending.waiting().count() == 0
    assert Alert.objects.open().count() == 1


def test_two_first_payments_at_once_do_not_stop_every_later_one(shop, client, order, standin):
    # What their race leaves behind: Oscar's source types have no unique name.
    SourceType = get_model("payment", "SourceType")
    for _ in range(2):
        SourceType.objects.create(name=oscar_payments.SOURCE_TYPE)
    _, back, _ = standin.submit_card(client.get(pages.pay_url(order)).url)
    client.get(back)
    assert Attempt.objects.get().status == Attempt.PAID
    assert Term.objects.count() == 1


def test_order_that_was_paid_by_cheque_is_not_offered_for_payment_again(client, order, standin):
    fulfilment.order_paid(order)
    page = client.get(reverse("customer:order", args=[order.number]))
    assert not pages.soup(page).find("a", href=pages.pay_url(order))
    assert "your order is confirmed" in pages.text(client.get(pages.pay_url(order), follow=True))
    pages.add_to_basket(client, order.lines.get().product)
    assert pages.place_order(client).status_code == 302
    assert Order.objects.count() == 2
