"""The line that shows how far a command has come: on a terminal and nowhere else."""

from io import StringIO
from types import SimpleNamespace

import pytest

from oscar_subscriptions.management import progress


class Terminal(StringIO):
    """A screen of one line, on which later letters cover earlier ones."""

    def isatty(self):
        return True

    @property
    def shown(self):
        line = []
        for written in self.getvalue().split("\r"):
            line[: len(written)] = written
        return "".join(line).strip()


@pytest.fixture
def terminal(monkeypatch):
    screen = Terminal()
    # Of the module alone: pytest puts its own standard error back when the test begins.
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=screen))
    return screen


@pytest.fixture
def slowly(time_machine):
    """``slowly(watch, step)`` – a second later than the last row: only then is it drawn again."""
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)

    def look(watch, step):
        time_machine.shift(1)
        watch(step)

    return look


def test_a_terminal_shows_the_step_and_how_many_rows_were_looked_at(terminal, slowly):
    with progress.shown(verbosity=1) as (watch, _):
        for _row in range(3):
            slowly(watch, "remind members")
        assert terminal.shown.startswith("remind members")
        assert "3 rows" in terminal.shown
        slowly(watch, "send notifications")
        assert terminal.shown.startswith("send notifications")
        assert "4 rows" in terminal.shown


def test_the_line_makes_room_for_output_and_comes_back(terminal, slowly):
    with progress.shown(verbosity=1) as (watch, clear):
        slowly(watch, "remind members")
        clear()
        assert terminal.shown == ""
        slowly(watch, "remind members")
        assert "2 rows" in terminal.shown


@pytest.mark.parametrize("error", [None, KeyboardInterrupt])
def test_nothing_is_left_of_the_line_in_the_end(terminal, slowly, error):
    def work():
        with progress.shown(verbosity=1) as (watch, _):
            slowly(watch, "remind members")
            if error:
                raise error

    if error:
        with pytest.raises(error):
            work()
    else:
        work()
    assert "1 rows" in terminal.getvalue()
    assert terminal.shown == ""


def test_a_terminal_shows_nothing_if_the_command_is_told_to_be_quiet(terminal, slowly):
    with progress.shown(verbosity=0) as (watch, clear):
        slowly(watch, "remind members")
        clear()
    assert terminal.getvalue() == ""


def test_cron_gets_no_mail(capsys, slowly):
    with progress.shown(verbosity=1) as (watch, clear):
        slowly(watch, "remind members")
        clear()
    assert capsys.readouterr() == ("", "")
