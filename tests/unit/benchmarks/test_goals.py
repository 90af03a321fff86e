"""Figures, their goals and their lines."""

import pytest

from benchmarks.goals import Figure, amount, at_least, at_most


def figure(value, goal, **named):
    return Figure("run", "nothing due", 10_000, value, "statements", goal, **named)


@pytest.mark.parametrize(
    ("goal", "value", "is_met"),
    [
        (at_most(22, "statements"), 22, True),
        (at_most(22, "statements"), 23, False),
        (at_least(2, "×"), 2.0, True),
        (at_least(2, "×"), 1.9, False),
        (at_most(22, "statements"), float("nan"), False),
        (at_least(2, "×"), float("nan"), False),
    ],
)
def test_a_limit_itself_is_met_and_no_number_is_not(goal, value, is_met):
    assert goal.is_met(value) is is_met


def test_a_line_has_goal_figure_and_whether_it_is_met():
    goal = at_most(22, "statements")
    assert figure(21, goal).line == (
        "run: nothing due at 10,000: at most 22 statements\t21 statements\tmet"
    )
    assert figure(23, goal, note="why").line.split("\t")[1:] == ["23 statements [why]", "NOT-MET"]


def test_a_figure_without_goal_is_told_and_neither_met_nor_missed():
    assert figure(23, None).line.endswith("no goal\t23 statements\t-")


def test_a_figure_that_could_not_be_measured_is_not_met():
    failed = figure(0, None, error="ValueError: no such row")
    assert failed.met is False
    assert failed.line.endswith("\tfailed: ValueError: no such row\tNOT-MET")


def test_a_ratio_names_both_sides():
    ratio = Figure(
        "access", "has_perm", 1000, 0.42, "×", at_most(0.5, "×", "a group"), 1.1, 2.6, "ms"
    )
    assert (
        ratio.line
        == "access: has_perm at 1,000: at most 0.5× a group\t0.420× (1.10 ms : 2.60 ms)\tmet"
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "statements", "1 statement"),
        (2.5, "statements", "2.5 statements"),
        (1234.5, "ms", "1,234 ms"),
        (12.34, "s", "12.3 s"),
        (float("nan"), "s", "?"),
        (0, "", "0"),
    ],
)
def test_amounts_in_words(value, unit, text):
    assert amount(value, unit) == text


def test_the_same_figure_of_another_run_has_the_same_key():
    assert figure(1, None).key == figure(2, at_most(1, "statements")).key
    assert figure(1, None).as_json()["key"] == "run|nothing due|10000"
