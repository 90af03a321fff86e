"""Each examination finds its disagreement, and offers a remedy only where one is certain."""

from datetime import timedelta

import pytest
from django.core import checks
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf
from oscar_subscriptions.daily_run import checkpoints, doctor, services_doctor, work

Alert = get_model("oscar_subscriptions", "Alert")
Checkpoint = get_model("oscar_subscriptions", "Checkpoint")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
ReceiptCounter = get_model("oscar_subscriptions", "ReceiptCounter")


@pytest.fixture
def examinations(monkeypatch):
    """The list of examinations, empty, for this test alone."""
    examinations = []
    monkeypatch.setattr(doctor, "_EXAMINATIONS", examinations)
    return examinations


def found(examination):
    return [(finding.code, finding.subject) for finding in examination()]


# Together.


def test_examination_that_fails_is_a_finding_and_the_next_one_goes_on(examinations, caplog):
    def broken_pipes():
        raise ValueError("no water")
        yield

    examinations += [broken_pipes, lambda: [doctor.Finding("a", "b", "c", "d")]]
    first, second = doctor.examine()
    assert str(first) == "examination-failed broken pipes: ValueError: no water → look into the log"
    assert first.fix is None
    assert str(second) == "a b: c → d"
    assert "broken pipes failed" in caplog.text


def test_examination_that_is_added_twice_runs_once_after_the_others(examinations):
    def ours():
        yield doctor.Finding("ours", "", "", "")

    examinations.append(lambda: [doctor.Finding("before", "", "", "")])
    assert doctor.add_examination(ours) is ours
    doctor.add_examination(ours)
    assert [finding.code for finding in doctor.examine()] == ["before", "ours"]


def test_watch_hears_of_every_examination_also_where_nothing_is_found(examinations):
    heard = []

    def all_is_well():
        return []

    examinations += [all_is_well, all_is_well]
    assert list(doctor.examine(heard.append)) == []
    assert heard == ["all is well"] * 2


def test_watch_hears_of_every_row_that_is_read_and_few_are_in_memory(db, monkeypatch, examinations):
    heard = []
    monkeypatch.setattr(work, "BATCH", 2)
    for number in range(5):
        Checkpoint.objects.create(name=f"{number}", at=timezone.now())

    def check_points():
        rows = Checkpoint.objects.order_by("pk")
        assert [row.name for row in doctor.read_rows(rows)] == list("01234")
        assert rows._result_cache is None
        return []

    examinations.append(check_points)
    assert list(doctor.examine(heard.append)) == []
    assert heard == ["check points"] * 6


def test_without_the_provider_the_examinations_that_ask_it_are_left_out(examinations, monkeypatch):
    monkeypatch.setattr(doctor, "_ASKING_PROVIDER", set())
    doctor.add_examination(lambda: [doctor.Note("asks", "")], asks_provider=True)
    doctor.add_examination(lambda: [doctor.Note("does not", "")])
    assert [one.code for one in doctor.examine()] == ["asks", "does not"]
    assert [one.code for one in doctor.examine(ask_provider=False)] == ["does not"]


# One by one.


def test_only_our_own_checks_that_warn_are_findings(monkeypatch):
    said = [
        checks.Error("Ours.", hint="Do it.", id="oscar_subscriptions.E999"),
        checks.Info("Ours, and no warning.", id="oscar_subscriptions.I999"),
        checks.Warning("Somebody else's.", id="fields.W999"),
        checks.Warning("Nobody's."),
    ]
    monkeypatch.setattr(doctor, "run_checks", lambda **kwargs: said)
    [finding] = doctor.settings_and_endpoints()
    assert str(finding) == "E999 settings: Ours. → Do it."


@pytest.mark.parametrize(
    ("hours", "is_late"), [(25, False), (27, True), (None, True)], ids=["now", "late", "never"]
)
def test_run_is_overdue_after_the_hours_that_were_set(db, hours, is_late):
    if hours:
        last = timezone.now() - timedelta(hours=hours)
        Checkpoint.objects.create(name=checkpoints.RUN, at=last)
    assert found(doctor.daily_run) == [("run-overdue", "subscriptions_run")] * is_late


def test_services_of_a_lapsed_seller_are_parked_and_those_of_a_returned_one_brought_back(shop):
    seller = shop.make_seller(starts_on=conf.today() - timedelta(days=400))
    service = shop.make_service(seller)
    [finding] = services_doctor.services_of_sellers()
    assert (finding.code, finding.subject) == ("services-of-lapsed-seller", str(seller))
    finding.fix()
    service.refresh_from_db()
    assert not service.is_public and found(services_doctor.services_of_sellers) == []
    shop.grant(seller.user)
    [finding] = services_doctor.services_of_sellers()
    assert finding.code == "services-of-active-seller"
    finding.fix()
    service.refresh_from_db()
    assert service.is_public and found(services_doctor.services_of_sellers) == []


@pytest.mark.parametrize(
    ("days", "is_found"), [(-1, True), (0, True), (1, False)], ids=["within", "last", "after"]
)
def test_two_terms_that_share_a_day_are_left_to_a_person(shop, days, is_found):
    first = shop.grant(shop.make_user())
    shop.grant(first.subscription.user, starts_on=first.ends_on + timedelta(days=days))
    shop.grant(shop.make_user("other"))
    findings = list(doctor.overlapping_terms())
    assert [(finding.code, finding.fix) for finding in findings] == [
        ("terms-overlap", None)
    ] * is_found


def test_term_that_was_taken_back_shares_no_day(shop):
    first = shop.grant(shop.make_user())
    shop.grant(first.subscription.user, starts_on=first.ends_on)
    type(first).objects.filter(pk=first.pk).update(revoked_at=timezone.now())
    assert found(doctor.overlapping_terms) == []


def test_mail_that_was_tried_in_vain_names_its_error_and_one_that_waits_is_none(db):
    OutboxMail.objects.create(kind="a", key="1", email="ada@example.com", tries=0)
    OutboxMail.objects.create(
        kind="b", key="1", email="bea@example.com", tries=1, last_error="no such mailbox"
    )
    [finding] = doctor.waiting_mails()
    assert (finding.code, finding.subject) == ("mail-not-sent", "b bea@example.com")
    assert finding.problem == "no such mailbox"


def test_alert_is_found_until_it_is_resolved(shop):
    alerts.raise_alert(alerts.UNCLAIMED_PAYMENT, "cs_1")
    assert found(doctor.unresolved_alerts) == [("alert-open", "cs_1")]
    alerts.settle("cs_1", "Seen to.")
    assert found(doctor.unresolved_alerts) == []


def test_year_without_all_its_receipts_is_found(db):
    ReceiptCounter.objects.create(year=2016, last=0)
    ReceiptCounter.objects.create(year=2017, last=2)
    [finding] = doctor.receipt_numbers()
    assert (finding.code, finding.subject) == ("receipts-not-continuous", "2017")
    assert finding.problem == "2 numbers were drawn, and there are 0 receipts"
    assert finding.fix is None
