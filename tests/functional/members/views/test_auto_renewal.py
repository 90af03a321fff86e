"""The two buttons of automatic renewal on the member's page; nobody is charged here."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.members import renewal_offer
from tests.functional import pages

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")


@pytest.fixture(autouse=True)
def offered(settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True


@pytest.fixture
def term(shop, member):
    return shop.grant(member)


@pytest.fixture
def card(member):
    """The provider keeps a card of the member."""
    return StoredPaymentMethod.objects.create(
        user=member, livemode=False, customer_id="cus_1", payment_method_id="pm_1"
    )


def click(client, term, name, data=None):
    url = reverse(f"subscriptions:renewal-{name}", args=[term.subscription_id])
    return pages.text(client.post(url, data or {}, follow=True))


def shown(term):
    """What the page's form posts."""
    offer = renewal_offer.offer_for(term.subscription, None)
    return {"shown_text": offer.shown_text, "shown_terms": offer.terms_of_sale.pk}


def test_one_click_keeps_the_words_and_the_terms_that_were_shown(client, term, card):
    offer = renewal_offer.offer_for(term.subscription, None)
    assert "Automatic renewal is on." in click(client, term, "on", shown(term))
    consent = auto_renewal.current(term.subscription)
    assert (consent.text, consent.terms_of_sale) == (offer.text, offer.terms_of_sale)
    assert (consent.price, consent.order) == (240, None)


def test_words_that_have_changed_meanwhile_are_not_agreed_to(client, term, card, settings):
    before = shown(term)
    settings.OSCAR_SUBSCRIPTIONS_RENEWAL_NOTICE_DAYS = 31
    assert "have changed meanwhile" in click(client, term, "on", before)
    assert not AutoRenewal.objects.exists()


def test_without_a_card_it_can_t_be_switched_on(client, term):
    assert "can't be chosen at the moment" in click(client, term, "on")
    assert not AutoRenewal.objects.exists()


def test_switched_off_it_says_until_when_the_subscription_runs(client, shop, member, term):
    shop.make_renewal(term)
    page = click(client, term, "off")
    assert (
        f"your subscription runs until {date_format(term.ends_on, 'DATE_FORMAT')} inclusive."
        in page
    )
    consent = AutoRenewal.objects.get()
    assert consent.ended_by == member and consent.planned.get().status == "dropped"


def test_switched_off_after_the_last_day_it_names_no_day(client, shop, term, time_machine):
    shop.make_renewal(term)
    time_machine.move_to(term.covered_until + timedelta(days=1))
    client.force_login(term.subscription.user)
    page = click(client, term, "off")
    assert "Automatic renewal is off. Nothing will be charged automatically." in page
    assert term.ends_on < conf.today()


def test_nothing_is_said_where_there_was_nothing_to_switch_off(client, term):
    assert "Nothing will be charged" not in click(client, term, "off")


@pytest.mark.parametrize("name", ["on", "off"])
def test_a_link_or_a_stranger_switches_nothing(client, shop, term, card, name):
    consent = shop.make_renewal(term).auto_renewal
    url = reverse(f"subscriptions:renewal-{name}", args=[term.subscription_id])
    assert client.get(url).status_code == 405
    client.force_login(shop.make_user("other"))
    assert client.post(url, shown(term)).status_code == 404
    assert auto_renewal.current(term.subscription) == consent
