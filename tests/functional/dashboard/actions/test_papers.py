"""A receipt is issued, a provider asked, an e-mail sent again."""

import pytest
from django.core import mail
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal, receipts
from oscar_subscriptions.fulfilment import ledger
from oscar_subscriptions.payments.provider import client as provider
from tests.functional import pages
from tests.functional.dashboard import acting

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Receipt = get_model("oscar_subscriptions", "Receipt")


@pytest.fixture
def user(shop):
    return shop.make_user("ada", first_name="Ada", last_name="Martin")


@pytest.fixture
def term(shop, user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return fulfilment.order_paid(shop.make_order(user)).term


def of_order(name, term):
    number = term.order_line.order.number
    return acting.address(name, pk=term.subscription_id, number=number)


def test_a_receipt_that_is_missing_is_issued_with_the_next_number(
    desk, operator, shop, user, monkeypatch
):
    monkeypatch.setattr(receipts, "issue_first", lambda *args, **named: 1 / 0)
    term = fulfilment.order_paid(shop.make_order(user)).term
    monkeypatch.undo()
    assert not Receipt.objects.exists()
    page = acting.address("subscription-detail", pk=term.subscription_id)
    url = of_order("subscription-receipt", term)
    assert url in desk.get(page).content.decode()
    found, _page = acting.carry_out(desk, url)
    [receipt] = Receipt.objects.all()
    assert f"Receipt {receipt.number} is issued." in found
    assert term.subscription.journal.get(kind=journal.RECEIPT_ISSUED).actor == operator
    assert url not in desk.get(page).content.decode()


def test_an_order_of_somebody_else_is_not_found(desk, shop, term):
    other = fulfilment.order_paid(shop.make_order(shop.make_user("bea"))).term
    number = other.order_line.order.number
    for name in ("subscription-receipt", "subscription-ask-provider"):
        url = acting.address(name, pk=term.subscription_id, number=number)
        assert desk.get(url).status_code == 404


def test_the_provider_is_asked_and_what_it_says_is_carried_out(
    desk, shop, user, standin, settings, client
):
    order = shop.place_order(user)
    shop_browser = desk.__class__()
    shop_browser.force_login(user)
    pay = shop_browser.get(f"/payments/{order.number}/pay/")
    assert pay is not None
    attempt = Attempt.objects.get()
    subscription = user.oscar_subscriptions.get()
    url = acting.address("subscription-ask-provider", pk=subscription.pk, number=order.number)
    found, page = acting.carry_out(desk, url)
    assert found == [f"The provider is asked about order {order.number}."]
    assert "The provider says nothing that was not known." in pages.text(page)
    assert attempt.order == order


def test_a_provider_that_does_not_answer_changes_nothing(desk, term, monkeypatch):
    def silence(*args):
        raise provider.ProviderUnavailableError("busy")

    monkeypatch.setattr("oscar_subscriptions.payments.gateway.StripeCheckoutGateway.ask", silence)
    url = of_order("subscription-ask-provider", term)
    page = acting.confirm(desk, url, acting.preview(desk, url))
    assert "The provider does not answer." in pages.text(page)
    assert not term.subscription.journal.filter(kind=journal.PROVIDER_ASKED).exists()


def test_a_mail_that_was_sent_is_sent_again_to_the_present_address(
    desk, term, user, django_capture_on_commit_callbacks
):
    row = OutboxMail.objects.get(kind="seller-activated")
    assert row.sent_at is not None
    type(user).objects.update(email="new@example.com")
    url = acting.address("subscription-send-again", pk=term.subscription_id, mail=row.pk)
    detail = acting.address("subscription-detail", pk=term.subscription_id)
    assert url in desk.get(detail).content.decode()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        found, page = acting.carry_out(desk, url)
    assert len(found) == 1 and "goes out to new@example.com" in found[0]
    assert "The e-mail is on its way." in pages.text(page)
    [sent] = mail.outbox
    assert sent.to == ["new@example.com"]
    with django_capture_on_commit_callbacks(execute=True):
        acting.carry_out(desk, url)
    assert len(mail.outbox) == 2


def test_a_mail_that_failed_is_tried_at_once(desk, term, user, django_capture_on_commit_callbacks):
    row = OutboxMail.objects.get(kind="seller-activated")
    OutboxMail.objects.filter(pk=row.pk).update(sent_at=None, tries=30, last_error="no mailbox")
    url = acting.address("subscription-send-again", pk=term.subscription_id, mail=row.pk)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        found, _page = acting.carry_out(desk, url)
    assert "This e-mail goes out" in found[0]
    assert len(mail.outbox) == 1


def test_a_mail_whose_news_is_stale_is_not_sent(desk, term):
    row = OutboxMail.objects.get(kind="seller-activated")
    ledger.revoke(term, reason="refunded")
    url = acting.address("subscription-send-again", pk=term.subscription_id, mail=row.pk)
    assert "no longer true" in pages.text(acting.preview(desk, url))
