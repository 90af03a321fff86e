"""What a member is told of automatic renewal, and what may be agreed to."""

from datetime import timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.agreements import auto_renewal, auto_renewal_wording
from oscar_subscriptions.members import renewal_offer
from oscar_subscriptions.members.renewal_offer import Offer

StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")

TOO_LATE = "It is too late for the term that ends on Feb. 3, 2018: please renew it yourself."


@pytest.fixture(autouse=True)
def offered(settings, time_machine):
    """The shop, too, begins on that day."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    time_machine.move_to("2017-02-03 12:00+01:00")


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user())


@pytest.fixture
def card(term):
    """The provider keeps a card of the member."""
    return StoredPaymentMethod.objects.create(
        user=term.subscription.user, livemode=False, customer_id="cus_1", payment_method_id="pm_1"
    )


def offer(term, consent=None):
    return renewal_offer.offer_for(term.subscription, consent)


def test_member_whose_card_is_kept_chooses_at_the_price_of_today(shop, term, card):
    found = offer(term)
    assert found.can_be_chosen and found.consent is None
    assert (found.terms_of_sale, found.total.incl_tax) == (TermsOfSale.objects.current(), 240)
    assert found.text == auto_renewal_wording.agreement(shop.plan, found.total, with_order=False)


def test_without_a_card_there_is_nothing_to_choose_yet(term):
    assert offer(term) == Offer(None, has_payment_method=False)
    assert not offer(term).can_be_chosen


def test_form_is_believed_only_if_it_showed_the_words_and_the_terms_of_now(term, card):
    found = offer(term)
    shown = {"shown_text": found.shown_text, "shown_terms": str(found.terms_of_sale.pk)}
    assert found.is_what_was_shown(shown)
    assert not found.is_what_was_shown({})
    assert not found.is_what_was_shown(
        shown | {"shown_text": auto_renewal_wording.digest("Other.")}
    )
    TermsOfSale.objects.create(language="en", version="2017-2", text="New.")
    assert not offer(term).is_what_was_shown(shown)


def without_terms_of_sale(plan):
    TermsOfSale.objects.all().delete()


def off_sale(plan):
    plan.is_on_sale = False
    plan.save()


def unpriced(plan):
    plan.product.stockrecords.all().delete()


@pytest.mark.parametrize("hinder", [without_terms_of_sale, off_sale, unpriced])
def test_what_can_t_be_sold_can_t_be_chosen(shop, term, card, hinder):
    hinder(shop.plan)
    assert offer(term) == Offer(None)


def test_plan_that_is_too_short_to_announce_is_offered_nothing(shop, term, card):
    term.subscription.plan.months = 1
    assert offer(term) is None


def test_announced_renewal_is_named(shop, term):
    planned = shop.make_renewal(term)
    assert offer(term, planned.auto_renewal) == Offer(planned.auto_renewal, planned)


def test_chosen_too_late_for_the_term_that_runs_it_says_so(shop, term, time_machine):
    consent = shop.make_renewal(term, status="dropped").auto_renewal
    time_machine.move_to("2017-12-20 12:00+01:00")
    assert offer(term, consent) == Offer(consent)
    time_machine.move_to("2017-12-21 12:00+01:00")
    assert offer(term, consent) == Offer(consent, too_late=TOO_LATE)


def test_subscription_without_terms_is_never_too_late(term):
    term.subscription.terms.all().delete()
    assert renewal_offer.too_late(term.subscription) == ""


def test_nothing_is_said_of_a_subscription_that_is_over(shop, term, card, time_machine):
    time_machine.move_to(term.covered_until + timedelta(days=1))
    assert offer(term) is None
    assert offer(term, shop.make_renewal(term).auto_renewal) is None


def test_shop_that_offers_it_no_more_lets_the_consent_be_taken_back(shop, term, card, settings):
    consent = shop.make_renewal(term).auto_renewal
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    assert offer(term, consent) == Offer(consent, consent.planned.get(), is_paused=True)
    assert offer(term) is None


def test_reading_the_offer_writes_nothing(term, card):
    Basket = get_model("basket", "Basket")
    offer(term)
    assert not Basket.objects.exists()
    assert auto_renewal.current(term.subscription) is None
