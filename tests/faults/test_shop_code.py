"""Faults 74 and 76: the shop's own code runs beside the money, and never takes any of it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.signals import post_save
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.fulfilment import grants, handovers
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.projections import oscar_payments
from oscar_subscriptions.payments.reconciliation import reconcile as reconciling
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.plans import changes
from tests.bank import RETURN, Payment
from tests.faults import controls, interleave, invariants
from tests.functional import pages
from tests.threads import at_once

Alert = get_model("oscar_subscriptions", "Alert")
Consent = get_model("oscar_subscriptions", "Consent")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

ANSWER = {}


def policy(subscription, plan, today):
    value = ANSWER["value"]
    if isinstance(value, Exception):
        raise value
    return value


@pytest.fixture
def changing(shop, standin, settings):
    """The page of an order that changes from Bronze, whose rest the shop's policy credits."""
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.policy"
    ANSWER["value"] = 30
    payment = Payment(shop, standin)
    old = shop.grant(payment.user, shop.make_plan("Bronze", "100.00"))
    Consent.objects.filter(order=payment.order).update(changes=old.subscription)
    return payment


def is_told(payment):
    [alert] = Alert.objects.open().filter(order=payment.order)
    return alerts.explanation(alert)


@pytest.mark.parametrize("value", [ZeroDivisionError("a price of zero"), -3, 12.5, True, 10**7])
def test_fault_74_policy_that_fails_once_the_money_is_there_keeps_it_and_is_told(
    shop, standin, client, changing, value
):
    ANSWER["value"] = value
    standin.pay(changing.session)
    client.force_login(changing.user)
    url = reverse("subscriptions-payments:return", args=[changing.attempt.reference])
    page = client.get(f"{url}?session_id={changing.session}")
    assert page.status_code == 200
    assert "We have received" in pages.text(page)
    assert (changing.attempt.status, changing.attempt.received) == ("paid", 24_000)
    assert changing.term is None
    assert "zero" in is_told(changing) or "credits" in is_told(changing)
    call_command("subscriptions_run", verbosity=0)
    assert changing.term is None, "the policy still fails"
    ANSWER["value"] = 30
    call_command("subscriptions_run", verbosity=0)
    assert changing.state == "valid"
    assert not Alert.objects.open().exists()
    invariants.check(shop)


@contextmanager
def receiver_of_terms(action) -> Iterator[None]:
    """Within the block ``action`` is called whenever a term is saved."""

    def receive(instance, **kwargs):
        action(instance)

    post_save.connect(receive, sender=Term)
    try:
        yield
    finally:
        post_save.disconnect(receive, sender=Term)


def fail(term):
    raise RuntimeError("the shop's receiver")


def break_the_commit(term):
    """Write what the database refuses only when the transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Term._meta.db_table} SET granted_by_id = 0 WHERE id = {term.pk}")


def break_the_transaction(term):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


@pytest.mark.parametrize("action", [fail, break_the_commit, break_the_transaction])
def test_fault_74_receiver_that_fails_undoes_no_payment(shop, standin, action):
    payment = Payment(shop, standin)
    standin.pay(payment.session)
    with receiver_of_terms(action):
        assert reconcile(payment.attempt).status == "paid"
        assert payment.term is None and is_told(payment)
        call_command("subscriptions_run", verbosity=0)
        assert payment.term is None
    call_command("subscriptions_run", verbosity=0)
    assert payment.state == "valid"
    assert payment.order.sources.count() == 1
    assert not Alert.objects.open().exists()
    invariants.check(shop)


@pytest.mark.parametrize("action", [fail, break_the_commit, break_the_transaction])
def test_fault_74_another_gateway_hears_no_exception_and_its_payment_is_told(shop, action):
    order = shop.make_order(shop.make_user())
    with receiver_of_terms(action):
        result = fulfilment.order_paid(order)
    assert (result.term, result.created) == (None, False)
    assert result.refused
    assert Alert.objects.open().get().order == order
    assert fulfilment.order_paid(order).created
    assert not Alert.objects.open().exists()


def test_fault_74_fork_of_oscars_sources_that_fails_undoes_no_payment(shop, standin):
    payment = Payment(shop, standin)
    standin.pay(payment.session)
    with mock.patch.object(oscar_payments, "_source_type", side_effect=RuntimeError("a fork")):
        assert reconcile(payment.attempt).status == "paid"
        assert is_told(payment) == "RuntimeError: a fork"
    call_command("subscriptions_run", verbosity=0)
    assert payment.state == "valid"
    with suppress(CommandError):  # raised because it had something to repair
        call_command("subscriptions_doctor", "--fix", verbosity=0)
    assert payment.order.sources.count() == 1
    invariants.check(shop)


def test_fault_74_refund_is_kept_even_if_what_it_does_fails(shop, standin):
    payment = Payment(shop, standin).pay()
    reconcile(payment.attempt)
    payment.refund()
    with receiver_of_terms(fail):
        reconcile(payment.attempt)
    assert payment.reversals == [("refund", "succeeded", 24_000)]
    assert payment.state == "valid"
    assert "RuntimeError: the shop's receiver" in is_told(payment)
    reconcile(payment.attempt)
    assert payment.state == "revoked"


def test_fault_74_without_the_second_try_the_money_is_forgotten_control(shop, standin):
    payment = Payment(shop, standin)
    standin.pay(payment.session)
    tried_once = mock.patch.object(
        reconciling, "_keep_money_first", lambda *args: reconciling._apply(*args)
    )
    with receiver_of_terms(fail), tried_once, pytest.raises(RuntimeError):
        reconcile(payment.attempt)
    assert payment.attempt.status == "open" and not Alert.objects.exists()


# 76


def rest(subscription, plan, today):
    last = subscription.terms.valid().order_by("-ends_on").first()
    return (last.ends_on - today).days


def ordered(shop, standin, user, plan, old):
    order = shop.make_order(user, plan)
    shop.keep_consent(order, plan, changes=old.subscription)
    Subscription.objects.get_or_create(user=user, plan=plan)
    attempt = hosted.begin(order)
    hosted.hosted_page(attempt, RETURN, RETURN)
    standin.pay(attempt.session_id)
    return attempt


@pytest.fixture
def credited_twice(shop, standin, settings):
    """Bronze, and two paid orders of other plans, each in place of it."""
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.rest"
    # The first payment of a shop writes rows that the others share.
    reconcile(Payment(shop, standin, name="first").pay().attempt)
    user = shop.make_user("ada")
    old = shop.grant(user, shop.make_plan("Bronze", "100.00"))
    gold = shop.make_plan("Gold", "300.00")
    return old, [ordered(shop, standin, user, plan, old) for plan in (shop.plan, gold)]


def days_given(old):
    new = Term.objects.filter(subscription__user__username="ada").exclude(pk=old.pk)
    return sorted((term.ends_on - term.starts_on).days for term in new)


def pay_both_at_once(attempts):
    with interleave.meeting(changes, "credit_for", after=True):
        return at_once(*[lambda one=one: reconcile(one) for one in attempts])


def test_fault_76_rest_is_credited_once_for_two_plans_paid_at_once(credited_twice):
    old, attempts = credited_twice
    pay_both_at_once(attempts)
    assert days_given(old) == [365, 730]


def test_fault_76_without_locks_the_rest_is_credited_twice_control(credited_twice):
    old, attempts = credited_twice
    with controls.without_locks():
        pay_both_at_once(attempts)
    assert days_given(old) == [730, 730]


def test_fault_76_rest_that_is_being_handed_over_is_not_credited_as_well(shop, credited_twice):
    old, [attempt, _] = credited_twice
    clerk, heir = shop.make_user("clerk"), shop.make_user("heir")

    def hand_over():
        try:
            handovers.hand_over(old.subscription, heir, reason="moved", actor=clerk)
        except grants.NotGrantedError:
            return

    with interleave.run_before(changes, "credit_for", hand_over):
        reconcile(attempt)
    handed_over = Term.objects.filter(subscription__user=heir).exists()
    assert days_given(old) == ([365] if handed_over else [730])


def test_fault_76_rest_that_is_being_refunded_is_not_credited_as_well(credited_twice):
    old, [attempt, _] = credited_twice
    with interleave.run_after(
        changes, "credit_for", lambda: fulfilment.revoke(old, reason="refunded")
    ):
        reconcile(attempt)
    old.refresh_from_db()
    gave_up = old.journal.filter(kind="credited").exists()
    assert days_given(old) == ([730] if gave_up else [365])
