"""What the order page and the member's page offer, and what they keep of the answer."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.renewals import orders
from tests.functional import pages
from tests.functional.renewals.renewing import (
    CHARGED,
    LAST_DAY,
    AutoRenewal,
    Order,
    StoredPaymentMethod,
)

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = reverse("subscriptions:my-subscription")
TOO_LATE = "It is too late for the term that ends on Feb. 3, 2018: please renew it yourself."
Plan = get_model("oscar_subscriptions", "Plan")


def offer_on_order_page(renewing):
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    return pages.soup(pages.order_page(renewing.client)).find(id="auto-renewal")


def said(client):
    """What the member's page says of automatic renewal, or nothing."""
    part = pages.soup(client.get(PAGE)).find(attrs={"data-renewal": True})
    return " ".join(part.get_text(" ").split()) if part else ""


def switch(client, renewing, what, **changes):
    pk = renewing.subscription.pk
    values = pages.form_values(client.get(PAGE), f"renewal_{what}_{pk}") | changes
    return client.post(reverse(f"subscriptions:renewal-{what}", args=[pk]), values, follow=True)


@pytest.fixture
def chosen_again(bought, client, elsewhere):
    """The member has switched it off; the card is kept for another subscription."""
    switch(client, bought, "off")
    return bought


@pytest.mark.parametrize(("first", "last"), [("on", None), (None, "on")])
def test_order_that_waits_with_another_tick_is_not_taken_for_the_members_last_word(
    renewing, first, last
):
    for tick in (first, last):
        pages.add_to_basket(renewing.client, renewing.shop.plan.product)
        answer = pages.place_order(renewing.client, auto_renewal=tick)
    assert "was placed on other conditions" in pages.text(answer)
    assert Order.objects.count() == 1


@pytest.mark.parametrize("tick", ["on", None])
def test_order_that_waits_with_the_same_tick_is_led_to_again(renewing, tick):
    answers = []
    for _ in range(2):
        pages.add_to_basket(renewing.client, renewing.shop.plan.product)
        answers.append(pages.place_order(renewing.client, auto_renewal=tick).url)
    assert answers == [pages.pay_url(Order.objects.get())] * 2


@pytest.mark.parametrize(
    ("months", "grace", "is_offered"), [(1, 0, False), (1, 17, False), (1, 18, True), (2, 0, True)]
)
def test_plan_too_short_for_the_notice_is_not_offered_what_can_t_be_done(
    renewing, months, grace, is_offered
):
    Plan.objects.update(months=months, grace_days=grace)
    assert (offer_on_order_page(renewing) is not None) == is_offered
    renewing.buy(auto_renewal="on")
    assert AutoRenewal.objects.exists() == is_offered
    assert bool(said(renewing.client)) == is_offered
    renewing.run(date(2017, 2, 4))
    # Offered is what then happens, even with the shortest month.
    assert renewing.mails() == (["renewal-announced"] if is_offered and months == 1 else [])


def test_too_short_plan_has_no_button_where_a_card_is_kept(chosen_again, client):
    assert "Switch automatic renewal on" in said(client)
    Plan.objects.filter(pk=chosen_again.shop.plan.pk).update(months=1)
    page = pages.soup(client.get(PAGE))
    assert page.find(id=f"renewal_on_{chosen_again.subscription.pk}") is None


def test_chosen_too_late_the_member_is_told_to_renew_by_hand(chosen_again, client):
    chosen_again.go_to(LAST_DAY - timedelta(days=44), 12)
    client.force_login(chosen_again.subscription.user)
    answer = pages.text(switch(client, chosen_again, "on"))
    assert f"Automatic renewal is on. {TOO_LATE}" in answer
    assert TOO_LATE in said(client) and "will be announced" not in said(client)


def test_chosen_in_time_nothing_is_said_to_be_too_late(chosen_again, client):
    chosen_again.go_to(LAST_DAY - timedelta(days=45), 12)
    client.force_login(chosen_again.subscription.user)
    assert TOO_LATE not in pages.text(switch(client, chosen_again, "on"))
    assert "The next payment will be announced to you by e-mail." in said(client)


def test_with_a_voucher_the_words_and_the_evidence_name_the_price_without_it(renewing):
    voucher = renewing.shop.make_voucher(50)
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    renewing.client.post(reverse("basket:vouchers-add"), {"code": voucher.code})
    box = pages.soup(pages.order_page(renewing.client)).find(id="auto-renewal").get_text()
    assert "today €240.00" in box and "€120.00" not in box
    pages.place_order(renewing.client, auto_renewal="on")
    assert Order.objects.get().total_incl_tax == 120
    consent = AutoRenewal.objects.get()
    assert consent.price == 240 and "today €240.00" in consent.text


def test_order_that_is_free_offers_nothing_since_it_leaves_no_means_of_payment(renewing, settings):
    settings.OSCAR_SUBSCRIPTIONS_ALLOW_FREE = True
    voucher = renewing.shop.make_voucher(100)
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    renewing.client.post(reverse("basket:vouchers-add"), {"code": voucher.code})
    assert pages.soup(pages.order_page(renewing.client)).find(id="auto-renewal") is None
    pages.place_order(renewing.client, auto_renewal="on")
    assert Order.objects.get().total_incl_tax == 0
    assert not AutoRenewal.objects.exists()


def test_price_on_the_members_page_is_the_one_that_will_be_announced(
    chosen_again, client, monkeypatch
):
    quoted = orders.quote(chosen_again.subscription.user, chosen_again.shop.plan)
    dearer = type(quoted)(currency="EUR", excl_tax=quoted.excl_tax, incl_tax=quoted.incl_tax + 12)
    monkeypatch.setattr(orders, "quote", lambda user, plan: dearer)  # a surcharge
    assert "today €252.00" in said(client)


def test_off_button_of_a_session_that_is_over_leads_back_to_the_button(bought, client):
    client.logout()
    url = reverse("subscriptions:renewal-off", args=[bought.subscription.pk])
    answer = client.post(url)
    client.force_login(bought.subscription.user)
    [back] = parse_qs(urlsplit(answer.url).query)["next"]
    assert back == PAGE and "Switch automatic renewal off" in said(client)


def test_shop_that_pauses_automatic_renewal_leaves_the_off_button(announced, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    client = announced.client
    client.force_login(announced.subscription.user)
    assert "nothing is charged" in said(client) and "Next payment" not in said(client)
    switch(client, announced, "off")
    assert said(client) == "" and not StoredPaymentMethod.objects.exists()
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded"]


def test_shop_that_never_offered_it_says_nothing(renewing, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    renewing.buy(auto_renewal=None)
    assert said(renewing.client) == ""


def shorter_notice(settings):
    settings.OSCAR_SUBSCRIPTIONS_RENEWAL_NOTICE_DAYS = 31


def fewer_months(settings):
    Plan.objects.update(months=6)


def other_language(settings):
    settings.LANGUAGE_CODE = "fr"


MEANWHILE = [shorter_notice, fewer_months, other_language]


@pytest.mark.parametrize("change", MEANWHILE)
def test_words_that_were_not_shown_on_the_order_page_are_not_kept(renewing, settings, change):
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    page = pages.order_page(renewing.client)
    values = pages.form_values(page, "place_order_form") | pages.ADDRESS
    values |= {"accept_terms": "on", "auto_renewal": "on"}
    change(settings)
    answer = renewing.client.post(reverse("checkout:preview"), values)
    assert answer.status_code == 200 and not Order.objects.exists()
    part = pages.soup(answer).find(id="auto-renewal")
    assert part.find(id="auto_renewal_error") is not None
    assert not part.find(id="id_auto_renewal").has_attr("checked")
    # Looked at again, it can be ordered.
    again = pages.form_values(answer, "place_order_form") | {"accept_terms": "on"}
    renewing.client.post(reverse("checkout:preview"), again | {"auto_renewal": "on"})
    assert AutoRenewal.objects.get().text in part.get_text()


def test_words_that_changed_do_not_keep_anybody_from_ordering_without_them(renewing, settings):
    pages.add_to_basket(renewing.client, renewing.shop.plan.product)
    values = pages.form_values(pages.order_page(renewing.client), "place_order_form")
    shorter_notice(settings)
    answer = renewing.client.post(
        reverse("checkout:preview"), values | pages.ADDRESS | {"accept_terms": "on"}
    )
    assert answer.status_code == 302 and not AutoRenewal.objects.exists()


@pytest.mark.parametrize("change", MEANWHILE)
def test_words_that_were_not_shown_on_the_members_page_are_not_kept(
    chosen_again, client, settings, change
):
    pk = chosen_again.subscription.pk
    values = pages.form_values(client.get(PAGE), f"renewal_on_{pk}")
    change(settings)
    client.post(reverse("subscriptions:renewal-on", args=[pk]), values)
    assert not auto_renewal.is_on(chosen_again.subscription)
    client.post(
        reverse("subscriptions:renewal-on", args=[pk]),
        pages.form_values(client.get(PAGE), f"renewal_on_{pk}"),
    )
    assert auto_renewal.is_on(chosen_again.subscription)
