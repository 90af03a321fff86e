"""The command makes the webhook endpoint at the right address, and reports it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from djstripe.models import WebhookEndpoint

from oscar_subscriptions.payments.provider import client


def run(**options):
    said = StringIO()
    call_command("subscriptions_webhook", stdout=said, **options)
    return said.getvalue()


def test_it_says_whether_the_endpoint_was_made_and_is_safe_to_repeat(shop, standin):
    made = run(url="https://shop.example")
    row = WebhookEndpoint.objects.get()
    assert made == f"Webhook made: {row.url}\n"
    assert run(url="https://shop.example/") == f"Webhook up to date: {row.url}\n"
    assert WebhookEndpoint.objects.get() == row
    assert run(url="https://shop.example", verbosity=0) == ""


@pytest.mark.parametrize(
    ("option", "setting", "expected"),
    [
        ("http://localhost:8000", "https://setting.example", "http://localhost:8000/"),
        (None, "https://setting.example", "https://setting.example/"),
        (None, None, "https://shop.example/"),
    ],
)
def test_the_address_is_the_option_or_the_setting_or_that_of_the_site(
    shop, standin, settings, option, setting, expected
):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = setting
    run(url=option)
    assert WebhookEndpoint.objects.get().url.startswith(expected)


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "//shop.example"])
def test_an_address_without_http_is_refused_before_the_provider_is_asked(db, url):
    with pytest.raises(CommandError, match=f"'{url}' is not an address"):
        run(url=url)


@pytest.mark.parametrize("status", [400, 500])
def test_a_refusal_of_the_provider_is_reported_in_its_words(db, standin, monkeypatch, status):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(status=status, times=None)
    with pytest.raises(CommandError, match="answered: The payment stand-in was told to fail"):
        run(url="https://shop.example")
    assert not WebhookEndpoint.objects.exists()
