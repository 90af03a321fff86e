"""The provider is busy, its answer is lost, or a key was used before: the member pays all the same.

A retry may differ from the lost request in all that has nothing to do with the money.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.payments.provider import client as provider_client
from oscar_subscriptions.payments.provider import intents, sessions
from tests.functional import pages
from tests.functional.renewals.renewing import ANNOUNCED, CHARGED
from tests.unit.payments.hosted import page as another_page

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

# Of a request that fails twice the library's own retry is lost as well.
FAULTS = {
    "used-key": {"error": "idempotency_error"},
    "busy": {"error": "lock_timeout", "times": 2},
    "lost": {"lose": "after", "times": 2},
}


def lose(client, order, standin, path="checkout/sessions$", **how):
    """Let the member ask for the page, and the answer to it be lost."""
    standin.fault(lose="after", path=path, method="POST", times=2)
    assert client.get(pages.pay_url(order), **how).status_code == 503
    assert standin.control("faults", "GET")["data"] == []


def open_pages():
    """The pages at the provider that can be paid."""
    found = provider_client.connect().v1.checkout.sessions.list({"limit": 100})
    return [one.id for one in found if one.status == "open"]


def must_be_at_the_one_page(answer):
    assert answer.status_code == 302
    [page] = open_pages()
    attempt = Attempt.objects.get(status="open")
    assert (attempt.session_id, attempt.url) == (page, answer.url)
    assert not Alert.objects.exists()


def test_fault_75_the_member_changes_the_language_after_a_lost_answer(
    client, order, standin, settings
):
    lose(client, order, standin)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    must_be_at_the_one_page(client.get(pages.pay_url(order)))
    assert Attempt.objects.count() == 1


def test_fault_75_the_member_comes_by_another_host_after_a_lost_answer(
    client, order, standin, settings
):
    settings.OSCAR_SUBSCRIPTIONS_BASE_URL = None
    lose(client, order, standin, headers={"host": "shop.example"})
    answer = client.get(pages.pay_url(order), headers={"host": "www.shop.example"})
    must_be_at_the_one_page(answer)


@pytest.mark.parametrize("renewed", [False, True])
def test_fault_75_the_member_corrects_the_address_after_a_lost_answer(
    shop, client, member, standin, settings, renewed
):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = renewed
    order = shop.place_order(member, is_renewed=renewed)
    lose(client, order, standin, "customers$" if renewed else "checkout/sessions$")
    member.email = "ada.martin@example.com"
    member.save()
    must_be_at_the_one_page(client.get(pages.pay_url(order)))
    customers = list(provider_client.connect().v1.customers.list())
    known = [row.customer_id for row in StoredPaymentMethod.objects.all()]
    assert [one.email for one in customers if one.id in known] == [member.email] * renewed
    assert [one.email for one in customers if one.id not in known] == []


def test_fault_75_the_shop_is_deployed_with_other_settings_after_a_lost_answer(
    client, order, standin, settings
):
    lose(client, order, standin)
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = 300
    must_be_at_the_one_page(client.get(pages.pay_url(order)))


def test_fault_75_the_lost_page_has_ended_and_another_one_is_opened(
    client, order, standin, settings
):
    lose(client, order, standin)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    [lost] = open_pages()
    sessions.expire_session(lost)
    for _ in range(2):
        must_be_at_the_one_page(client.get(pages.pay_url(order)))
    assert Attempt.objects.get().session_id != lost


def test_fault_75_the_lost_page_was_paid_and_is_not_asked_for_again(
    client, order, standin, settings
):
    lose(client, order, standin)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    [lost] = open_pages()
    standin.pay(lost)
    assert client.get(pages.pay_url(order)).url == reverse("checkout:thank-you")
    assert Attempt.objects.get().session_id == lost
    assert Term.objects.count() == 1


def test_fault_75_every_key_is_used_up_and_the_member_is_asked_to_come_again(
    client, order, standin
):
    standin.fault(error="idempotency_error", times=None)
    assert client.get(pages.pay_url(order)).status_code == 503
    standin.control("faults", "DELETE")
    must_be_at_the_one_page(client.get(pages.pay_url(order)))


def replace_card(renewing):
    """The member pays something else with another card, which is charged from now on."""
    kept = StoredPaymentMethod.objects.get()
    session = another_page(
        "another card",
        customer=kept.customer_id,
        payment_intent_data={"setup_future_usage": "off_session"},
    )
    renewing.standin.pay(session["id"], card="5555555555554444")
    paid = sessions.fetch_session(session["id"])["payment_intent"]
    kept.payment_method_id = paid["payment_method"]
    kept.save()
    return kept.payment_method_id


def test_fault_75_the_card_is_replaced_after_a_lost_answer_of_a_renewal(announced):
    announced.standin.fault(lose="after", path="payment_intents$", times=2)
    assert announced.run(CHARGED) != []
    card = replace_card(announced)
    assert announced.run() == []
    attempt = Attempt.objects.get(kind="off-session")
    assert (attempt.status, attempt.problem) == ("paid", "")
    assert intents.fetch_intent(attempt.payment_intent_id)["payment_method"] == card
    planned = announced.planned
    assert (planned.status, planned.tries) == ("done", 1)
    assert announced.mails() == ["renewal-announced"]
    assert announced.charges() == ["succeeded"] * 3
    assert not Alert.objects.exists()


# The same page at each visit, however short its life (fault 82).


def test_fault_82_the_shortest_life_of_a_page_keeps_attempt_and_page(
    client, order, standin, settings
):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = 30
    [attempt] = Attempt.objects.all()
    lose(client, order, standin)
    for language in ("en", "fr", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        must_be_at_the_one_page(client.get(pages.pay_url(order)))
    assert Attempt.objects.get().pk == attempt.pk


def test_fault_82_an_attempt_that_waited_for_its_page_is_not_given_up(
    client, order, standin, settings, time_machine
):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = 30
    [attempt] = Attempt.objects.all()
    time_machine.move_to(timezone.now() + timedelta(minutes=50))
    must_be_at_the_one_page(client.get(pages.pay_url(order)))
    assert Attempt.objects.get().pk == attempt.pk


@pytest.mark.parametrize("minutes", [0, 1, 29, 30, 1_440, 10_000])
def test_fault_82_every_life_is_one_that_the_provider_accepts(
    client, order, standin, settings, minutes
):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = minutes
    for _ in range(2):
        must_be_at_the_one_page(client.get(pages.pay_url(order)))


# The whole way, disturbed at each of its requests in turn.


def insist(client, url):
    """Ask for a page as a member does who is told that the provider does not answer."""
    for _ in range(3):
        answer = client.get(url)
        if answer.status_code == 302:
            return answer.url
    raise AssertionError(f"{url}: {pages.text(answer)}")


def buy(shop, client, standin, name):
    """Walk from the plan to the confirmation; return the member."""
    user = shop.make_user(name)
    client.force_login(user)
    pages.add_to_basket(client, shop.plan.product)
    page = insist(client, pages.place_order(client).url)
    _, back, _ = standin.submit_card(page)
    standin.flush(force=True)
    assert insist(client, back) == reverse("checkout:thank-you")
    return user


@pytest.mark.parametrize("fault", FAULTS)
def test_the_journey_holds_with_a_fault_at_each_request_in_turn(
    shop, client, standin, webhook, fault
):
    for call in range(100):
        standin.fault(**FAULTS[fault], skip=call)
        user = buy(shop, client, standin, f"member-{call}")
        assert Term.objects.filter(subscription__user=user).count() == 1, call
        assert not Alert.objects.exists(), call
        left = standin.control("faults", "GET")["data"]
        standin.control("faults", "DELETE")
        if left and left[0]["times"] == FAULTS[fault].get("times", 1):
            break  # so many requests are not made
    assert call >= (1 if fault == "used-key" else 3)
    charges = provider_client.connect().v1.charges.list({"limit": 100})
    assert [one["status"] for one in charges] == ["succeeded"] * (call + 1)


def renew(renewing):
    """Walk from the order with automatic renewal to the second year."""
    order = renewing.shop.place_order(renewing.member, is_renewed=True)
    renewing.standin.pay(insist(renewing.client, pages.pay_url(order)).rsplit("/", 1)[-1])
    insist(renewing.client, pages.pay_url(order))
    for day in (ANNOUNCED, CHARGED):
        # What is interrupted is continued by the next run.
        renewing.run(day)
        renewing.run()


# At least as many as are made, see the last test.
REQUESTS = 15


@pytest.mark.parametrize("call", range(REQUESTS))
@pytest.mark.parametrize("fault", FAULTS)
def test_the_renewal_holds_with_a_fault_at_each_request_in_turn(renewing, fault, call):
    renewing.standin.fault(**FAULTS[fault], skip=call)
    renew(renewing)
    renewing.standin.control("faults", "DELETE")
    assert renewing.charges() == ["succeeded", "succeeded"]
    assert Term.objects.count() == 2
    planned = renewing.planned
    assert (planned.status, planned.tries) == ("done", 1)
    assert renewing.mails() == ["renewal-announced"]
    assert not Alert.objects.exists()


def test_the_renewal_makes_no_more_requests_than_are_disturbed(renewing):
    renewing.standin.fault(status=500, skip=1000)
    renew(renewing)
    [left] = renewing.standin.control("faults", "GET")["data"]
    assert REQUESTS - 3 < 1000 - left["skip"] <= REQUESTS
