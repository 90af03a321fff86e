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


def test_what_was_not_looked_at_is_told_at_the_end_and_calls_for_nobody(finds):
    finds(doctor.Note("payments-left", "7 are left"), UNFULFILLED(remedy="fulfil it", fix=int))
    assert consult("--fix") == (
        "paid-without-term 100001: no term → fulfil it [fixed]\npayments-left: 7 are left\n",
        "",
        0,
        "",
    )


@pytest.mark.parametrize(
    ("verbosity", "said"),
    [(1, "payments-left: 7 are left\nEverything that was looked at agrees.\n"), (0, "")],
)
def test_where_not_all_was_looked_at_nobody_says_that_everything_agrees(finds, verbosity, said):
    finds(doctor.Note("payments-left", "7 are left"))
    assert consult(verbosity=verbosity) == (said, "", 0, "")


@pytest.fixture
def asks(monkeypatch):
    """An examination that asks the provider; it is the only one."""

    def ask_the_provider():
        yield OPEN_ALERT

    monkeypatch.setattr(doctor, "_EXAMINATIONS", [])
    monkeypatch.setattr(doctor, "_ASKING_PROVIDER", set())
    return doctor.add_examination(ask_the_provider, asks_provider=True)


def test_without_the_provider_what_asks_it_is_left_out(asks):
    assert consult()[2:] == (1, "1 disagreements, 0 fixed")
    assert consult("--no-provider") == ("Everything that was looked at agrees.\n", "", 0, "")


def test_without_the_provider_a_fix_that_may_ask_it_is_left_alone(finds):
    touched = []
    finds(
        UNFULFILLED(remedy="fulfil it", fix=lambda: touched.append(1), fix_asks_provider=True),
        UNFULFILLED(remedy="fulfil it", fix=lambda: touched.append(2)),
    )
    said, _, *end = consult("--fix", "--no-provider")
    assert [line.endswith("[fixed]") for line in said.splitlines()] == [False, True]
    assert (touched, end) == ([2], [1, "2 disagreements, 1 fixed"])
