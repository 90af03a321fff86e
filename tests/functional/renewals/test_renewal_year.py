"""A membership that renews itself, over HTTP to the payment stand-in: told, charged, continued."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.payments.provider import intents
from tests.functional import pages
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    Attempt,
    AutoRenewal,
    Order,
    StoredPaymentMethod,
)

pytestmark = pytest.mark.django_db(transaction=True)
FIRST_YEAR = (date(2017, 2, 3), LAST_DAY)
SECOND_YEAR = (date(2018, 2, 4), date(2019, 2, 3))


def test_the_box_is_offered_and_never_ticked_beforehand(renewing):
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    box = pages.soup(pages.order_page(renewing.client)).find(id="id_auto_renewal")
    assert box is not None and not box.has_attr("checked")


def test_a_shop_that_does_not_offer_it_shows_nothing_and_keeps_no_card(renewing, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    assert pages.soup(pages.order_page(renewing.client)).find(id="auto-renewal") is None
    renewing.buy(auto_renewal="on")  # typed by somebody who knows the name of the field
    assert not AutoRenewal.objects.exists() and not StoredPaymentMethod.objects.exists()


def test_without_the_tick_nothing_is_kept_at_the_provider(renewing):
    renewing.buy(auto_renewal=None)
    assert not AutoRenewal.objects.exists() and not StoredPaymentMethod.objects.exists()
    assert not Attempt.objects.get().keeps_payment_method
    assert renewing.standin.events("customer.created") == []


def test_the_consent_says_who_agreed_when_to_which_words_and_price(renewing):
    renewing.buy(auto_renewal="on")
    consent = AutoRenewal.objects.get()
    assert (consent.member_name, consent.member_email) == ("Ada Martin", "member@example.com")
    assert consent.accepted_at.date() == date(2017, 2, 3)
    assert "“Silver” automatically for 12 months" in consent.text
    assert "€240.00" in consent.text and "45 days" in consent.text
    assert consent.terms_of_sale == renewing.shop.terms_of_sale
    assert (consent.price, consent.currency, consent.order) == (240, "EUR", Order.objects.get())
    assert auto_renewal.is_on(renewing.subscription)


def test_of_the_means_of_payment_two_ids_are_kept_and_no_digit_of_a_card(bought):
    means = StoredPaymentMethod.objects.get()
    assert re.fullmatch(r"cus_\w+", means.customer_id)
    assert re.fullmatch(r"pm_\w+", means.payment_method_id)
    [customer] = bought.standin.events("customer.created")
    assert "djstripe_subscriber" not in customer["data"]["object"]["metadata"]


def test_a_tick_on_an_order_that_is_not_paid_counts_for_nothing(renewing):
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    pages.place_order(renewing.client, auto_renewal="on")
    assert AutoRenewal.objects.exists()
    assert not auto_renewal.is_on(renewing.subscription)
    assert not AutoRenewal.objects.in_force().exists()


def test_the_renewal_is_charged_on_its_day_and_continues_the_term(announced):
    announced.run(CHARGED - timedelta(days=1))
    assert announced.charges() == ["succeeded"]
    assert announced.run(CHARGED) == []
    assert announced.charges() == ["succeeded", "succeeded"]
    assert announced.terms == [FIRST_YEAR, SECOND_YEAR]
    assert announced.planned.status == "done"


def test_nobody_is_led_to_another_page_when_the_card_is_charged(announced):
    """Left to itself, Stripe refuses to charge a member who is not there to be led anywhere."""
    announced.run(CHARGED)
    intent = intents.fetch_intent(Attempt.objects.get(kind="off-session").payment_intent_id)
    assert intent["automatic_payment_methods"].to_dict() == {
        "enabled": True,
        "allow_redirects": "never",
    }
    assert intent["status"] == "succeeded"


def test_the_renewal_is_an_ordinary_order(announced):
    announced.run(CHARGED)
    first, order = Order.objects.order_by("pk")
    assert (order.user, order.total_incl_tax, order.status) == (first.user, 240, "Paid")
    assert order.billing_address.postcode == "75002"
    assert order.basket.status == "Submitted"
    assert order.subscription_consent.terms_of_sale == AutoRenewal.objects.get().terms_of_sale
    attempt = order.subscription_attempts.get()
    assert (attempt.kind, attempt.status, attempt.session_id) == ("off-session", "paid", None)
    assert order.sources.get().amount_debited == 240
    assert [message.subject for message in mail.outbox][-2:] == [
        f"Your order {order.number} is confirmed",
        "Your subscription goes on until Feb. 3, 2019",
    ]


def test_the_year_after_it_happens_again(announced):
    announced.run(CHARGED)
    announced.run(ANNOUNCED.replace(year=2018))
    announced.run(CHARGED.replace(year=2019))
    assert announced.charges() == ["succeeded"] * 3
    assert len(announced.terms) == 3
    assert announced.mails() == ["renewal-announced"] * 2


def test_a_refund_of_a_renewal_takes_back_its_term_alone(announced):
    announced.run(CHARGED)
    attempt = Attempt.objects.get(kind="off-session")
    announced.standin.control(f"charges/{attempt.payment_intent_id}/refund")
    Attempt.objects.filter(pk=attempt.pk).mark_due()
    announced.run()
    assert [term.is_valid for term in announced.subscription.terms.all()] == [True, False]
