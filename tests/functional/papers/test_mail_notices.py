"""Faults 81 and 93: what counts as a notice, and what a mail says at the moment when it leaves."""

import re
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation

from oscar_subscriptions import fulfilment
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.mail import delivery, rendering
from oscar_subscriptions.renewals import mails as renewal_mails
from tests.functional import pages
from tests.functional.renewals.renewing import ANNOUNCED, CHARGED, OutboxMail, Term

pytestmark = pytest.mark.django_db(transaction=True)


# 81


def lose_address_before_the_announcement(bought, monkeypatch):
    """The announcement is written, and the member has no address when it would leave."""
    render = renewal_mails.announced

    def announced(planned):
        render(planned)
        get_user_model().objects.filter(pk=bought.member.pk).update(email="")

    monkeypatch.setattr(renewal_mails, "announced", announced)
    bought.run(ANNOUNCED)


def run_with_an_address(bought):
    """On the day of the charge the member has an address again."""
    get_user_model().objects.filter(pk=bought.member.pk).update(email="ada@example.com")
    bought.run(CHARGED)


def test_fault_81_announcement_that_reached_nobody_allows_no_charge(bought, monkeypatch):
    lose_address_before_the_announcement(bought, monkeypatch)
    row = OutboxMail.objects.get(kind="renewal-announced")
    assert (row.sent_at, row.last_error) == (None, "NobodyToldError: no address")
    assert not renewal_mails.was_told_in_time(bought.planned, CHARGED)
    run_with_an_address(bought)
    assert bought.charges() == ["succeeded"]  # of the first year
    assert bought.planned.status == "dropped" and bought.mails() == []


def test_fault_81_without_the_look_at_the_recipient_nobody_is_told_and_charged_control(
    bought, monkeypatch
):
    deliver = delivery.deliver

    def deliver_silently(*args):
        with suppress(delivery.NobodyToldError):
            deliver(*args)

    monkeypatch.setattr(delivery, "deliver", deliver_silently)
    lose_address_before_the_announcement(bought, monkeypatch)
    assert renewal_mails.was_told_in_time(bought.planned, CHARGED)
    run_with_an_address(bought)
    assert bought.charges() == ["succeeded"] * 2


def test_fault_81_announcement_that_was_dropped_is_no_notice(bought, monkeypatch):
    announced = renewal_mails.announced

    def announced_and_ended(planned):
        announced(planned)
        type(planned).objects.filter(pk=planned.pk).update(status="dropped")

    monkeypatch.setattr(renewal_mails, "announced", announced_and_ended)
    bought.run(ANNOUNCED)
    assert not renewal_mails.was_told_in_time(bought.planned, CHARGED + timedelta(days=90))


# 93


def written(kind, term, language="en", facts=None):
    """Return all words of the mail as it would leave now; "" if it would not."""
    # Read anew, as the sender does: nothing that a test holds is believed.
    user = get_user_model().objects.filter(pk=term.subscription.user_id).first()
    facts = facts or {"term": term.pk}
    with translation.override(language):
        made = rendering.render(kind, language, user, facts)
    return " ".join(made.messages.values()) if made else ""


NOW = {"en": "ou are a seller", "fr": "vous êtes vendeur"}
RENEWED = {
    "en": r"goes on|is renewed",
    "fr": r"se poursuit|continue|est renouvelé",
}


@pytest.fixture
def term(shop, time_machine):
    """The first year, bought on 3 February 2017."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    order = shop.make_order(shop.make_user())
    return fulfilment.order_paid(order).term


def close_account(term):
    get_user_model().objects.filter(pk=term.subscription.user_id).update(is_active=False)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_fault_93_you_are_a_seller_is_said_to_sellers_alone(term, language):
    assert NOW[language] in written("seller-activated", term, language)
    close_account(term)
    said = written("seller-activated", term, language)
    assert said and NOW[language] not in said.lower()
    assert NOW[language] not in written("granted", term, language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_fault_93_you_are_a_seller_is_not_said_of_days_to_come(shop, term, language):
    later = shop.grant(shop.make_user("later"), starts_on=date(2017, 3, 1))
    said = written("seller-activated", later, language)
    assert said and NOW[language] not in said.lower()


@pytest.mark.parametrize("kind", ["seller-activated", "renewed", "restored"])
@pytest.mark.parametrize("change", [fulfilment.suspend, fulfilment.revoke])
def test_fault_93_nothing_good_is_said_of_days_that_do_not_count(term, kind, change):
    assert written(kind, term)
    change(term, reason="disputed")
    assert written(kind, term) == ""


@pytest.mark.parametrize("kind", ["seller-activated", "renewed", "restored"])
def test_fault_93_nothing_good_is_said_of_days_that_are_over(term, kind, time_machine):
    time_machine.move_to("2018-02-04 12:00+01:00")
    assert written(kind, term) == ""


@pytest.fixture
def second(shop, term):
    """The second year, bought at once."""
    return fulfilment.order_paid(shop.make_order(term.subscription.user)).term


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("change", [fulfilment.suspend, fulfilment.revoke, None])
def test_fault_93_renewed_without_a_gap_is_said_if_there_is_none(
    term, second, shop, language, change
):
    assert re.search(RENEWED[language], written("renewed", second, language))
    # Another plan makes the member a seller today all the same.
    shop.grant(term.subscription.user, shop.make_plan("Gold"))
    if change is None:
        close_account(term)
    else:
        change(term, reason="disputed")
    said = written("renewed", second, language)
    assert said and not re.search(RENEWED[language], said)


@pytest.mark.parametrize("change", [fulfilment.suspend, fulfilment.revoke])
def test_fault_93_confirmed_order_promises_no_days_that_were_taken_back(term, change):
    facts = {"term": term.pk, "order": term.order_line.order_id}
    assert "runs from" in written("order-confirmed", term, facts=facts)
    change(term, reason="refunded")
    said = written("order-confirmed", term, facts=facts)
    assert "is confirmed" in said and "runs from" not in said


@pytest.fixture
def stopped(shop, term, settings):
    """A renewal that could not be paid; automatic renewal is off."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    order = shop.make_order(term.subscription.user)
    planned = shop.make_renewal(term, order=order, tries=1, status="failed")
    auto_renewal.switch_off(term.subscription, reason="refused")
    return planned


def failed(planned):
    """What the mail is told if the renewal could not be carried out."""
    return {"consent": planned.auto_renewal_id, "planned": planned.pk}


def changed(planned):
    """What the mail is told if the member has changed to another plan."""
    return {"consent": planned.auto_renewal_id, "is_changed": True}


def test_fault_93_renewal_that_was_paid_after_all_did_not_fail(term, stopped):
    assert "could not be paid" in written("renewal-stopped", term, facts=failed(stopped))
    fulfilment.order_paid(stopped.order)
    assert written("renewal-stopped", term, facts=failed(stopped)) == ""


def test_fault_93_renewal_that_is_on_again_is_not_off(shop, term, stopped):
    type(stopped.auto_renewal).objects.update(ended_at=None)
    assert written("renewal-stopped", term, facts=failed(stopped)) == ""
    assert written("renewal-stopped", term, facts=changed(stopped)) == ""


@pytest.mark.parametrize(
    ("language", "promise"), [("en", "nothing more is charged"), ("fr", "plus rien n’est prélevé")]
)
def test_fault_93_nothing_is_charged_is_not_said_while_a_charge_is_under_way(
    term, stopped, language, promise
):
    assert promise in written("renewal-stopped", term, language, facts=changed(stopped))
    type(stopped).objects.update(status="charging")
    said = written("renewal-stopped", term, language, facts=changed(stopped))
    assert said and promise not in said


@pytest.mark.parametrize("kind", ["renewal-announced", "renewal-failed"])
def test_fault_93_charge_is_announced_while_it_is_wanted_and_not_paid(shop, term, stopped, kind):
    def said():
        return written(kind, term, facts={"planned": stopped.pk})

    assert said() == ""
    type(stopped).objects.update(status="waiting")
    assert said() == ""  # the consent has ended
    type(stopped.auto_renewal).objects.update(ended_at=None)
    assert said()
    fulfilment.order_paid(stopped.order)
    assert said() == ""


# 93, pages


@pytest.mark.parametrize("change", [fulfilment.suspend, fulfilment.revoke])
def test_fault_93_confirmation_page_promises_nothing_that_was_taken_back(client, order, change):
    session = client.session
    session["checkout_order_id"] = order.pk
    session.save()

    def page():
        return pages.text(client.get(reverse("checkout:thank-you")))

    term = fulfilment.order_paid(order).term
    assert "runs from" in page() and "You are a seller" in page()
    change(term, reason="refunded")
    said = page()
    assert "is confirmed" in said
    assert "runs from" not in said and "You are a seller" not in said


def test_fault_93_confirmation_page_names_the_day_from_which_one_is_a_seller(
    client, order, shop, member
):
    shop.grant(member, starts_on=date.today() - timedelta(days=300))
    session = client.session
    session["checkout_order_id"] = order.pk
    session.save()
    term = fulfilment.order_paid(order).term
    fulfilment.revoke(Term.objects.exclude(pk=term.pk).get(), reason="refunded")
    said = pages.text(client.get(reverse("checkout:thank-you")))
    assert "You are a seller from now on" not in said
    assert "You are a seller from" in said
