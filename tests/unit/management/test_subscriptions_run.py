"""The command behind the one line for cron."""

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, fulfilment
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.payments.provider import events


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
    assert "Nobody is charged before the day has come" in run.err


def test_a_dry_run_does_nothing(seller, mailoutbox):
    expected = (
        f"services of {seller} parked\n"
        "reminder “lapsed” of Silver: 2017-02-03 – 2018-02-03\n"
        "1 e-mails sent\n"
        "3 would be done, 0 failed\n"
    )
    assert run("--date", "2018-02-04", "--dry-run") == expected
    assert run("--date", "2018-02-04", "--dry-run") == expected
    assert mailoutbox == []


def test_cron_gets_no_mail_when_it_is_told_to_be_quiet(seller):
    assert run("--date", "2018-02-04", verbosity=0) == ""


def test_a_failure_is_told_on_stderr_and_by_the_exit_code(db, monkeypatch):
    def broken(day, dry_run):
        yield runner.Outcome("payment of order 100001: no answer", failed=True)
        yield runner.Outcome("payment of order 100002 reconciled")

    monkeypatch.setattr(runner, "_STEPS", [broken])
    with pytest.raises(CommandError, match="1 steps failed") as error:
        run()
    assert error.value.returncode == 1
    assert run.err == "payment of order 100001: no answer\n"
    assert run.out == "payment of order 100002 reconciled\n1 done, 1 failed\n"


@pytest.mark.parametrize("text", ["tomorrow", "2018-02-30", "04/02/2018"])
def test_a_date_that_is_none_is_refused_with_the_form_it_should_have(text):
    with pytest.raises(CommandError, match="is not a day written as YYYY-MM-DD"):
        run("--date", text)


@pytest.fixture
def small_shop(shop, settings, time_machine, monkeypatch):
    """Sellers on the way to a lapse, to a smaller plan or back, two of whom renew automatically; an
    e-mail that could not be sent, and an order that nobody has paid."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    monkeypatch.setattr(events, "events_since", lambda since, kinds: [])
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    chance = Random(7)
    plans = [
        shop.make_plan("Small", listing_limit=1, months=6),
        shop.make_plan("Large", listing_limit=3, grace_days=10),
        shop.make_plan("Endless"),
    ]
    for number in range(8):
        user = shop.make_user(f"m{number}")
        for _ in range(2):
            time_machine.shift(timedelta(days=chance.randrange(30)))
            fulfilment.order_paid(shop.make_order(user, chance.choice(plans)))
        seller = user.subscription_seller
        for title in "one", "two", "three":
            shop.make_service(seller, title)
    # What a seller gets back when he is one again: a year that begins later, behind a refund.
    for subscription in shop.plan.subscriptions.model.objects.filter(plan=plans[1])[:3]:
        for term in subscription.terms.all():
            fulfilment.revoke(term, reason="refund")
        time_machine.shift(timedelta(days=1))
        shop.grant(subscription.user, plans[1], starts_on=conf.today() + timedelta(days=300))
    total = shop.strategy().fetch_for_product(plans[1].product).price
    for subscription in shop.plan.subscriptions.model.objects.filter(plan=plans[1])[:2]:
        auto_renewal.switch_on(
            subscription, text="Renew it.", terms_of_sale=shop.terms_of_sale, total=total
        )
    get_model("oscar_subscriptions", "OutboxMail").objects.update(sent_at=timezone.now())
    alerts.raise_alert(alerts.PROVIDER_KEY, "key")
    order = shop.make_order(user)
    get_model("oscar_subscriptions_payments", "Attempt").objects.create(
        order=order, amount=24000, currency="EUR"
    )
    return chance


def lines(text):
    """What was printed, without the count in the last line."""
    *told, count = text.splitlines()
    return told, count.split()[0]


def test_a_dry_run_tells_today_what_the_run_on_that_day_will_print(small_shop, time_machine):
    today, seen = conf.today(), set()
    expected = {"parked", "back in the shop", "reminder", "announced", "sent", "cancelled"}
    days = [today, *(today + timedelta(days=small_shop.randrange(1, 900)) for _ in range(9))]
    consent = get_model("oscar_subscriptions", "AutoRenewal").objects.first()
    days.append(auto_renewal.last_term(consent.subscription).ends_on - timedelta(days=50))
    for day in days:
        foretold = run("--date", str(day), "--dry-run")
        with transaction.atomic():
            time_machine.shift(day - today)
            told = run()
            time_machine.shift(today - day)
            transaction.set_rollback(True)
        assert lines(foretold) == lines(told), day
        seen |= {word for word in expected for line in lines(told)[0] if word in line}
    assert seen == expected


def test_the_run_of_another_day_cancels_no_order_before_its_time(small_shop):
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    run("--date", str(conf.today() + timedelta(days=30)))
    assert Attempt.objects.get().status == Attempt.OPEN
