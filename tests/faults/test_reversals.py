"""Faults 46 to 55: money goes back, by the shop's own hand or by the bank's, and may return."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, gateway, journal
from oscar_subscriptions.fulfilment import handovers, ledger, term_notices
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import events
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.payments.reversals import refunding
from oscar_subscriptions.plans import eligibility
from tests.bank import PRICE, RETURN, Payment
from tests.faults import controls, interleave, invariants
from tests.threads import at_once

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Product = get_model("catalogue", "Product")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(shop, standin, webhook):
    """A payment that gave a term."""
    return Payment(shop, standin).pay()


def changes(payment):
    """What the history says of the term after it had started."""
    kinds = payment.term.journal.order_by("pk").values_list("kind", flat=True)
    return [kind for kind in kinds if kind != journal.TERM_STARTED]


def check(shop, payment, state):
    assert payment.state == state
    assert payment.is_seller == (state == "valid")
    invariants.check(shop)


# 46


def test_fault_46_full_refund_withdraws_the_term_at_once(shop, payment):
    service = shop.make_service(payment.user.subscription_seller)
    payment.refund()
    check(shop, payment, "revoked")
    assert payment.reversals == [("refund", "succeeded", PRICE)]
    assert payment.alerts == []
    assert not Product.objects.get(pk=service.pk).is_public
    source = Source.objects.get()
    assert source.amount_refunded == source.amount_debited == 240
    [transaction] = source.transactions.filter(txn_type="Refund")
    assert (transaction.amount, transaction.status) == (240, "succeeded")


def test_fault_46_refund_reported_many_times_is_one_withdrawal(shop, standin, payment):
    payment.refund()
    for event in standin.events("charge.refunded") + standin.events("refund.created"):
        standin.control("redeliver", event=event["id"], times=2)
    standin.flush()
    call_command("subscriptions_run", verbosity=0)
    assert changes(payment) == [journal.TERM_REVOKED]
    assert Reversal.objects.count() == 1
    assert Source.objects.get().transactions.filter(txn_type="Refund").count() == 1


def test_fault_46_refund_whose_events_are_lost_is_found_by_the_daily_run(shop, standin, payment):
    standin.delivery(drop="all")
    payment.refund()
    assert payment.state == "valid"
    call_command("subscriptions_run", verbosity=0)
    check(shop, payment, "revoked")


def test_fault_46_refund_before_the_shop_heard_of_the_payment(shop, standin, webhook):
    standin.delivery(drop="all")
    payment = Payment(shop, standin).pay()
    payment.refund()
    call_command("subscriptions_run", verbosity=0)
    check(shop, payment, "revoked")
    mails = OutboxMail.objects.filter(kind=term_notices.SELLER_ACTIVATED)
    assert not mails.unsent().exists()


@pytest.mark.parametrize(
    ("policy", "state"),
    [("revoke", "revoked"), ("suspend", "suspended"), ("alert", "valid"), ("nothing", "valid")],
)
def test_fault_46_what_a_full_refund_does_is_the_shops_to_say(settings, payment, policy, state):
    settings.OSCAR_SUBSCRIPTIONS_FULL_REFUND_POLICY = policy
    payment.refund()
    assert payment.state == state
    assert bool(payment.alerts) == (policy == "alert")


def test_fault_46_refund_of_what_was_handed_over_is_told_and_takes_nothing(shop, payment):
    clerk, other = shop.make_operator("clerk"), shop.make_user("other")
    [moved] = handovers.hand_over(payment.term.subscription, other, reason="gift", actor=clerk)
    refund = payment.refund()
    call_command("subscriptions_run", verbosity=0)
    [told] = payment.alerts
    assert "was handed over" in told and "it would have been revoked" in told
    assert Term.objects.get(pk=moved.pk).is_valid
    payment.change(refund, "failed")
    check(shop, payment, "revoked")
    assert payment.alerts == []


# 47


def test_fault_47_partial_refunds_add_up_and_only_the_sum_waits_for_an_operator(shop, payment):
    payment.refund(10_000)
    assert ["€100.00 of €240.00 refunded" in line for line in payment.alerts] == [True]
    check(shop, payment, "valid")
    payment.refund(13_999)
    assert ["€239.99 of €240.00 refunded" in line for line in payment.alerts] == [True]
    check(shop, payment, "valid")
    payment.refund(1)
    assert payment.alerts == []
    check(shop, payment, "revoked")
    assert Source.objects.get().amount_refunded == 240


def test_fault_47_sum_that_an_operator_has_decided_about_is_not_told_again(shop, payment):
    clerk = shop.make_operator("clerk")
    payment.refund(10_000)
    alerts.resolve(Alert.objects.get(), actor=clerk, note="goodwill, goes on")
    Attempt.objects.all().mark_due()
    call_command("subscriptions_run", verbosity=0)
    assert payment.alerts == []
    payment.refund(100)
    assert len(payment.alerts) == 1


def test_fault_47_partial_refund_that_failed_needs_nobody_any_more(shop, payment):
    refund = payment.refund(10_000)
    payment.change(refund, "failed")
    assert payment.alerts == []
    check(shop, payment, "valid")
    assert Source.objects.get().amount_refunded == 0
    payment.refund(10_000)
    assert len(payment.alerts) == 1, "the same sum, and nobody has decided about it"


@pytest.mark.parametrize(
    ("policy", "state"),
    [("revoke", "revoked"), ("suspend", "suspended"), ("alert", "valid"), ("nothing", "valid")],
)
def test_fault_47_what_a_partial_refund_does_is_the_shops_to_say(settings, payment, policy, state):
    settings.OSCAR_SUBSCRIPTIONS_PARTIAL_REFUND_POLICY = policy
    payment.refund(1)
    assert payment.state == state


# 48


@pytest.mark.parametrize("outcome", ["failed", "canceled"])
def test_fault_48_refund_that_comes_to_nothing_gives_the_term_back_once(shop, payment, outcome):
    last_day = payment.term.ends_on
    refund = payment.refund(status="pending")
    check(shop, payment, "revoked")
    payment.change(refund, outcome)
    check(shop, payment, "valid")
    assert payment.term.ends_on == last_day
    call_command("subscriptions_run", verbosity=0)
    assert changes(payment) == [journal.TERM_REVOKED, journal.TERM_RESTORED]
    assert payment.alerts == []


def test_fault_48_refund_that_failed_does_not_overrule_an_operator(shop, payment):
    clerk = shop.make_operator("clerk")
    refund = payment.refund()
    fulfilment.revoke(payment.term, reason="fraud", actor=clerk)
    payment.change(refund, "failed")
    assert payment.state == "revoked"
    assert ["payment of order" in line and "stands again" in line for line in payment.alerts] == [
        True
    ]


def test_fault_48_refund_that_failed_does_not_give_back_days_that_were_sold_again(
    shop, standin, payment
):
    refund = payment.refund()
    again = Payment(shop, standin, payment.user).pay()
    payment.change(refund, "failed")
    assert (payment.state, again.state) == ("revoked", "valid")
    assert any("sold again" in line for line in payment.alerts)
    invariants.check(shop)


def test_fault_48_failed_refund_whose_events_are_lost_is_found_by_the_daily_look(
    shop, standin, payment, monkeypatch
):
    refund = payment.refund()
    standin.delivery(drop="all")
    standin.control(f"refunds/{refund}", status="failed")
    # The provider lists no event of it any more.
    monkeypatch.setattr(events, "events_since", lambda since, types: iter(()))
    Attempt.objects.update(reconciled_at="2017-02-03T12:00Z")
    call_command("subscriptions_run", verbosity=0)
    check(shop, payment, "valid")


def test_fault_48_money_that_bought_nothing_and_returns_is_not_silent(shop, standin, webhook):
    payment = Payment(shop, standin)
    shop.vendor.users.add(shop.make_user("clerk"))
    payment.pay()
    [refused] = payment.alerts
    refund = payment.refund()
    assert payment.alerts == []
    invariants.check(shop)
    payment.change(refund, "failed")
    assert payment.alerts == [refused]
    invariants.check(shop)


def test_fault_48_money_that_bought_nothing_and_returns_is_told_at_the_first_look(
    shop, standin, webhook
):
    payment = Payment(shop, standin)
    shop.vendor.users.add(shop.make_user("clerk"))
    payment.pay()
    [refused] = payment.alerts
    refund = payment.refund()
    standin.delivery(drop="all")
    payment.change(refund, "failed")
    reconcile(payment.attempt)
    assert payment.alerts == [refused]
    invariants.check(shop)


def test_fault_48_refused_payment_that_returns_is_not_silent(shop, standin, webhook):
    payment = Payment(shop, standin)
    standin.delivery(hold=True)
    payment.pay()
    standin.control("amend", id=payment.session, set={"amount_total": 100})
    standin.release(hold=False)
    standin.flush()
    [refused] = payment.alerts
    refund = payment.refund()
    assert payment.alerts == []
    payment.change(refund, "failed")
    assert payment.alerts == [refused]
    invariants.check(shop)


def test_fault_48_refused_order_whose_money_has_gone_back_is_not_fulfilled_later(
    shop, standin, webhook
):
    payment, clerk = Payment(shop, standin), shop.make_user("clerk")
    shop.vendor.users.add(clerk)
    payment.pay()
    refund = payment.refund(status="pending")
    shop.vendor.users.remove(clerk)
    payment.change(refund, "succeeded")
    call_command("subscriptions_run", verbosity=0)
    assert payment.state == ""
    assert payment.alerts == []
    invariants.check(shop)


@pytest.mark.parametrize("policy", ["alert", "nothing"])
def test_fault_48_refused_and_refunded_is_not_fulfilled_whatever_a_refund_does_to_terms(
    shop, standin, webhook, settings, policy
):
    settings.OSCAR_SUBSCRIPTIONS_FULL_REFUND_POLICY = policy
    payment, clerk = Payment(shop, standin), shop.make_user("clerk")
    shop.vendor.users.add(clerk)
    payment.pay()
    payment.refund()
    shop.vendor.users.remove(clerk)
    call_command("subscriptions_run", verbosity=0)
    assert payment.state == ""


# 49


def test_fault_49_inquiry_of_the_bank_withdraws_nothing(shop, payment):
    inquiry = payment.dispute(inquiry=True)
    check(shop, payment, "valid")
    payment.change(inquiry, "warning_under_review")
    check(shop, payment, "valid")
    payment.change(inquiry, "warning_closed")
    check(shop, payment, "valid")
    assert changes(payment) == [] == payment.alerts
    assert payment.reversals == [("dispute", "warning_closed", PRICE)]


def test_fault_49_inquiry_that_becomes_a_dispute_suspends(shop, payment):
    inquiry = payment.dispute(inquiry=True)
    payment.change(inquiry, "needs_response")
    check(shop, payment, "suspended")


# 50, 51, 52


def test_fault_50_open_dispute_suspends(shop, payment):
    dispute = payment.dispute()
    check(shop, payment, "suspended")
    payment.change(dispute, "under_review")
    check(shop, payment, "suspended")
    assert changes(payment) == [journal.TERM_SUSPENDED]


def test_fault_51_won_dispute_restores_the_original_last_day(shop, payment, time_machine):
    service = shop.make_service(payment.user.subscription_seller)
    last_day = payment.term.ends_on
    dispute = payment.dispute()
    assert not Product.objects.get(pk=service.pk).is_public
    payment.change(dispute, "won")
    check(shop, payment, "valid")
    assert payment.term.ends_on == last_day
    assert Product.objects.get(pk=service.pk).is_public
    assert changes(payment) == [journal.TERM_SUSPENDED, journal.TERM_RESTORED]


def test_fault_51_won_dispute_does_not_overrule_an_operator(shop, payment):
    dispute = payment.dispute()
    fulfilment.suspend(payment.term, reason="fraud", actor=shop.make_user("clerk"))
    payment.change(dispute, "won")
    assert payment.state == "suspended"
    assert len(payment.alerts) == 1


def test_fault_51_term_that_an_operator_restored_is_not_suspended_by_the_next_look(shop, payment):
    payment.dispute()
    fulfilment.resume(payment.term, reason="long known", actor=shop.make_user("clerk"))
    Attempt.objects.all().mark_due()
    call_command("subscriptions_run", verbosity=0)
    assert payment.state == "valid"


def test_fault_51_operator_who_had_suspended_and_restored_it_once_is_not_asked(shop, payment):
    clerk = shop.make_user("clerk")
    fulfilment.suspend(payment.term, reason="a mistake", actor=clerk)
    fulfilment.resume(payment.term, reason="a mistake", actor=clerk)
    refund = payment.refund()
    payment.change(refund, "failed")
    check(shop, payment, "valid")
    assert payment.alerts == []


def test_fault_52_lost_dispute_is_final(shop, payment):
    dispute = payment.dispute()
    payment.change(dispute, "lost")
    check(shop, payment, "revoked")
    call_command("subscriptions_run", verbosity=0)
    assert changes(payment) == [journal.TERM_SUSPENDED, journal.TERM_REVOKED]


@pytest.mark.parametrize("status", ["prevented", "warning_closed"])
def test_fault_52_dispute_that_ended_and_kept_the_money_is_lost_by_any_name(
    shop, standin, payment, status
):
    dispute = payment.dispute()
    standin.control("amend", id=dispute, set={"status": status})
    standin.control("emit", type="charge.dispute.closed", id=dispute)
    standin.flush()
    assert payment.state == "revoked"


# 53


def test_fault_53_refund_and_dispute_are_one_withdrawal(shop, payment):
    payment.refund(10_000)
    dispute = payment.dispute()
    payment.change(dispute, "lost")
    check(shop, payment, "revoked")
    assert changes(payment) == [journal.TERM_SUSPENDED, journal.TERM_REVOKED]


def test_fault_53_won_dispute_does_not_undo_a_refund(shop, payment):
    payment.refund()
    dispute = payment.dispute()
    payment.change(dispute, "won")
    check(shop, payment, "revoked")
    assert changes(payment) == [journal.TERM_REVOKED]


def test_fault_53_failed_refund_leaves_what_the_dispute_did(shop, payment):
    refund = payment.refund()
    dispute = payment.dispute()
    payment.change(refund, "failed")
    check(shop, payment, "suspended")
    payment.change(dispute, "won")
    check(shop, payment, "valid")


def pay_second_page(standin, payment):
    """Another page of the same order is paid; return its attempt."""
    second = hosted.begin(payment.order)
    hosted.hosted_page(second, RETURN, RETURN)
    standin.pay(second.session_id)
    standin.flush()
    return Attempt.objects.get(pk=second.pk)


def test_fault_53_second_payment_refunded_leaves_the_term_of_the_first(shop, standin, payment):
    second = pay_second_page(standin, payment)
    assert second.is_surplus and len(payment.alerts) == 1
    standin.control(f"charges/{second.session_id}/refund")
    standin.flush()
    assert payment.term.is_valid
    assert payment.alerts == []
    invariants.check(shop)


def test_fault_53_first_payment_refunded_leaves_the_term_to_the_second(shop, standin, payment):
    second = pay_second_page(standin, payment)
    first = Attempt.objects.exclude(pk=second.pk).get()
    refund = standin.control(f"charges/{first.session_id}/refund")["id"]
    standin.flush()
    assert payment.term.is_valid
    assert payment.alerts == [], "one payment, one term: nobody is needed"
    standin.control(f"refunds/{refund}", status="failed")
    standin.flush()
    assert payment.term.is_valid
    assert len(payment.alerts) == 1, "two payments again"
    invariants.check(shop)


def test_fault_53_second_payment_after_the_first_was_refunded_gives_the_term_back(
    shop, standin, payment
):
    payment.refund()
    assert payment.state == "revoked"
    pay_second_page(standin, payment)
    assert payment.term.is_valid
    invariants.check(shop)


def test_fault_53_second_payment_is_refunded_at_once_where_the_shop_wants_this(
    shop, standin, payment, settings
):
    settings.OSCAR_SUBSCRIPTIONS_REFUND_SECOND_PAYMENT = True
    second = pay_second_page(standin, payment)
    assert [row.status for row in second.reversals.all()] == ["succeeded"]
    assert payment.term.is_valid
    assert payment.alerts == []
    invariants.check(shop)


# 54, 55


def test_fault_54_chargeback_after_expiry_is_recorded_and_leaves_the_renewal(
    shop, standin, payment, time_machine
):
    Term.objects.update(
        starts_on=date(2015, 2, 3), ends_on=date(2016, 2, 3), covered_until=date(2016, 2, 3)
    )
    renewal = Payment(shop, standin, payment.user).pay()
    dispute = payment.dispute()
    assert payment.reversals == [("dispute", "needs_response", PRICE)]
    assert (payment.state, renewal.state) == ("suspended", "valid")
    assert payment.is_seller
    assert eligibility.problem_with_plan(shop.plan, payment.user) == ""
    next_year = Payment(shop, standin, payment.user).pay()
    assert (next_year.term.starts_on - renewal.term.ends_on).days == 1
    payment.change(dispute, "lost")
    assert (payment.state, renewal.state, next_year.state) == ("revoked", "valid", "valid")
    assert payment.is_seller
    invariants.check(shop)


def test_fault_55_first_year_reversed_while_the_renewal_runs_takes_its_own_term_alone(
    shop, standin, payment
):
    renewal = Payment(shop, standin, payment.user).pay()
    year = renewal.term.starts_on, renewal.term.ends_on
    payment.refund()
    assert (payment.state, renewal.state) == ("revoked", "valid")
    assert (renewal.term.starts_on, renewal.term.ends_on) == year
    assert not payment.is_seller, "the renewal has not begun"
    invariants.check(shop)


def buy_again_while_the_refund_fails(shop, standin, payment):
    """The first year is found free to come back, just before a new one is sold onto its days."""
    refund = payment.refund()
    again = Payment(shop, standin, payment.user)
    standin.delivery(drop="all")
    payment.change(refund, "failed")
    again.pay()
    with interleave.run_after(ledger, "_was_sold_again", lambda: reconcile(again.attempt)):
        reconcile(payment.attempt)
    return again


def test_fault_55_year_that_comes_back_while_the_next_is_sold_gives_consecutive_years(
    shop, standin, payment
):
    again = buy_again_while_the_refund_fails(shop, standin, payment)
    assert (payment.state, again.state) == ("valid", "valid")
    assert (again.term.starts_on - payment.term.ends_on).days == 1
    invariants.check(shop)


def test_fault_55_without_locks_and_constraints_the_same_days_are_sold_twice_control(
    shop, standin, payment
):
    with controls.without_locks(), controls.without_constraints(Term):
        buy_again_while_the_refund_fails(shop, standin, payment)
        assert any("overlaps" in complaint for complaint in invariants.violations(shop))


# Refunds that operators order in the shop.


@pytest.mark.parametrize("amounts", [(100, 100, 100, 100), (100, 60, 240, 100)])
def test_operators_who_see_the_same_refund_once_at_the_same_moment(shop, payment, amounts):
    reference = str(payment.attempt.reference)

    def ask(amount):
        return lambda: refunding.refund(payment.order, reference, Decimal(amount), Decimal(240))

    told = at_once(*map(ask, amounts))
    wrong = (gateway.UnavailableError, gateway.RefundOutdatedError)
    assert all(one is None or isinstance(one, wrong) for one in told), told
    [(_kind, status, refunded)] = payment.reversals
    assert status == "succeeded" and refunded in {100 * amount for amount in amounts}
    assert payment.attempt.effect == ("revoked" if refunded == PRICE else "")
    invariants.check(shop)


def test_a_refund_ordered_here_and_its_webhook_have_one_effect(shop, payment, standin):
    reference = str(payment.attempt.reference)
    standin.control("delivery", hold=True)
    refunding.refund(payment.order, reference, Decimal(240), Decimal(240))
    check(shop, payment, "revoked")
    standin.control("release")
    standin.flush()
    call_command("subscriptions_run")
    assert changes(payment) == [journal.TERM_REVOKED]
    check(shop, payment, "revoked")


def test_a_refund_ordered_here_that_fails_later_gives_the_term_back(shop, payment, standin):
    reference = str(payment.attempt.reference)
    refunding.refund(payment.order, reference, Decimal(240), Decimal(240))
    payment.change(Reversal.objects.get().provider_id, "failed")
    check(shop, payment, "valid")
    # And it can be tried again: the provider does not repeat what it answered to the first.
    refunding.refund(payment.order, reference, Decimal(240), Decimal(240))
    assert [status for _kind, status, _amount in payment.reversals] == ["failed", "succeeded"]
    check(shop, payment, "revoked")
