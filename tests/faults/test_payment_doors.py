"""Faults 1 to 8: three doors lead to one term, and what is not paid leads to none."""

import uuid
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, sellers, terms
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.payments.reconciliation import verdict
from tests.faults import controls, interleave, invariants
from tests.functional import pages
from tests.threads import Other, at_once

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Source = get_model("payment", "Source")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


def session_id():
    return Attempt.objects.latest("pk").session_id


def assert_one_term(shop):
    assert Term.objects.count() == 1
    assert Source.objects.count() == 1
    invariants.check(shop)


def test_fault_01_return_before_the_webhook_gives_one_term(shop, client, standin, told):
    standin.delivery(hold=True)
    _, back, _ = standin.submit_card(told)
    assert "your order is confirmed" in pages.text(client.get(back, follow=True))
    standin.release(hold=False)
    standin.flush()
    assert_one_term(shop)


def test_fault_02_webhook_before_the_return_leads_to_the_same_page(shop, client, standin, told):
    _, back, _ = standin.submit_card(told)
    standin.flush()
    assert_one_term(shop)
    assert "your order is confirmed" in pages.text(client.get(back, follow=True))
    assert_one_term(shop)


def return_and_webhook_at_once(client, standin, told):
    """Both have read the attempt as open, before either has written that it is paid."""
    standin.delivery(hold=True, retries=[])
    _, back, _ = standin.submit_card(told)
    with interleave.meeting(verdict, "verdict_on_session"):
        browser = Other(lambda: client.get(back))
        standin.release(hold=False)
        answer = browser.result()
        standin.flush()
    return answer


def test_fault_03_return_and_webhook_at_once_give_one_term(shop, client, standin, told):
    answer = return_and_webhook_at_once(client, standin, told)
    assert answer.url == reverse("checkout:thank-you")
    assert_one_term(shop)


def test_fault_03_without_locks_one_payment_is_written_until_the_database_refuses_control(
    client, standin, told
):
    with controls.without_locks(), controls.without_numbers():
        return_and_webhook_at_once(client, standin, told)
    assert controls.is_refused_by_the_database()


def two_doors_of_another_gateway_at_once(shop):
    """Both have found no term of the order, before either has written one."""
    order = shop.make_order(shop.make_user())
    Subscription.objects.create(user=order.user, plan=shop.plan)
    with interleave.meeting(terms, "bought"):
        return at_once(*[lambda: fulfilment.order_paid(order)] * 2)


def test_fault_03_order_confirmed_by_two_doors_at_once_gives_one_term(shop):
    results = two_doors_of_another_gateway_at_once(shop)
    assert sorted(result.created for result in results) == [False, True]
    assert Term.objects.count() == 1


def test_fault_03_without_locks_the_database_refuses_the_second_term_control(shop):
    give_up = mock.patch.object(paid_order, "_give_up", side_effect=paid_order._give_up)
    with controls.without_locks(), give_up as given_up:
        two_doors_of_another_gateway_at_once(shop)
    [(_order, error)] = [call.args for call in given_up.call_args_list]
    assert isinstance(error, IntegrityError)
    assert Term.objects.count() == 1


def test_fault_03_without_locks_and_constraints_there_are_two_terms_control(shop):
    with controls.without_locks(), controls.without_constraints(Term):
        two_doors_of_another_gateway_at_once(shop)
        assert Term.objects.count() == 2
        assert any("overlaps" in complaint for complaint in invariants.violations(shop))


def test_fault_04_browser_never_returns_and_the_webhook_alone_grants(shop, member, standin, told):
    standin.submit_card(told)
    standin.flush()
    assert Term.objects.get().subscription.user == member
    assert sellers.is_seller(member)
    assert_one_term(shop)


def test_fault_04_neither_browser_nor_webhook_comes_and_the_daily_run_grants(shop, standin, told):
    standin.delivery(drop="all")
    standin.submit_card(told)
    standin.flush()
    assert not Term.objects.exists()
    call_command("subscriptions_run", verbosity=0)
    assert_one_term(shop)


@pytest.mark.parametrize("name", ["return", "cancel-return"])
def test_fault_05_somebody_elses_payment_does_not_exist(shop, client, order, hosted, name):
    attempt = Attempt.objects.get()
    url = reverse(f"subscriptions-payments:{name}", args=[attempt.reference])
    client.force_login(shop.make_user("stranger"))
    for address in (url, f"{url}?session_id={attempt.session_id}", pages.pay_url(order)):
        answer = client.get(address)
        assert answer.status_code == 404
        assert order.number not in pages.text(answer)
    cancel = reverse("subscriptions-payments:order-cancel", args=[order.number])
    assert client.post(cancel).status_code == 404
    client.logout()
    assert client.get(url).url.startswith(reverse("customer:login"))
    assert Attempt.objects.get().status == "open"


def test_fault_05_guessed_session_or_reference_is_not_found(shop, client, standin, hosted):
    standin.submit_card(hosted)
    url = reverse("subscriptions-payments:return", args=[Attempt.objects.get().reference])
    assert client.get(f"{url}?session_id=cs_test_guessed").status_code == 404
    unknown = reverse("subscriptions-payments:return", args=[uuid.uuid4()])
    assert client.get(unknown).status_code == 404
    assert not Term.objects.exists()


def test_fault_05_the_paid_session_of_another_order_confirms_nothing(shop, client, standin, hosted):
    standin.submit_card(hosted)
    paid = session_id()
    client.force_login(shop.make_user("thief"))
    pages.add_to_basket(client, shop.plan.product)
    client.get(pages.place_order(client).url)
    mine = Attempt.objects.latest("pk")
    url = reverse("subscriptions-payments:return", args=[mine.reference])
    assert client.get(f"{url}?session_id={paid}").status_code == 404
    client.get(url)
    assert not Term.objects.exists()


@pytest.fixture
def debit(client, standin, told):
    """A debit that the bank has not answered yet, and the address the browser comes back to."""
    standin.control("settings", async_delay=86_400)
    back = standin.pay(session_id(), method="sepa_debit")["session"]["success_url"]
    standin.flush()
    return back.replace("{CHECKOUT_SESSION_ID}", session_id())


def answer_of_the_bank(standin, outcome):
    standin.control(f"sessions/{session_id()}/settle", outcome=outcome)
    standin.flush()


def test_fault_06_complete_but_unpaid_gives_no_access(shop, member, client, debit):
    page = client.get(debit, follow=True)
    assert "has not confirmed the payment yet" in pages.text(page)
    call_command("subscriptions_run", verbosity=0)
    assert not Term.objects.exists() and not sellers.is_seller(member)
    assert client.get(reverse("subscriptions:member-space")).status_code == 403
    invariants.check(shop)


def test_fault_07_slow_payment_that_succeeds_grants(shop, standin, debit):
    answer_of_the_bank(standin, "succeed")
    assert_one_term(shop)


def test_fault_08_slow_payment_that_fails_gives_nothing_and_can_be_paid_again(
    shop, client, order, standin, debit
):
    answer_of_the_bank(standin, "fail")
    assert not Term.objects.exists()
    invariants.check(shop)
    again = client.get(pages.pay_url(order))
    assert again.url.startswith(standin.url)
    standin.submit_card(again.url)
    standin.flush()
    assert_one_term(shop)
