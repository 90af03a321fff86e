"""Faults 85 and 97 to 101: what receipts and mails say of a payment, a price or a renewal."""

import re
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, privacy
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.daily_run import records_doctor, runner
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.receipts import snapshot, wording
from partner.strategy import FrenchStrategy
from tests.faults import invariants
from tests.functional import pages
from tests.functional.dashboard import acting
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    SECOND_TRY,
    THIRD_TRY,
    OutboxMail,
)

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Benefit = get_model("offer", "Benefit")
Receipt = get_model("oscar_subscriptions", "Receipt")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def notes():
    """What the receipt says below the total."""
    return wording.wording_of(Receipt.objects.get()).notes


# 85


@pytest.fixture
def without_receipt(client, order, standin, told):
    """``order`` is paid, and its receipt can't be written; ``undo()`` of the result puts right what
    stands in the way."""
    patch = pytest.MonkeyPatch()

    def fail(order, term, lines=None):
        raise KeyError("a shop's own address")

    patch.setattr(snapshot, "take", fail)
    _, back, _ = standin.submit_card(told)
    client.get(back)
    standin.flush()
    assert Term.objects.exists() and not Receipt.objects.exists()
    yield patch
    patch.undo()


def run():
    """Carry out the daily run; return what it did, and what failed."""
    outcomes = list(runner.run())
    return [one.message for one in outcomes], [one.message for one in outcomes if one.failed]


def missing():
    return Alert.objects.open().filter(kind=alerts.RECEIPT_MISSING)


def test_fault_85_paid_order_without_receipt_gets_it_from_the_next_run(
    shop, order, without_receipt
):
    without_receipt.undo()
    done, failed = run()
    assert f"receipt of order {order.number} issued" in done and not failed
    assert order.subscription_receipt.number.endswith("-000001")
    done, _ = run()
    assert not any("receipt" in line for line in done) and Receipt.objects.count() == 1
    assert not missing().exists()


def test_fault_85_receipt_that_still_can_t_be_written_is_an_alert_until_it_is_issued(
    shop, order, without_receipt
):
    _, failed = run()
    assert failed == [f'receipt of order {order.number} issued: "a shop\'s own address"']
    run()
    alert = missing().get()
    assert alert.order == order and "a shop's own address" in alert.reason
    about = [one for one in mail.outbox if "has no receipt" in one.subject]
    assert len(about) == 1, "two runs, one mail to the managers"
    without_receipt.undo()
    run()
    assert not missing().exists() and Receipt.objects.count() == 1


def test_fault_85_alert_about_a_receipt_that_the_member_asked_for_since_is_resolved(
    client, order, without_receipt
):
    run()
    assert missing().exists()
    without_receipt.undo()
    client.get(reverse("subscriptions:receipt", args=[order.number]))
    assert Receipt.objects.exists()
    run()
    assert not missing().exists()


def test_fault_85_doctor_names_the_order_and_issues_the_receipt(order, without_receipt):
    [finding] = records_doctor.missing_receipts()
    assert (finding.code, finding.subject) == ("receipt-missing", order.number)
    without_receipt.undo()
    finding.fix()
    assert list(records_doctor.missing_receipts()) == [] and Receipt.objects.count() == 1


# 97


@pytest.fixture
def paid_twice(client, order, standin, told):
    """Two pages of one order are paid, one after the other; return the ids of both pages."""
    Attempt.objects.update(status="expired")  # as after a backup was restored
    other = client.get(pages.pay_url(order)).url
    # Both before the shop hears of either: it would close the other page.
    standin.delivery(hold=True)
    for back in [standin.submit_card(page)[1] for page in (told, other)]:
        client.get(back)
    standin.release(hold=False)
    standin.flush()
    assert list(Attempt.objects.values_list("status", "is_surplus").order_by("pk")) == [
        ("paid", False),
        ("paid", True),
    ]
    return [page.rsplit("/", 1)[-1] for page in (told, other)]


def refund(standin, session, **how):
    standin.control(f"charges/{session}/refund", **how)
    standin.flush()


def test_fault_97_refund_of_a_second_payment_is_not_on_the_receipt_of_the_first(
    shop, standin, paid_twice
):
    _, second = paid_twice
    refund(standin, second)
    assert sorted(Source.objects.values_list("amount_refunded", flat=True)) == [0, 240]
    assert notes() == []
    assert not Term.objects.get().revoked_at
    invariants.check(shop)


def test_fault_97_refund_of_the_first_payment_is_on_its_receipt(shop, standin, paid_twice):
    first, second = paid_twice
    refund(standin, first, amount=5_000)
    refund(standin, second)
    [note] = notes()
    assert "50.00" in note and "240" not in note


def test_fault_97_receipt_of_a_cheque_says_nothing_of_an_online_payment_refunded_since(
    shop, client, order, standin, told
):
    # The page is paid before it can be closed.
    standin.delivery(hold=True)
    _, back, _ = standin.submit_card(told)
    fulfilment.order_paid(order)
    client.get(back)
    standin.release(hold=False)
    standin.flush()
    refund(standin, Attempt.objects.get().session_id)
    assert Source.objects.get().amount_refunded == 240
    assert notes() == []
    assert Receipt.objects.get().facts["payment"] == ""


def test_fault_97_receipt_issued_after_the_second_payment_is_about_the_first(
    shop, client, order, standin, told, monkeypatch, request
):
    with monkeypatch.context() as broken:
        broken.setattr(paid_order, "_issue_receipt", lambda paid, term: None)
        first, second = request.getfixturevalue("paid_twice")
    refund(standin, second)
    client.get(reverse("subscriptions:receipt", args=[order.number]))
    assert (
        Receipt.objects.get()
        .facts["payment"]
        .endswith(Attempt.objects.get(session_id=first).payment_intent_id)
    )
    assert notes() == []


# 98


@pytest.fixture
def ordered(shop, client, member, standin):
    """``ordered(net, percent, off)`` – the VAT on the receipt of a plan that costs ``net`` and
    ``percent`` of tax, with a voucher of ``off`` incl. tax, ordered on the pages and paid."""

    def order(net, percent, off=None):
        with pytest.MonkeyPatch.context() as taxed:
            taxed.setattr(FrenchStrategy, "rate", D(percent) / 100)
            shop.plan.product.stockrecords.update(price=D(net))
            pages.add_to_basket(client, shop.plan.product)
            if off is not None:
                voucher = shop.make_voucher(10)
                Benefit.objects.update(type="Absolute", value=D(off))
                client.post(reverse("basket:vouchers-add"), {"code": voucher.code})
            placed = pages.place_order(client)
            page = client.get(placed.url).url
        # Paid after the rate was changed, as on 1 January.
        standin.submit_card(page)
        call_command("subscriptions_run", verbosity=0)
        words = wording.wording_of(Receipt.objects.get())
        return [label for label, amount in words.totals if label.startswith("VAT")]

    return order


def test_fault_98_voucher_leaves_the_rate_as_it_was_charged(ordered):
    assert ordered("23.32", "20", off="10.00") == ["VAT 20% on €14.99"]


def test_fault_98_rate_keeps_its_decimals(ordered):
    assert ordered("100.00", "8.875") == ["VAT 8.875% on €100.00"]


def test_fault_98_rate_is_that_of_the_order_and_not_of_the_payment(ordered):
    assert ordered("100.00", "19") == ["VAT 19% on €100.00"]


# 99


def announcement(renewing):
    """What text and HTML of the mail that announces the renewal say, spaces folded."""
    assert renewing.run(ANNOUNCED) == []
    [sent] = [one for one in mail.outbox if "renewed automatically on" in one.subject]
    html = sent.alternatives[0][0]
    return [" ".join(re.sub("<[^>]+>", "", text).split()) for text in (sent.body, html)]


def announced_on_page(renewing):
    renewing.client.force_login(renewing.member)  # the session of ten months ago has ended
    page = pages.text(renewing.client.get(reverse("subscriptions:my-subscription")))
    assert "Next payment: " in page
    return page


@pytest.mark.parametrize(
    ("change", "new"),
    [
        ({"price": 300}, "€360.00"),
        ({"price_currency": "CHF"}, "CHF240.00"),
        ({"price": 90}, "€108"),
    ],
)
def test_fault_99_renewal_at_another_price_says_what_it_was_and_what_it_will_be(
    bought, change, new
):
    bought.shop.plan.product.stockrecords.update(**change)
    for text in announcement(bought):
        assert f"we will charge {new}" in text.replace("\xa0", "")
        assert "The price has changed: you paid €240.00 last time." in text
    page = announced_on_page(bought).replace("\xa0", "")
    assert f"Next payment: {new}" in page
    assert f"it was €240.00, now it is {new}" in page


def test_fault_99_renewal_at_the_same_price_says_nothing_of_a_change(bought):
    for text in announcement(bought):
        assert "€240.00" in text and "has changed" not in text
    assert "has changed" not in announced_on_page(bought)


def test_fault_99_renewal_after_a_voucher_says_what_was_paid_with_it(bought):
    """The voucher made the first year cheaper; it does not apply to the renewal."""
    Term.objects.update(price=120)
    for text in announcement(bought):
        assert "we will charge €240.00" in text and "you paid €120.00 last time" in text


def test_fault_99_second_announcement_says_it_too(announced):
    announced.shop.plan.product.stockrecords.update(price=300)
    mail.outbox.clear()
    for text in announcement(announced):
        assert "we will charge €360.00" in text and "you paid €240.00 last time" in text


# 100


@pytest.fixture
def form_of_a_plan(shop, client, settings):
    """``form_of_a_plan(currency, price)`` – what the dashboard says when ``price``, without tax, is
    typed there, and the price that is kept."""

    def typed(currency, price):
        settings.OSCAR_DEFAULT_CURRENCY = currency
        shop.plan.product.stockrecords.update(price_currency=currency, price=7)
        client.force_login(shop.make_operator("clerk"))
        url = reverse("subscriptions-dashboard:plan-update", args=[shop.plan.pk])
        values = pages.form_values(client.get(url), "plan_form") | {"price": price}
        values.pop("image", None)
        page = client.post(url, values, follow=True)
        return pages.text(page), shop.plan.product.stockrecords.get().price

    return typed


@pytest.mark.parametrize(
    ("currency", "price", "said"),
    [
        ("JPY", "100.50", "120.60 JPY: an amount that can’t be charged exactly"),
        ("ISK", "825.42", "990.50 ISK: an amount that can’t be charged exactly"),
        ("UGX", "1000.50", "1200.60 UGX: an amount that can’t be charged exactly"),
        ("KWD", "12.345", "no more than 2 decimal places"),
        ("EUR", "199.999", "no more than 2 decimal places"),
    ],
)
def test_fault_100_price_that_can_t_be_charged_is_refused_where_it_is_typed(
    form_of_a_plan, currency, price, said
):
    page, kept = form_of_a_plan(currency, price)
    assert said in page and kept == 7


@pytest.mark.parametrize(
    ("currency", "price"),
    [("JPY", "100"), ("JPY", "832.50"), ("ISK", "825"), ("UGX", "1000"), ("KWD", "12.34")],
)
def test_fault_100_price_that_can_be_charged_is_accepted_and_paid(
    form_of_a_plan, shop, client, standin, currency, price
):
    page, kept = form_of_a_plan(currency, price)
    assert "is saved" in page and kept == D(price)
    client.force_login(shop.make_user("buyer"))
    pages.add_to_basket(client, shop.plan.product)
    placed = pages.place_order(client)
    assert standin.submit_card(client.get(placed.url).url)


@pytest.mark.parametrize(
    ("currency", "price", "is_accepted"),
    [("JPY", "100.50", False), ("JPY", "100.00", True), ("EUR", "100.50", True)],
)
def test_fault_100_seller_types_no_decimals_that_the_currency_lacks(
    shop, client, settings, currency, price, is_accepted
):
    settings.OSCAR_DEFAULT_CURRENCY = currency
    seller = shop.make_seller()
    client.force_login(seller.user)
    values = {"title": "Coaching", "description": "An hour.", "price": price}
    category = shop.category.pk
    page = client.post(
        reverse("subscriptions:service-add"), values | {"category": category}, follow=True
    )
    assert ("Prices in JPY have no decimals." in pages.text(page)) == (not is_accepted)
    assert seller.partner.stockrecords.exists() == is_accepted


# 101


def by_the_member(bought):
    bought.client.force_login(bought.member)
    bought.client.post(reverse("subscriptions:renewal-off", args=[bought.subscription.pk]))


def by_an_operator(bought):
    clerk = bought.shop.make_user("clerk", is_staff=True, is_superuser=True)
    bought.client.force_login(clerk)
    pk = bought.subscription.pk
    url = reverse("subscriptions-dashboard:subscription-stop-renewal", args=[pk])
    acting.carry_out(bought.client, url, reason="Ada Martin phoned")


def by_a_change_of_plan(bought):
    shop = bought.shop
    gold = shop.make_plan("Gold")
    order = shop.make_order(bought.member, gold)
    shop.keep_consent(order, gold, changes=bought.subscription, at_end=True)
    assert fulfilment.order_paid(order).created


def by_the_bank(bought):
    bought.run(ANNOUNCED)
    bought.turn_bad("4000000000000341")
    for day in (CHARGED, SECOND_TRY, THIRD_TRY):
        assert bought.run(day) == []


def by_the_end(bought):
    """The shop pauses automatic renewal for so long that the subscription lapses."""
    with override_settings(OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL=False):
        bought.run(LAST_DAY)
    bought.run(LAST_DAY + timedelta(days=1))


def by_a_refund(bought):
    fulfilment.revoke(bought.subscription.terms.get(), reason="refund")
    bought.run()


def by_a_new_price(bought):
    """It changes too late to be announced."""
    bought.run(ANNOUNCED)
    bought.shop.plan.product.stockrecords.update(price=300)
    bought.run(CHARGED - timedelta(days=1))


RUNS_ON = "runs until Feb. 3, 2018"


@pytest.mark.parametrize(
    ("switch_off", "said"),
    [
        (by_the_member, ["you switched automatic renewal of “Silver” off", RUNS_ON]),
        (by_an_operator, ["the shop switched automatic renewal of “Silver” off", RUNS_ON]),
        (by_a_change_of_plan, ["You have changed to another plan", RUNS_ON]),
        (by_the_bank, ["could not be paid", RUNS_ON]),
        (by_a_new_price, ["The price or the conditions of “Silver” have changed", RUNS_ON]),
        (by_the_end, ["Automatic renewal of “Silver” ended on", "was Feb. 3, 2018"]),
        (by_a_refund, ["Automatic renewal of “Silver” ended on"]),
    ],
)
def test_fault_101_end_of_automatic_renewal_is_acknowledged_once_whoever_ends_it(
    bought, switch_off, said
):
    mail.outbox.clear()
    switch_off(bought)
    bought.run()
    assert not auto_renewal.is_on(bought.subscription)
    [sent] = [one for one in mail.outbox if "no longer renewed automatically" in one.subject]
    assert sent.to == [bought.member.email]
    text, html = (" ".join(one.split()) for one in (sent.body, sent.alternatives[0][0]))
    for words in said:
        assert words in text and words in html
    assert "phoned" not in text + html, "an operator's words are for the history"
    if RUNS_ON not in said:
        assert "runs until" not in text + html


def test_fault_101_choice_on_the_page_is_acknowledged_with_words_and_last_day(bought, elsewhere):
    """Another subscription keeps the card, so that one click switches it on."""
    by_the_member(bought)
    page = bought.client.get(reverse("subscriptions:my-subscription"))
    mail.outbox.clear()
    pk = bought.subscription.pk
    values = pages.form_values(page, f"renewal_on_{pk}")
    bought.client.post(reverse("subscriptions:renewal-on", args=[pk]), values)
    [sent] = mail.outbox
    consent = auto_renewal.current(bought.subscription)
    assert sent.subject == "Automatic renewal of “Silver” is on"
    for text in (sent.body, sent.alternatives[0][0]):
        assert consent.text in text and "runs until Feb. 3, 2018 inclusive" in text


def test_fault_101_choice_with_an_order_is_in_its_confirmation(renewing):
    renewing.buy(auto_renewal="on")
    consent = auto_renewal.current(renewing.subscription)
    [sent] = [one for one in mail.outbox if "is confirmed" in one.subject]
    for text in (sent.body, sent.alternatives[0][0]):
        assert consent.text in text and "to Feb. 3, 2018 inclusive" in text
        assert reverse("subscriptions:my-subscription") in text
    assert not [one for one in mail.outbox if one.subject.startswith("Automatic renewal")]


def test_fault_101_order_without_the_choice_says_nothing_of_it(renewing):
    renewing.buy(auto_renewal=None)
    assert not [one for one in mail.outbox if "utomatic renewal" in one.body]


def test_fault_101_choice_taken_back_before_the_mail_left_is_not_confirmed(bought, elsewhere):
    """The newest is true: nobody reads that it is on when it is off, or off when it is on."""
    subscription, shop = bought.subscription, bought.shop
    words = {"text": "Renew it.", "terms_of_sale": shop.terms_of_sale}
    total = shop.strategy().fetch_for_product(shop.plan.product).price
    mail.outbox.clear()
    with transaction.atomic():
        auto_renewal.switch_off(subscription, actor=bought.member)
        auto_renewal.switch_on(subscription, total=total, **words)
        auto_renewal.switch_off(subscription, actor=bought.member)
        auto_renewal.switch_on(subscription, total=total, **words)
    assert [one.subject for one in mail.outbox] == ["Automatic renewal of “Silver” is on"]


def test_fault_101_choice_of_an_order_that_was_never_paid_ends_without_a_mail(renewing):
    renewing.shop.place_order(renewing.member, is_renewed=True)
    auto_renewal.switch_off(renewing.subscription, reason="the software")
    renewing.shop.place_order(renewing.member, is_renewed=True)
    renewing.shop.place_order(renewing.member, is_renewed=True)
    assert renewing.mails() == []
    assert not OutboxMail.objects.filter(kind__startswith="renewal").exists()


def test_fault_101_member_whose_names_are_removed_gets_no_mail_about_it(bought):
    """The address is removed in the same transaction."""
    mail.outbox.clear()
    clerk = bought.shop.make_operator("clerk")
    privacy.anonymise(bought.member, reason="asked", actor=clerk, give_up_terms=True)
    assert not OutboxMail.objects.filter(kind="renewal-stopped").exists()
    assert not auto_renewal.is_on(bought.subscription)
