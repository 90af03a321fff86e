"""The doctor: every disagreement is found, put right where that is certain, and then not found."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.daily_run import checkpoints, doctor, records_doctor
from oscar_subscriptions.payments import doctor as payments_doctor
from tests.functional import pages

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Checkpoint = get_model("oscar_subscriptions", "Checkpoint")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
Source = get_model("payment", "Source")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def healthy(monkeypatch):
    """The settings are somebody else's test."""
    monkeypatch.setattr(records_doctor, "run_checks", lambda **kwargs: [])


@pytest.fixture
def paid(client, order, standin):
    """The attempt of an order that was paid, with everything in place."""
    _, back, _ = standin.submit_card(client.get(pages.pay_url(order)).url)
    client.get(back)
    checkpoints.touch(checkpoints.RUN)
    assert codes() == []
    return Attempt.objects.get()


def codes():
    return [finding.code for finding in doctor.examine()]


def consult(**options):
    """Return what the command prints, and whether it calls for attention."""
    said = StringIO()
    try:
        call_command("subscriptions_doctor", stdout=said, stderr=said, **options)
    except CommandError as error:
        assert error.returncode == 1
        return said.getvalue(), True
    return said.getvalue(), False


def heals(code):
    """The disagreement is seen, stays when it is only looked at, and is gone once fixed."""
    assert codes() == codes() == [code]
    said, calls = consult(fix=True)
    assert (said.count("\n"), said.rstrip().endswith("[fixed]"), calls) == (1, True, False)
    assert codes() == []


def test_where_all_agrees_the_doctor_says_so(paid):
    assert consult() == ("Everything agrees.\n", False)


def test_each_disagreement_is_one_line_with_what_would_be_done(paid):
    Source.objects.all().delete()
    said, calls = consult(verbosity=0)
    number = paid.order.number
    assert said == f"source-missing {number}: Oscar shows no source of the payment → write it\n"
    assert calls


def test_paid_order_without_term_is_fulfilled(paid):
    paid.order.lines.get().subscription_term.journal.all().delete()
    Term.objects.all().delete()
    heals("paid-without-term")
    assert Term.objects.count() == 1


def test_paid_order_whose_refusal_operators_know_is_reported_once(paid):
    Term.objects.get().journal.all().delete()
    Term.objects.all().delete()
    alerts.raise_alert(alerts.ORDER_REFUSED, "key", order=paid.order)
    assert codes() == ["alert-open"]


def test_term_without_payment_is_left_to_a_person(paid):
    Attempt.objects.update(status="expired", received=None)
    found = list(payments_doctor.terms_without_payment())
    assert [(finding.code, finding.fix) for finding in found] == [("term-without-payment", None)]
    _, calls = consult(fix=True)
    assert calls


def test_payment_that_only_the_provider_knows_of_is_found(client, order, standin):
    hosted = client.get(pages.pay_url(order)).url
    checkpoints.touch(checkpoints.RUN)
    standin.submit_card(hosted)
    heals("provider-differs")
    assert Term.objects.count() == 1


def test_refund_that_only_the_provider_knows_of_is_found(paid, standin):
    standin.control(f"charges/{paid.charge_id}/refund")
    heals("provider-differs")
    assert Term.objects.get().revoked_at


def test_session_whose_attempt_lost_its_id_is_found(paid):
    Attempt.objects.update(session_id=None)
    heals("unknown-session")
    assert Attempt.objects.get().session_id == paid.session_id


def test_paid_session_of_an_order_that_a_restored_backup_lacks_becomes_an_alert(paid):
    term = Term.objects.get()
    term.journal.all().delete()
    term.delete()
    paid.delete()
    assert codes() == ["unknown-session"]
    consult(fix=True)
    assert Alert.objects.get().kind == alerts.UNCLAIMED_PAYMENT


def test_session_of_another_shop_with_the_same_key_is_not_ours(paid, standin):
    Attempt.objects.update(session_id=None)
    standin.control("amend", id=paid.session_id, set={"metadata": {"shop": "other.example"}})
    assert codes() == []


def test_order_status_that_lags_behind_its_payment_is_moved(paid):
    Order.objects.update(status="Pending")
    heals("order-status")
    assert Order.objects.get().status == "Paid"


def test_missing_source_is_written(paid):
    Source.objects.all().delete()
    heals("source-missing")


def test_services_that_nobody_parked_or_brought_back(shop, standin):
    checkpoints.touch(checkpoints.RUN)
    seller = shop.make_seller(starts_on=timezone.localdate() - timedelta(days=400))
    service = shop.make_service(seller)
    heals("services-of-lapsed-seller")
    shop.grant(seller.user)
    heals("services-of-active-seller")
    service.refresh_from_db()
    assert service.is_public


def test_mail_that_failed_is_sent_again(shop, standin):
    checkpoints.touch(checkpoints.RUN)
    alert = Alert.objects.create(
        key="1", kind=alerts.REVERSAL, resolved_at=timezone.now(), detail={"order": "1"}
    )
    OutboxMail.objects.create(kind="alert", key="1", context={"alert": alert.pk}, tries=1)
    heals("mail-not-sent")


@pytest.mark.parametrize(
    ("age", "remedy"), [(29, "send it again"), (30, "reach the member in another way")]
)
def test_mail_that_failed_often_is_sent_again_for_a_month(shop, standin, age, remedy):
    checkpoints.touch(checkpoints.RUN)
    row = OutboxMail.objects.create(
        kind="order-confirmed", key="1", context={"order": 0}, tries=500
    )
    OutboxMail.objects.update(created_at=timezone.now() - timedelta(days=age))
    [found] = doctor.examine()
    assert (found.code, found.remedy) == ("mail-not-sent", remedy)
    if found.fix:
        found.fix()
        row.refresh_from_db()
    assert row.tries == (501 if found.fix else 500)


@pytest.mark.parametrize("hours", [None, 30])
def test_run_that_is_overdue_is_found(shop, standin, hours):
    if hours:
        late = timezone.now() - timedelta(hours=hours)
        Checkpoint.objects.create(name=checkpoints.RUN, at=late)
    assert codes() == ["run-overdue"]
    call_command("subscriptions_run", verbosity=0)
    assert codes() == []


def test_provider_that_does_not_answer_stops_no_other_examination(paid, standin):
    Source.objects.all().delete()
    standin.fault(status=500, times=None)
    assert codes() == ["source-missing", "examination-failed", "examination-failed"]


def test_what_system_checks_say_is_a_finding(shop, standin, monkeypatch):
    checkpoints.touch(checkpoints.RUN)
    message = checks.Warning("Something is off.", hint="Do it.", id="oscar_subscriptions.W999")
    monkeypatch.setattr(records_doctor, "run_checks", lambda **kwargs: [message])
    (finding,) = doctor.examine()
    assert str(finding) == "W999 settings: Something is off. → Do it."


def test_fix_that_fails_is_reported_and_the_others_go_on(paid, shop, monkeypatch):
    Source.objects.all().delete()
    Order.objects.update(status="Pending")
    monkeypatch.setattr(payments_doctor.oscar_payments, "record_payment", lambda attempt: 1 / 0)
    said, calls = consult(fix=True)
    assert calls
    assert "division by zero" in said
    assert Order.objects.get().status == "Paid"
