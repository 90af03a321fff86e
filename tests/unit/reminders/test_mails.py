"""Which reminder is written on a day, once, and what it says."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.daily_run import reminding, runner
from oscar_subscriptions.fulfilment import grants
from oscar_subscriptions.mail import context, outbox
from oscar_subscriptions.mail.held_terms import HeldTerms
from oscar_subscriptions.reminders import due, opt_out
from oscar_subscriptions.reminders import mails as reminder_mails
from tests.mails import noon

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Term = get_model("oscar_subscriptions", "Term")
LAST = date(2018, 2, 3)
EXPIRING, LAST_DAY, LAPSED = due.EXPIRING, due.LAST_DAY, due.LAPSED


def written():
    """What the outbox holds, in order."""
    return list(OutboxMail.objects.order_by("pk").values_list("kind", "key"))


ENDS = "Your subscription ends on Feb. 3, 2018"
TODAY = "Today is the last day of your subscription"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((-31,), []),
        ((-30,), ["30"]),
        ((-8,), ["30"]),
        ((-5,), ["7"]),
        ((-40, -5, -2), ["7"]),
        ((-30, -6, -1), ["30", "7", "1"]),
        ((-1,), ["1"]),
    ],
)
def test_of_the_reminders_that_were_missed_only_the_nearest_is_sent(term, live, days, expected):
    live(*days)
    assert written() == [(EXPIRING, f"term-{term.pk}-{nearest}") for nearest in expected]


def test_a_shop_chooses_its_days(settings, term, live):
    settings.OSCAR_SUBSCRIPTIONS_REMINDER_DAYS = [2, 14]
    assert live(*range(-40, 1)) == [ENDS, ENDS, TODAY]
    assert [key for _kind, key in written()][:2] == [f"term-{term.pk}-14", f"term-{term.pk}-2"]


def test_a_gift_of_days_is_not_followed_by_a_reminder_in_the_same_hour(
    shop, time_machine, sent_mails
):
    time_machine.move_to("2018-01-01 12:00+01:00")
    clerk, user = shop.make_user("clerk", is_staff=True), shop.make_user()
    # Ends on 3 January, with the first day.
    grants.grant(user, shop.plan, days=3, reason="sorry", actor=clerk)
    list(runner.run())
    subjects = [message.subject for message in sent_mails(user.email)]
    assert subjects == ["“Silver” is yours until Jan. 3, 2018"]
    time_machine.move_to("2018-01-02 12:00+01:00")
    list(runner.run())
    assert sent_mails(user.email)[1:][0].subject == "Your subscription ends on Jan. 3, 2018"


@pytest.mark.parametrize("kind", [EXPIRING, LAST_DAY, LAPSED])
@pytest.mark.parametrize("what", ["renewed", "suspended", "unsubscribed", "too late"])
def test_a_reminder_that_is_overtaken_is_not_sent(
    shop, user, term, live, mail_server, sent_mails, time_machine, kind, what
):
    mail_server.down = True
    day = {EXPIRING: -7, LAST_DAY: 0, LAPSED: 1}[kind]
    time_machine.move_to(noon(LAST + timedelta(days=day)))
    list(runner.run())
    assert OutboxMail.objects.get().sent_at is None
    if what == "renewed":
        shop.grant(user, starts_on=LAST + timedelta(days=1))
    elif what == "suspended":
        term.suspended_at = timezone.now()
        term.save(update_fields=["suspended_at"])
    elif what == "unsubscribed":
        opt_out.switch(term.subscription, False)
    else:
        time_machine.move_to(noon(LAST + timedelta(days=40)))
    mail_server.down = False
    list(runner.run())
    assert sent_mails("member@example.com") == []


def test_a_dry_run_tells_each_and_writes_nothing(term, mailoutbox, time_machine):
    for _ in range(2):
        told = [o.message for o in runner.run(LAST - timedelta(days=7), dry_run=True)]
        assert told == [f"reminder “expiring” of {term}", "1 e-mails sent"]
    assert written() == []


def test_fault_72_one_that_can_t_be_written_does_not_stop_the_others(
    shop, term, live, monkeypatch, time_machine
):
    shop.grant(shop.make_user("other"), starts_on=date(2017, 2, 3))
    language = outbox.language_of

    def poisoned(subscription):
        if subscription.pk == term.subscription_id:
            raise RuntimeError("poisoned")
        return language(subscription)

    monkeypatch.setattr(outbox, "language_of", poisoned)
    time_machine.move_to(noon(LAST))
    failed = [outcome.failed for outcome in runner.run()]
    assert failed == [True, False, False]
    assert OutboxMail.objects.get().email == "other@example.com"


def test_two_runs_at_once_write_one_row(term, time_machine):
    """The second looked before the first had written."""
    time_machine.move_to(noon(LAST))
    [row] = reminder_mails.to_write(LAST)
    assert row.reminder == LAST_DAY
    assert reminder_mails.write_reminders([row], LAST) == [row]
    assert reminder_mails.write_reminders([row], LAST) == []
    assert OutboxMail.objects.count() == 1


def test_queries_do_not_grow_with_those_who_were_reminded(
    shop, time_machine, django_assert_num_queries
):
    time_machine.move_to("2017-02-03 12:00+01:00")
    for number in range(3):
        shop.grant(shop.make_user(f"member-{number}"))
    time_machine.move_to(noon(LAST))
    list(runner.run())
    assert list(reminding.remind_members(LAST, False)) == []
    # Two about the checkpoint, four about whom to look at, two of them in turn; and one about what
    # is due, whatever the kinds and numbers of days.
    with django_assert_num_queries(7):
        assert list(reminding.remind_members(LAST, False)) == []


def test_after_an_outage_of_weeks_one_reminder_goes_out_and_not_every_one_that_waited(
    user, live, mail_server
):
    mail_server.down = True
    for number in (-30, -7):
        with pytest.raises(AssertionError):  # the run reports that it could not send
            live(number)
    mail_server.down = False
    assert live(-1) == [ENDS]
    assert not OutboxMail.objects.unsent().exists()


def renewal(term):
    held = HeldTerms.of(term.subscription.user)
    return reminder_mails.renewal({"term": term, "held": held}, conf.today())


def test_a_reminder_has_its_links_and_what_the_renewal_costs(term):
    values = renewal(term)
    assert values["renewal"].price.incl_tax == 240
    assert values["renew_url"] == context.renew_url(term.subscription)
    assert values["unsubscribe_url"].startswith("https://shop.example/members/reminders/")
    signed = values["unsubscribe_url"].rstrip("/").rpartition("/")[2]
    assert opt_out.subscription_of(signed) == term.subscription


def test_a_reminder_names_the_largest_of_the_plans_that_go_on(shop, user, term):
    assert renewal(term)["goes_on_by"] is None
    later = term.covered_until - timedelta(days=20)
    for title, limit in (("Bronze", 1), ("Gold", 3)):
        shop.grant(user, shop.make_plan(title, listing_limit=limit), starts_on=later)
    assert renewal(term)["goes_on_by"].plan_title == "Gold"


def test_a_plan_that_does_not_count_does_not_go_on(shop, user, term):
    other = shop.grant(user, shop.make_plan("Gold"), starts_on=term.ends_on)
    other.suspended_at = timezone.now()
    other.save(update_fields=["suspended_at"])
    assert renewal(term)["goes_on_by"] is None
