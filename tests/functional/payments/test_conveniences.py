"""The provider refuses something that is only a convenience: asked again without it (fault 94)."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.payments.attempts import page_params
from oscar_subscriptions.payments.provider import client as provider_client
from oscar_subscriptions.payments.provider import sessions
from tests.functional import pages

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def local(member):
    """The member's address is one that the provider does not accept."""
    member.email = "ada@localhost"
    member.save()
    return member


def page_of(client, order):
    answer = client.get(pages.pay_url(order))
    assert answer.status_code == 302
    assert not Alert.objects.exists()
    return sessions.fetch_session(Attempt.objects.get().session_id)


def test_fault_94_an_address_that_the_provider_refuses_is_not_prefilled(
    client, local, order, standin
):
    assert page_of(client, order)["customer_email"] is None
    standin.submit_card(client.get(pages.pay_url(order)).url)
    client.get(pages.pay_url(order))
    assert Term.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("locale", "xx"), ("expires_at", 1), ("expires_at", 4_000_000_000)],
)
def test_fault_94_language_and_end_of_the_page_are_left_to_the_provider_if_refused(
    client, order, standin, monkeypatch, name, value
):
    params = page_params.session_params
    monkeypatch.setattr(page_params, "session_params", lambda *args: params(*args) | {name: value})
    assert page_of(client, order)[name] != value


@pytest.mark.parametrize("before", [None, "ada@example.com"])
def test_fault_94_an_address_that_the_provider_refuses_is_not_the_customers(
    shop, client, member, standin, settings, before
):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    order = shop.place_order(member, is_renewed=True)
    if before:
        page_of(client, order)
        sessions.expire_session(Attempt.objects.get().session_id)
        Attempt.objects.all().update(session_id=None, url="")
        member.email = "ada@localhost"
        member.save()
    else:
        member.email = "ada@localhost"
        member.save()
    page_of(client, order)
    customer = StoredPaymentMethod.objects.get().customer_id
    assert provider_client.connect().v1.customers.retrieve(customer).email is None


def test_fault_94_what_the_page_can_not_do_without_is_an_alert_with_the_providers_reason(
    client, order, standin, monkeypatch
):
    params = page_params.session_params
    monkeypatch.setattr(
        page_params, "session_params", lambda *args: params(*args) | {"mode": "gift"}
    )
    assert client.get(pages.pay_url(order)).status_code == 502
    alert = Alert.objects.get()
    assert alert.kind == alerts.NOT_PAYABLE
    assert "mode" in alert.reason
    assert "total" not in alerts.advice(alert)
