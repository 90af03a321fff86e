"""The tables of the documentation."""

from benchmarks import report
from benchmarks.goals import Figure, at_most

ABOUT = {
    "commit": "abc1234",
    "day": "2026-01-01",
    "python": "3.13",
    "django": "5.2",
    "oscar": "4.2",
    "postgresql": "18",
    "processors": 2,
    "architecture": "x86_64",
    "sizes": [1000],
}


def run(*values, commit="abc1234"):
    figures = [
        Figure(
            "run", "a|b", 1000, value, "statements", at_most(5, "statements"), note="why"
        ).as_json()
        for value in values
    ]
    return {"about": ABOUT | {"commit": commit}, "figures": figures}


def test_a_row_has_what_it_was_before_and_whether_it_is_met():
    assert report.table(run(5), run(9)) == [
        ["run: a|b", "1,000", "at most 5 statements", "9 statements", "5 statements", "yes"]
    ]


def test_without_an_earlier_run_the_column_is_empty():
    [row] = report.table(run(6), {"about": {}, "figures": []})
    assert row[3:] == ["", "6 statements", "**no**"]


def test_the_page_says_what_was_measured_and_how_many_goals_are_met():
    page = report.markdown(run(5, 6), run(9, commit="old5678"))
    assert "Commit abc1234" in page and "Before: old5678." in page
    assert "1 goals are met, 1 are not." in page
    assert "| run: a\\|b | 1,000 |" in page
    assert "- run, a|b at 1,000: why" in page


def test_sphinx_reads_the_same_table():
    lines = report.comma_separated(run(5), run(9)).splitlines()
    assert lines[0] == "Figure,Subscriptions,Goal,Before,Now,Met"
    assert lines[1] == 'run: a|b,"1,000",at most 5 statements,9 statements,5 statements,yes'
