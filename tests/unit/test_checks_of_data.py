"""The system checks that read the database, by a shop in which somebody has made that mistake."""

from decimal import Decimal as D

import pytest
from django.core import checks as django_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from djstripe.models import APIKey, WebhookEndpoint

from oscar_subscriptions import vendors
from oscar_subscriptions.payments.events import EVENTS

# In two pieces: keys of this form are none, but tools that look for keys can't know that.
OLD_KEY = "sk_" + "test_" + "9" * 24
OLD_LIVE_KEY = "sk_" + "live_" + "9" * 24


def found(*, databases=("default",)):
    """Return what is found, without the prefix, with its text."""
    messages = django_checks.run_checks(tags=["oscar_subscriptions"], databases=databases)
    assert all(message.hint for message in messages)
    return {message.id.removeprefix("oscar_subscriptions."): message.msg for message in messages}


@pytest.fixture
def endpoint(db):
    """The endpoint as ``subscriptions_webhook`` makes it."""
    return WebhookEndpoint.objects.create(
        id="we_1",
        livemode=False,
        enabled_events=list(EVENTS),
        secret="whsec_1",
        status="enabled",
        url="https://shop.example/stripe/webhook/1/",
    )


@pytest.fixture
def no_mistake(shop, endpoint):
    assert found() == {}


def change(endpoint, **values):
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**values)


@pytest.mark.usefixtures("no_mistake")
def test_w010_a_foreign_stock_record_on_a_plan_is_ignored_and_reported(shop, monkeypatch):
    seller = shop.make_seller(name="stranger")
    shop.make_service(seller)
    assert found() == {}
    shop.plan.product.stockrecords.create(
        partner=seller.partner, partner_sku="mine", price_currency="EUR", price=D("0.01")
    )
    [text] = found().values()
    assert "'Silver'" in text and repr(seller.partner.display_name) in text
    assert text.endswith("Its price is ignored.")
    monkeypatch.setattr(vendors, "are_foreign_ignored", lambda: False)
    assert found()["W010"].endswith("The plan is not sold meanwhile.")


@pytest.mark.usefixtures("no_mistake")
def test_w011_a_plan_sold_by_a_partner_with_sellers(shop):
    shop.vendor.users.add(shop.make_user())
    assert sorted(found()) == ["W010", "W011"]
    shop.plan.is_on_sale = False
    shop.plan.save()
    assert sorted(found()) == ["W010"]


@pytest.mark.usefixtures("no_mistake")
def test_w011_a_plan_that_nobody_sells(shop):
    shop.plan.product.stockrecords.all().delete()
    assert sorted(found()) == ["W011"]


@pytest.mark.usefixtures("no_mistake")
def test_e104_an_endpoint_that_verifies_nothing(endpoint):
    change(endpoint, djstripe_validation_method="none")
    assert list(found()) == ["E104"]


@pytest.mark.usefixtures("no_mistake")
def test_e105_an_endpoint_that_refuses_everything(endpoint):
    change(endpoint, djstripe_validation_method="retrieve_event")
    assert list(found()) == ["E105"]


@pytest.mark.usefixtures("no_mistake")
def test_e104_every_endpoint_is_looked_at_also_of_the_other_mode(endpoint):
    WebhookEndpoint.objects.create(
        id="we_2", livemode=True, enabled_events=[], secret="whsec_2", status="disabled",
        url="https://shop.example/old/", djstripe_validation_method="none",
    )  # fmt: skip
    assert list(found()) == ["E104"]
    assert "https://shop.example/old/" in found()["E104"]


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize(
    ("seconds", "ids"), [(0, ["W102"]), (1, []), (600, []), (601, ["W102"]), (30_000, ["W102"])]
)
def test_fault_25_w102_events_of_any_age(endpoint, seconds, ids):
    change(endpoint, djstripe_tolerance=seconds)
    assert list(found()) == ids


def test_w103_no_endpoint(shop):
    assert list(found()) == ["W103"]


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize("values", [{"livemode": True}, {"status": "disabled"}])
def test_w103_no_endpoint_that_hears_of_our_payments(endpoint, values):
    change(endpoint, **values)
    assert list(found()) == ["W103"]


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize("event", EVENTS)
def test_w104_an_event_is_not_subscribed_to(endpoint, event):
    change(endpoint, enabled_events=[other for other in EVENTS if other != event])
    assert list(found()) == ["W104"]
    assert found()["W104"].endswith(f"does not hear of {event}.")


@pytest.mark.usefixtures("no_mistake")
def test_an_endpoint_that_hears_of_everything_hears_of_ours(endpoint):
    change(endpoint, enabled_events=["*"])
    assert found() == {}


@pytest.mark.usefixtures("no_mistake")
def test_two_endpoints_may_share_the_events(endpoint):
    first, *rest = EVENTS
    change(endpoint, enabled_events=rest)
    WebhookEndpoint.objects.create(
        id="we_2", livemode=False, enabled_events=[first], secret="whsec_2", status="enabled",
        url="https://shop.example/second/",
    )  # fmt: skip
    assert found() == {}


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize("secret", [OLD_KEY, OLD_LIVE_KEY])
def test_fault_32_w105_a_stored_key_that_payments_are_not_made_with(settings, secret):
    APIKey.objects.get_or_create_by_api_key(settings.STRIPE_TEST_SECRET_KEY)
    assert found() == {}
    APIKey.objects.get_or_create_by_api_key(secret)
    assert list(found()) == ["W105"]
    assert secret not in found()["W105"] and "_...9999" in found()["W105"]


def test_nothing_is_read_unless_django_is_told_which_database(shop, django_assert_num_queries):
    for databases in (None, [], ["replica"]):
        with django_assert_num_queries(0):
            assert found(databases=databases) == {}


@pytest.mark.parametrize(
    "table",
    ["oscar_subscriptions_plan", "djstripe_webhookendpoint", "djstripe_apikey", "partner_partner"],
)
def test_tables_that_are_not_there_yet_are_no_finding(db, endpoint, table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    assert found() == {}


def test_check_with_a_database_says_it_and_refuses_a_hole(shop, endpoint, capsys):
    change(endpoint, djstripe_validation_method="none")
    call_command("check", "--tag", "oscar_subscriptions")
    with pytest.raises(SystemCheckError, match="E104"):
        call_command("check", "--database", "default", "--tag", "oscar_subscriptions")
    with pytest.raises(SystemCheckError, match="E104"):
        call_command("check", "--database", "default", "--tag", "database")


@pytest.mark.usefixtures("no_mistake")
@pytest.mark.parametrize(("months", "grace", "wrong"), [(1, 17, True), (1, 18, False)])
def test_w014_a_plan_too_short_to_announce_its_renewal(shop, settings, months, grace, wrong):
    type(shop.plan).objects.update(months=months, grace_days=grace)
    assert found() == {}
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    assert sorted(found()) == (["W014"] if wrong else [])
    type(shop.plan).objects.update(is_on_sale=False)
    assert found() == {}
