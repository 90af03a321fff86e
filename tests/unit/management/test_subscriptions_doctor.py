"""The doctor's command: one line for each disagreement, and an exit status for monitoring."""

from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oscar_subscriptions.daily_run import doctor

UNFULFILLED = partial(doctor.Finding, "paid-without-term", "100001", "no term")
OPEN_ALERT = doctor.Finding("alert-open", "key", "nobody has decided", "decide")


@pytest.fixture
def finds(monkeypatch):
    """``finds(finding, …)`` – all that the one examination of this shop finds."""

    def make(*findings):
        def look_at_orders():
            yield from findings

        monkeypatch.setattr(doctor, "_EXAMINATIONS", [look_at_orders])

    return make


def consult(*args, **kwargs):
    """Return what the command prints, its errors, and its exit status with the reason."""
    out, err, end = StringIO(), StringIO(), (0, "")
    try:
        call_command("subscriptions_doctor", *args, stdout=out, stderr=err, no_color=True, **kwargs)
    except CommandError as error:
        end = (error.returncode, str(error))
    return out.getvalue(), err.getvalue(), *end


@pytest.mark.parametrize(("verbosity", "said"), [(1, "Everything agrees.\n"), (0, "")])
def test_a_shop_in_which_all_agrees_is_healthy(finds, verbosity, said):
    finds()
    assert consult(verbosity=verbosity) == (said, "", 0, "")


def test_a_disagreement_is_told_with_its_remedy_and_not_touched(finds):
    touched = []
    finds(UNFULFILLED(remedy="fulfil it", fix=lambda: touched.append(1)), OPEN_ALERT)
    assert consult(verbosity=0) == (
        "paid-without-term 100001: no term → fulfil it\n"
        "alert-open key: nobody has decided → decide\n",
        "",
        1,
        "2 disagreements, 0 fixed",
    )
    assert touched == []


def test_what_is_fixed_is_marked_and_calls_for_nobody(finds):
    touched = []
    finds(UNFULFILLED(remedy="fulfil it", fix=lambda: touched.append(1)))
    said = "paid-without-term 100001: no term → fulfil it [fixed]\n"
    assert consult("--fix") == (said, "", 0, "")
    assert touched == [1]


def test_what_only_a_person_can_decide_is_left_and_calls_for_one(finds):
    finds(OPEN_ALERT, UNFULFILLED(remedy="fulfil it", fix=lambda: None))
    said, _, *end = consult("--fix")
    assert said.splitlines()[0] == "alert-open key: nobody has decided → decide"
    assert end == [1, "2 disagreements, 1 fixed"]


def test_a_fix_that_fails_is_told_and_logged_and_the_next_one_is_tried(finds, caplog):
    touched = []
    finds(
        UNFULFILLED(remedy="fulfil it", fix=lambda: 1 / 0),
        UNFULFILLED(remedy="fulfil it", fix=lambda: touched.append(1)),
    )
    said, errors, *end = consult("--fix")
    assert [line.endswith("[fixed]") for line in said.splitlines()] == [False, True]
    assert errors == "100001: division by zero\n"
    assert end == [1, "2 disagreements, 1 fixed"]
    assert "could not be fixed" in caplog.text
    assert touched == [1]


def test_an_examination_that_fails_is_a_disagreement_too(monkeypatch):
    def look_at_payments():
        raise ConnectionError("no answer")

    monkeypatch.setattr(doctor, "_EXAMINATIONS", [look_at_payments])
    said, _, *end = consult("--fix")
    assert said.startswith("examination-failed look at payments: ConnectionError: no answer")
    assert end == [1, "1 disagreements, 0 fixed"]
