"""Operators switch automatic renewal off, and see before what that does."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import gateway
from oscar_subscriptions.agreements import auto_renewal
from tests.functional import pages
from tests.functional.dashboard import acting

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")


@pytest.fixture
def subscription(shop, settings):
    """With automatic renewal, announced, and refused once."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    term = shop.grant(shop.make_user("ada", first_name="Ada", last_name="Martin"))
    shop.make_renewal(term, tries=1, status="waiting", problem="insufficient_funds")
    return term.subscription


@pytest.fixture
def url(subscription):
    return acting.address("subscription-stop-renewal", pk=subscription.pk)


def test_an_operator_switches_it_off_with_a_reason(desk, operator, subscription, url):
    detail = acting.address("subscription-detail", pk=subscription.pk)
    assert url in desk.get(detail).content.decode()
    found, page = acting.carry_out(desk, url)
    assert "Automatic renewal of Silver is switched off." in found
    text = pages.text(page)
    assert "Automatic renewal is off. Nothing will be charged automatically." in text
    assert "Ada called" in text
    consent = AutoRenewal.objects.get()
    assert (consent.ended_by, consent.end_reason) == (operator, "Ada called")
    assert consent.planned.get().status == "dropped"
    assert not auto_renewal.is_on(subscription)
    assert url not in desk.get(detail).content.decode()


def test_a_preview_switches_nothing_off(desk, subscription, url):
    acting.preview(desk, url)
    assert auto_renewal.is_on(subscription)


def test_what_is_off_can_not_be_switched_off(desk, subscription, url):
    page = acting.preview(desk, url)
    AutoRenewal.objects.update(ended_at=subscription.created_at)
    again = acting.confirm(desk, url, page)
    assert "Automatic renewal is off already." in pages.text(again)


@pytest.mark.parametrize(
    ("is_paid", "said"),
    [
        (True, "A renewal had been charged before; it stands."),
        (False, "if it was, you get an alert"),
    ],
)
def test_a_charge_under_way_is_not_hidden(
    desk, shop, subscription, url, monkeypatch, is_paid, said
):
    from oscar_subscriptions.renewals import charges

    order = shop.place_order(subscription.user)
    AutoRenewal.objects.get().planned.update(order=order)

    def busy(*args):
        raise gateway.UnavailableError

    monkeypatch.setattr(charges, "cancel_and_drop", busy)
    monkeypatch.setattr(charges, "complete_paid", lambda pk: is_paid)
    _found, page = acting.carry_out(desk, url)
    assert said in pages.text(page)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_happens(desk, subscription, url, reason):
    assert "Please say why" in pages.text(acting.preview(desk, url, reason=reason))
    assert auto_renewal.is_on(subscription)


def test_members_do_not_get_there(client, shop, subscription, url):
    client.force_login(shop.make_user("member"))
    assert client.post(url, {"reason": "why not"}).status_code == 403
    assert auto_renewal.is_on(subscription)
