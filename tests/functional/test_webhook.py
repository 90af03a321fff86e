"""The provider's signed webhook: over HTTP, through dj-stripe, into the shop.

Every test pays on the provider's page and asks what the shop made of it.
"""

import json
import re

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from djstripe.models import PaymentMethod, WebhookEndpoint
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import client as provider_client
from tests.checking import found
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hosted(shop, member, client, webhook):
    """The address of the provider's page for an order of the plan."""
    pages.add_to_basket(client, shop.plan.product)
    return client.get(pages.place_order(client).url).url


def session_id():
    return Attempt.objects.get().session_id


def test_repeated_webhook_gives_one_term_one_payment_and_one_mail_of_each_kind(standin, hosted):
    standin.submit_card(hosted)
    standin.flush()
    (event,) = standin.events("checkout.session.completed")
    standin.control("redeliver", event=event["id"], times=4)
    standin.flush()
    assert Term.objects.count() == 1
    assert Source.objects.count() == 1
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_reference_id": "another-order"},
        {"livemode": True},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_paid_session_that_does_not_match_gives_no_term_and_tells_the_managers(
    client, standin, hosted, wrong
):
    standin.delivery(hold=True)
    _, back, _ = standin.submit_card(hosted)
    standin.control("amend", id=session_id(), set=wrong)
    standin.release(hold=False)
    standin.flush()
    page = client.get(back, follow=True)
    assert not Term.objects.exists()
    assert Attempt.objects.get().status == Attempt.REFUSED
    assert "could not assign" in pages.text(page)
    assert ["does not match" in message.subject for message in mail.outbox] == [True]


def test_no_card_data_is_left_in_the_shop(client, standin, hosted, caplog):
    caplog.set_level("INFO")
    card = "5555555555554444"
    _, back, _ = standin.submit_card(hosted, card)
    standin.flush()
    client.get(back, follow=True)
    assert Term.objects.count() == 1
    rows = "".join(
        json.dumps(list(model.objects.values()), default=str)
        for model in (PaymentMethod, *apps.get_models())
        if model._meta.managed and hasattr(model, "objects")
    )
    assert "mastercard" in rows, "dj-stripe stored nothing, so this test proves nothing"
    assert '"exp_year": 20' not in rows
    for text in (rows, caplog.text):
        assert card not in text
        # As a word of its own: fractions of seconds, signatures and ports may hold any digits.
        assert not re.search(r"(?<![\w.])4444(?!\w)", text)


def test_fault_86_after_a_change_of_address_the_old_endpoint_gets_no_event(
    client, order, standin, webhook
):
    old, new = WebhookEndpoint.objects.get(), webhook.url.replace("localhost", "127.0.0.1")
    assert not old.url.startswith(new)
    call_command("subscriptions_webhook", url=new, verbosity=0)
    standin.submit_card(client.get(pages.pay_url(order)).url)
    standin.flush()
    assert Term.objects.count() == 1
    [endpoint] = {one["endpoint"] for one in standin.control("deliveries", "GET")["data"]}
    assert endpoint != old.id
    remotes = provider_client.connect().v1.webhook_endpoints.list()
    assert {one.id: one.status for one in remotes} == {endpoint: "enabled", old.id: "disabled"}
    old.refresh_from_db()
    assert old.status == "disabled"
    assert "oscar_subscriptions.W103" not in {one.id for one in found(["default"])}
