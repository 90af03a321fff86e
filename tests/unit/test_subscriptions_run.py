"""The command behind the one line for cron."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from oscar_subscriptions import lifecycle


@pytest.fixture
def seller(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    seller = shop.make_seller()
    shop.make_service(seller)
    return seller


def run(*args, **kwargs):
    out, err = StringIO(), StringIO()
    try:
        call_command("subscriptions_run", *args, stdout=out, stderr=err, no_color=True, **kwargs)
    finally:
        run.out, run.err = out.getvalue(), err.getvalue()
    return run.out


def test_it_says_what_it_did(seller):
    assert run() == "0 done, 0 failed\n"
    assert run("--date", "2018-02-04") == (
        f"services of {seller} parked\n"
        "reminder “lapsed” of Silver: 2017-02-03 – 2018-02-03\n"
        "1 e-mails sent\n"
        "3 done, 0 failed\n"
    )
    assert "e-mails can't be taken back" in run.err


def test_a_dry_run_does_nothing(seller, mailoutbox):
    expected = (
        f"services of {seller} parked\n"
        "reminder “lapsed” of Silver: 2017-02-03 – 2018-02-03\n"
        "2 would be done, 0 failed\n"
    )
    assert run("--date", "2018-02-04", "--dry-run") == expected
    assert run("--date", "2018-02-04", "--dry-run") == expected
    assert mailoutbox == []


def test_cron_gets_no_mail_when_it_is_told_to_be_quiet(seller):
    assert run("--date", "2018-02-04", verbosity=0) == ""


def test_a_failure_is_told_on_stderr_and_by_the_exit_code(db, monkeypatch):
    def broken(day, dry_run):
        yield lifecycle.Outcome("payment of order 100001: no answer", failed=True)
        yield lifecycle.Outcome("payment of order 100002 reconciled")

    monkeypatch.setattr(lifecycle, "_STEPS", [broken])
    with pytest.raises(CommandError, match="1 steps failed") as error:
        run()
    assert error.value.returncode == 1
    assert run.err == "payment of order 100001: no answer\n"
    assert run.out == "payment of order 100002 reconciled\n1 done, 1 failed\n"


@pytest.mark.parametrize("text", ["tomorrow", "2018-02-30", "04/02/2018"])
def test_a_date_that_is_none_is_refused_with_the_form_it_should_have(text):
    with pytest.raises(CommandError, match="is not a day written as YYYY-MM-DD"):
        run("--date", text)
