"""The member, or an operator, says no: one click, and nothing is ever charged after it."""

from datetime import date, timedelta
from unittest import mock

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from oscar_subscriptions import journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.payments.provider import intents
from tests.functional import pages
from tests.functional.renewals.renewing import (
    ANNOUNCED,
    CHARGED,
    LAST_DAY,
    Attempt,
    AutoRenewal,
    Order,
    StoredPaymentMethod,
    Term,
)

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = reverse("subscriptions:my-subscription")


def press(client, renewing, what, **changes):
    """Click the button on the page of the subscription."""
    page = client.get(PAGE)
    pk = renewing.subscription.pk
    values = pages.form_values(page, f"renewal_{what}_{pk}") | changes
    return client.post(reverse(f"subscriptions:renewal-{what}", args=[pk]), values, follow=True)


def off(client, renewing):
    return press(client, renewing, "off")


def test_one_click_switches_it_off_and_the_page_says_until_when(bought, client):
    answer = off(client, bought)
    assert "your subscription runs until Feb. 3, 2018 inclusive" in pages.text(answer)
    assert not auto_renewal.is_on(bought.subscription)
    consent = AutoRenewal.objects.get()
    assert consent.ended_at is not None and consent.ended_by_name == "Ada Martin"
    last = bought.subscription.journal.last()
    assert (last.kind, last.actor_name) == (journal.RENEWAL_OFF, "Ada Martin")
    bought.run(ANNOUNCED)
    bought.run(CHARGED)
    assert bought.mails() == ["renewal-stopped"] and bought.charges() == ["succeeded"]


def test_after_the_announcement_it_still_takes_one_click(announced, client):
    announced.client.force_login(announced.subscription.user)
    page = pages.text(client.get(PAGE))
    assert "Next payment: €240.00 incl. tax, from Jan. 27, 2018 on." in page
    off(client, announced)
    for days in range(9):
        announced.run(CHARGED + timedelta(days=days))
    assert announced.charges() == ["succeeded"] and Order.objects.count() == 1
    assert announced.planned.status == "dropped"


def test_during_the_retries_the_order_is_cancelled_with_it(announced, client):
    announced.turn_bad("4000000000009995")
    announced.run(CHARGED)
    announced.turn_bad("4242424242424242")
    announced.client.force_login(announced.subscription.user)
    off(client, announced)
    assert Order.objects.latest("pk").status == "Cancelled"
    for days in range(9):
        announced.run(CHARGED + timedelta(days=days))
    assert announced.charges() == ["succeeded", "failed"]


def test_clicking_twice_changes_nothing(bought, client):
    pk = bought.subscription.pk
    for _ in range(2):
        client.post(reverse("subscriptions:renewal-off", args=[pk]))
    kinds = list(bought.subscription.journal.values_list("kind", flat=True))
    assert kinds.count(journal.RENEWAL_OFF) == 1


def test_a_link_does_not_switch_anything(bought, client):
    for what in ("on", "off"):
        url = reverse(f"subscriptions:renewal-{what}", args=[bought.subscription.pk])
        assert client.get(url).status_code == 405
    assert auto_renewal.is_on(bought.subscription)


def test_nobody_switches_what_is_another_members(bought, shop):
    stranger = Client()
    stranger.force_login(shop.make_user("stranger"))
    for what in ("on", "off"):
        url = reverse(f"subscriptions:renewal-{what}", args=[bought.subscription.pk])
        assert stranger.post(url).status_code == 404
    assert auto_renewal.is_on(bought.subscription)


def test_it_can_be_chosen_again_later_and_is_a_new_consent(bought, client, elsewhere):
    assert "Your card is removed." not in pages.text(off(client, bought))
    bought.go_to(date(2017, 6, 1), 12)
    client.force_login(bought.subscription.user)
    assert "Automatic renewal is on." in pages.text(press(client, bought, "on"))
    first, second = bought.subscription.auto_renewals.order_by("pk")
    assert first.ended_at is not None and second.ended_at is None
    assert second.order is None and second.accepted_at.date() == date(2017, 6, 1)
    assert second.text and second.terms_of_sale == bought.shop.terms_of_sale
    bought.run(ANNOUNCED)
    bought.run(CHARGED)
    assert bought.charges() == ["succeeded", "succeeded"]


@pytest.mark.parametrize("field", ["shown_text", "shown_terms"])
def test_what_was_not_shown_is_not_agreed_to(bought, client, elsewhere, field):
    off(client, bought)
    answer = press(client, bought, "on", **{field: "0"})
    assert "changed meanwhile" in pages.text(answer)
    assert not auto_renewal.is_on(bought.subscription)


def test_without_a_means_of_payment_it_waits_for_the_next_payment(renewing, client):
    renewing.buy(auto_renewal=None)
    page = client.get(PAGE)
    assert "You can choose it with your next payment" in pages.text(page)
    pk = renewing.subscription.pk
    assert pages.soup(page).find(id=f"renewal_on_{pk}") is None
    client.post(reverse("subscriptions:renewal-on", args=[pk]))
    assert not AutoRenewal.objects.exists()


def test_chosen_too_late_for_this_term_nothing_is_charged(bought, client, elsewhere):
    off(client, bought)
    bought.go_to(LAST_DAY - timedelta(days=44), 12)
    client.force_login(bought.subscription.user)
    press(client, bought, "on")
    assert auto_renewal.is_on(bought.subscription)
    assert not auto_renewal.takes_the_place_of_reminders(bought.subscription)
    for days in (-43, -7, -4, 0, 1):
        bought.run(LAST_DAY + timedelta(days=days))
    assert bought.mails() == ["renewal-stopped", "renewal-on", "renewal-stopped"]
    assert bought.charges() == ["succeeded"]
    # Whoever lets it lapse has to choose again.
    assert auto_renewal.current(bought.subscription) is None


def test_a_no_while_the_provider_is_silent_is_carried_out_by_the_next_run(announced, client):
    announced.turn_bad("4000000000009995")
    announced.run(CHARGED)
    announced.turn_bad("4242424242424242")
    # The second try has begun, and its process died before it asked the bank.
    dead = mock.patch.object(intents, "confirm_intent", side_effect=SystemExit)
    with dead, pytest.raises(SystemExit):
        announced.run(CHARGED + timedelta(days=3))
    announced.client.force_login(announced.subscription.user)
    announced.standin.fault(path="payment_intents", status=500, times=None)
    answer = off(client, announced)
    said = pages.text(answer)
    assert "A payment was just under way" in said and "Nothing will be charged" not in said
    announced.standin.control("faults", "DELETE")
    announced.run(CHARGED + timedelta(days=4))
    announced.run(CHARGED + timedelta(days=5))
    assert announced.charges() == ["succeeded", "failed"]
    assert announced.planned.status == "dropped"
    assert Order.objects.latest("pk").status == "Cancelled"


def test_a_charge_that_came_before_the_no_stands_and_is_said(announced, client):
    # Charged, and the process died before it read the answer.
    dead = mock.patch(
        "oscar_subscriptions.payments.attempts.off_session.reconcile", side_effect=SystemExit
    )
    with dead, pytest.raises(SystemExit):
        announced.run(CHARGED)
    assert Term.objects.count() == 1 and Attempt.objects.latest("pk").status == "open"
    announced.client.force_login(announced.subscription.user)
    answer = off(client, announced)
    assert "had been charged before you switched it off" in pages.text(answer)
    assert Term.objects.count() == 2
    assert announced.charges() == ["succeeded", "succeeded"]


def test_a_deleted_account_is_never_charged(announced):
    user = announced.subscription.user
    user.delete()
    announced.run(CHARGED)
    assert announced.charges() == ["succeeded"]
    assert not StoredPaymentMethod.objects.exists()
    assert not AutoRenewal.objects.in_force().exists()
    assert len(mail.outbox) == 3  # of the first year, and the announcement
