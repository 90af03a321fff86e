"""Each examination finds its disagreement, and offers a remedy only where one is certain."""

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import doctor, work

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
