"""The webhook endpoint at the provider, and dj-stripe's row of it, agree after any call."""

import pytest
from djstripe.models import WebhookEndpoint

from oscar_subscriptions.payments.provider import client, webhook_endpoint
from oscar_subscriptions.payments.provider.events import EVENTS

SHOP = "https://shop.example"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standin")]


def at_the_provider():
    return {one["id"]: one for one in client.connect().v1.webhook_endpoints.list({"limit": 100})}


def test_the_endpoint_is_made_and_stored_with_its_secret():
    row, is_made = webhook_endpoint.ensure(SHOP)
    assert is_made
    [remote] = at_the_provider().values()
    assert remote["id"] == row.id
    assert row.url == remote["url"] and row.url.startswith(f"{SHOP}/")
    assert row.secret.startswith("whsec_")
    assert set(remote["enabled_events"]) == set(row.enabled_events) == set(EVENTS)


def test_asked_again_it_is_the_same_and_keeps_its_secret():
    first, _ = webhook_endpoint.ensure(SHOP)
    again, is_made = webhook_endpoint.ensure(SHOP)
    assert not is_made
    assert (again.pk, again.id, again.secret) == (first.pk, first.id, first.secret)
    assert len(at_the_provider()) == WebhookEndpoint.objects.count() == 1


def test_an_endpoint_that_somebody_changed_at_the_provider_is_put_right():
    row, _ = webhook_endpoint.ensure(SHOP)
    change = {"enabled_events": ["charge.refunded"], "disabled": True}
    client.connect().v1.webhook_endpoints.update(row.id, change)
    row, is_made = webhook_endpoint.ensure(SHOP)
    assert not is_made
    [remote] = at_the_provider().values()
    assert (remote["status"], row.status) == ("enabled", "enabled")
    assert set(remote["enabled_events"]) == set(row.enabled_events) == set(EVENTS)


@pytest.mark.parametrize("lose", ["row", "secret"])
def test_an_endpoint_whose_secret_is_lost_is_made_anew_in_place_of_the_old_one(lose):
    old, _ = webhook_endpoint.ensure(SHOP)
    if lose == "row":
        WebhookEndpoint.objects.all().delete()
    else:
        WebhookEndpoint.objects.update(secret="")
    row, is_made = webhook_endpoint.ensure(SHOP)
    assert is_made and row.id != old.id
    assert list(at_the_provider()) == [row.id]
    assert row.secret and row.secret != old.secret


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"metadata": {"djstripe_uuid": "not-a-uuid"}},
        {"metadata": {"djstripe_uuid": "2f8b6c1e-0000-4000-8000-000000000000"}},
    ],
    ids=repr,
)
def test_the_endpoint_of_somebody_else_is_left_alone(params):
    about = {"url": "https://other.example/hook/", "enabled_events": ["charge.refunded"]}
    other = client.connect().v1.webhook_endpoints.create(about | params)
    row, is_made = webhook_endpoint.ensure(SHOP)
    assert is_made
    assert set(at_the_provider()) == {other["id"], row.id}
    assert at_the_provider()[other["id"]]["enabled_events"] == ["charge.refunded"]


def test_another_address_of_the_shop_has_an_endpoint_of_its_own():
    first, _ = webhook_endpoint.ensure(SHOP)
    other, is_made = webhook_endpoint.ensure("https://staging.example")
    assert is_made and other.url.startswith("https://staging.example/")
    assert set(at_the_provider()) == {first.id, other.id}


def test_the_endpoint_at_an_earlier_address_is_disabled_until_the_address_comes_back():
    first, _ = webhook_endpoint.ensure(SHOP)
    second, _ = webhook_endpoint.ensure("https://new.example")
    for enabled, disabled in ((second, first), (first, second)):
        statuses = {key: one["status"] for key, one in at_the_provider().items()}
        assert statuses == {enabled.id: "enabled", disabled.id: "disabled"}
        for row in WebhookEndpoint.objects.all():
            assert (row.status, bool(row.secret)) == (statuses[row.id], True)
        webhook_endpoint.ensure(SHOP)


def test_an_earlier_endpoint_without_its_secret_is_disabled_too():
    first, _ = webhook_endpoint.ensure(SHOP)
    WebhookEndpoint.objects.update(secret="")
    webhook_endpoint.ensure("https://new.example")
    assert at_the_provider()[first.id]["status"] == "disabled"


def test_an_endpoint_of_another_installation_of_ours_is_left_alone():
    other, _ = webhook_endpoint.ensure("https://other.example")
    WebhookEndpoint.objects.all().delete()  # the row is in the other shop's database
    webhook_endpoint.ensure(SHOP)
    assert at_the_provider()[other.id]["status"] == "enabled"


def test_an_endpoint_that_dj_stripes_admin_made_is_left_alone():
    endpoint_id = "2f8b6c1e-0000-4000-8000-000000000000"
    about = {"url": "https://other.example/hook/", "enabled_events": ["charge.refunded"]}
    other = client.connect().v1.webhook_endpoints.create(
        about | {"metadata": {"djstripe_uuid": endpoint_id}}
    )
    WebhookEndpoint.sync_from_stripe_data(other)
    webhook_endpoint.ensure(SHOP)
    assert at_the_provider()[other.id]["status"] == "enabled"


def test_a_provider_that_does_not_answer_leaves_nothing_behind(standin, monkeypatch):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(status=500, times=1)
    with pytest.raises(client.ProviderUnavailableError):
        webhook_endpoint.ensure(SHOP)
    assert not WebhookEndpoint.objects.exists() and not at_the_provider()
