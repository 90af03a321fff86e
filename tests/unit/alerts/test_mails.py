"""Managers are told of alerts by mail, and of mails that fail by alerts."""

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import translation
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.mail import outbox, sending

Alert = get_model("oscar_subscriptions", "Alert")
MANAGER = "operator@example.com"
KEY = "order-1-refused"


def raise_it(**fields):
    return alerts.raise_alert(
        **{"kind": alerts.ORDER_REFUSED, "key": KEY, "reason": "no plan"} | fields
    )


def test_managers_are_written_to_once_in_the_shops_language(shop, sent_mails, commit, settings):
    settings.LANGUAGE_CODE = "en"
    order = shop.make_order(shop.make_user())
    with commit(), translation.override("fr"):
        raise_it(order=order)
        raise_it(order=order)
    [message] = sent_mails(MANAGER)
    assert message.subject.endswith(f"Order {order.number} is paid but gives no subscription")
    assert message.body.startswith("no plan\n\nPut right what stands in the way")


def test_the_mail_leads_to_alert_order_and_member(shop, sent_mails, commit, settings):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = "https://shop.example/"
    order = shop.make_order(shop.make_user())
    with commit():
        raise_it(order=order)
    [message] = sent_mails(MANAGER)
    addresses = re.findall(r"https://\S+", message.body)
    assert [urlsplit(address).path for address in addresses] == [
        reverse("subscriptions-dashboard:alert-detail", args=[Alert.objects.get().pk]),
        reverse("dashboard:order-detail", args=[order.number]),
        reverse("dashboard:user-detail", args=[order.user_id]),
    ]
    assert {urlsplit(address).netloc for address in addresses} == {"shop.example"}


def test_the_mail_about_a_subscription_leads_to_its_member(shop, sent_mails, commit):
    term = shop.grant(shop.make_user())
    with commit():
        raise_it(subscription=term.subscription)
    [message] = sent_mails(MANAGER)
    assert reverse("dashboard:user-detail", args=[term.subscription.user_id]) in message.body
    assert "Order:" not in message.body


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_mail_is_written_in_the_language_of_the_shop_whoever_raised_it(
    shop, sent_mails, commit, settings, language
):
    settings.LANGUAGE_CODE = language
    amount = alerts.money(Decimal("12.50"), "EUR")
    facts = {"lines": [alerts.line("refunded", refunded=amount, received=amount)]}
    with commit(), translation.override("fr" if language == "en" else "en"):
        raise_it(order=shop.make_order(shop.make_user()), reason="", detail=facts)
    [message] = sent_mails(MANAGER)
    assert ("€12.50" if language == "en" else "12,50") in message.body


def test_shop_without_our_dashboard_gets_the_mail_without_that_link(
    shop, sent_mails, commit, settings
):
    settings.ROOT_URLCONF = "tests.projects.stock.urls"
    order = shop.make_order(shop.make_user())
    with commit():
        raise_it(order=order)
    [message] = sent_mails(MANAGER)
    assert "Alert: " not in message.body


def test_managers_are_written_to_again_when_it_is_raised_again(db, sent_mails, commit):
    for lasting in (True, True):
        with commit():
            raise_it(lasting=lasting)
            alerts.settle(KEY, "gone")
    assert len(sent_mails(MANAGER)) == 2


def test_alert_of_a_transaction_that_fails_was_never_raised(db, sent_mails, commit):
    from django.db import transaction

    with commit(), pytest.raises(RuntimeError), transaction.atomic():
        raise_it()
        raise RuntimeError
    assert not Alert.objects.exists()
    assert sent_mails(MANAGER) == []


@pytest.fixture
def facts(shop, time_machine):
    """What the two e-mails to a member tell of."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    user = shop.make_user(first_name="Ada")
    return {"order": shop.make_order(user).pk, "term": shop.grant(user).pk}


@pytest.fixture
def user(facts):
    return get_model("auth", "User").objects.get()


def queue(user, facts, **kwargs):
    kind = kwargs.pop("kind", term_notices.SELLER_ACTIVATED)
    return outbox.queue(kind, "term-1", user=user, context=facts, **kwargs)


@pytest.fixture
def tired(user, facts, mail_server, time_machine):
    """An e-mail that 40 hourly runs could not send; the managers have been told."""
    mail_server.down = True
    row = queue(user, facts)
    for _ in range(40):
        sending.send_due()
        time_machine.shift(timedelta(hours=1))
    return row


def test_an_outage_is_reported_once_and_settled_when_the_mail_is_sent_after_all(
    tired, sent_mails, mail_server
):
    alert = Alert.objects.get()
    assert (alert.key, alert.times) == (f"undelivered-{tired.pk}", 1)
    assert alert.resolved_at is None
    mail_server.down = False
    sending.send_due()
    alert.refresh_from_db()
    assert alert.resolved_at
    assert (alert.note, alert.resolved_by_name) == ("It was sent after all.", "")
    # The first run after it was raised did not get through either.
    sending.send_due()
    assert len(sent_mails("operator@example.com")) == 1


def test_an_alert_about_a_mail_that_is_pointless_by_now_does_not_say_that_it_was_sent(
    tired, facts, user, sent_mails, mail_server
):
    fulfilment.revoke(get_model("oscar_subscriptions", "Term").objects.get(), reason="refunded")
    mail_server.down = False
    sending.send_due()
    assert [message.subject for message in sent_mails(user.email)] == ["“Silver” was withdrawn"]
    assert Alert.objects.get().note == "It was not needed any more."
