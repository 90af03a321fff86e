"""Each examination finds its disagreement, and offers a remedy only where one is certain."""

from datetime import timedelta

import pytest
from django.core import checks
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts
from oscar_subscriptions.daily_run import checkpoints, records_doctor

Checkpoint = get_model("oscar_subscriptions", "Checkpoint")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
ReceiptCounter = get_model("oscar_subscriptions", "ReceiptCounter")


def found(examination):
    return [(finding.code, finding.subject) for finding in examination()]


def test_only_our_own_checks_that_warn_are_findings(monkeypatch):
    said = [
        checks.Error("Ours.", hint="Do it.", id="oscar_subscriptions.E999"),
        checks.Info("Ours, and no warning.", id="oscar_subscriptions.I999"),
        checks.Warning("Somebody else's.", id="fields.W999"),
        checks.Warning("Nobody's."),
    ]
    monkeypatch.setattr(records_doctor, "run_checks", lambda **kwargs: said)
    [finding] = records_doctor.settings_and_endpoints()
    assert str(finding) == "E999 settings: Ours. → Do it."


@pytest.mark.parametrize(
    ("hours", "is_late"), [(25, False), (27, True), (None, True)], ids=["now", "late", "never"]
)
def test_run_is_overdue_after_the_hours_that_were_set(db, hours, is_late):
    if hours:
        last = timezone.now() - timedelta(hours=hours)
        Checkpoint.objects.create(name=checkpoints.RUN, at=last)
    assert found(records_doctor.daily_run) == [("run-overdue", "subscriptions_run")] * is_late


@pytest.mark.parametrize(
    ("days", "is_found"), [(-1, True), (0, True), (1, False)], ids=["within", "last", "after"]
)
def test_two_terms_that_share_a_day_are_left_to_a_person(shop, days, is_found):
    first = shop.grant(shop.make_user())
    shop.grant(first.subscription.user, starts_on=first.ends_on + timedelta(days=days))
    shop.grant(shop.make_user("other"))
    findings = list(records_doctor.overlapping_terms())
    assert [(finding.code, finding.fix) for finding in findings] == [
        ("terms-overlap", None)
    ] * is_found


def test_term_that_was_taken_back_shares_no_day(shop):
    first = shop.grant(shop.make_user())
    shop.grant(first.subscription.user, starts_on=first.ends_on)
    type(first).objects.filter(pk=first.pk).update(revoked_at=timezone.now())
    assert found(records_doctor.overlapping_terms) == []


def test_mail_that_was_tried_in_vain_names_its_error_and_one_that_waits_is_none(db):
    OutboxMail.objects.create(kind="a", key="1", email="ada@example.com", tries=0)
    OutboxMail.objects.create(
        kind="b", key="1", email="bea@example.com", tries=1, last_error="no such mailbox"
    )
    [finding] = records_doctor.waiting_mails()
    assert (finding.code, finding.subject) == ("mail-not-sent", "b bea@example.com")
    assert finding.problem == "no such mailbox"


def test_alert_is_found_until_it_is_resolved(shop):
    alerts.raise_alert(alerts.UNCLAIMED_PAYMENT, "cs_1")
    assert found(records_doctor.unresolved_alerts) == [("alert-open", "cs_1")]
    alerts.settle("cs_1", "Seen to.")
    assert found(records_doctor.unresolved_alerts) == []


def test_year_without_all_its_receipts_is_found(db):
    ReceiptCounter.objects.create(year=2016, last=0)
    ReceiptCounter.objects.create(year=2017, last=2)
    [finding] = records_doctor.receipt_numbers()
    assert (finding.code, finding.subject) == ("receipts-not-continuous", "2017")
    assert finding.problem == "2 numbers were drawn, and there are 0 receipts"
    assert finding.fix is None
