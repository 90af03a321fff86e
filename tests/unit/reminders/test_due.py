"""Which members are reminded, when, and of what: each once, and nobody who has seen to it."""

from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.reminders import due, opt_out
from tests.mails import noon

OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Plan = get_model("oscar_subscriptions", "Plan")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

LAST = date(2018, 2, 3)
EXPIRING, LAST_DAY, LAPSED = due.EXPIRING, due.LAST_DAY, due.LAPSED


def grace(days):
    Plan.objects.update(grace_days=days)


def written():
    """What the outbox holds, in order."""
    return list(OutboxMail.objects.order_by("pk").values_list("kind", "key"))


ENDS = "Your subscription ends on Feb. 3, 2018"
TODAY = "Today is the last day of your subscription"
ENDED = "Your subscription ended on Feb. 3, 2018"


@pytest.mark.slow
def test_a_whole_year_of_daily_runs_writes_five_mails(term, live):
    assert live(*range(-364, 200)) == [ENDS, ENDS, ENDS, TODAY, ENDED]
    assert written() == [
        (EXPIRING, f"term-{term.pk}-30"),
        (EXPIRING, f"term-{term.pk}-7"),
        (EXPIRING, f"term-{term.pk}-1"),
        (LAST_DAY, f"term-{term.pk}"),
        (LAPSED, f"term-{term.pk}"),
    ]


def test_fault_68_a_run_every_hour_writes_no_more(term, live):
    assert live(-7, -7, -7) == [ENDS]


def test_a_mail_that_is_late_says_how_many_days_are_left(term, live, sent_mails):
    live(-5)
    assert (
        "ends in 5 days: your last day is Feb. 3, 2018" in sent_mails("member@example.com")[0].body
    )


def test_a_shop_may_tell_the_end_only(settings, term, live):
    settings.OSCAR_SUBSCRIPTIONS_REMINDER_DAYS = ()
    assert live(*range(-40, 2)) == [TODAY, ENDED]


def test_a_renewal_that_is_bought_silences_the_rest(shop, user, live, sent_mails, commit):
    assert live(-30) == [ENDS]
    order = shop.make_order(user)
    with commit():
        fulfilment.order_paid(order)
    bought = len(sent_mails("member@example.com"))
    live(*range(-29, 60))
    assert len(sent_mails("member@example.com")) == bought


def test_a_renewal_that_is_taken_back_makes_its_predecessor_count_again(shop, user, live):
    order = shop.make_order(user)
    renewal = fulfilment.order_paid(order).term
    OutboxMail.objects.all().delete()
    assert live(-7) == []
    fulfilment.revoke(renewal, reason="refunded")
    OutboxMail.objects.all().delete()
    assert live(-6) == [ENDS]


def test_the_renewal_itself_is_reminded_of_in_its_time(shop, user, live):
    order = shop.make_order(user)
    renewal = fulfilment.order_paid(order).term
    OutboxMail.objects.all().delete()
    live(365 - 7)
    assert written() == [(EXPIRING, f"term-{renewal.pk}-7")]


@pytest.mark.parametrize(
    ("starts_on", "silenced"),
    [
        (date(2017, 6, 1), True),
        # It ends on the same day: one of the two speaks.
        (date(2017, 2, 3), True),
        (date(2018, 2, 4), True),
        (date(2018, 2, 5), False),
        (date(2016, 12, 1), False),
    ],
)
def test_another_plan_that_covers_at_least_as_long_silences_it(
    shop, user, term, live, starts_on, silenced
):
    shop.grant(user, shop.make_plan("Gold"), starts_on=starts_on)
    live(-7)
    assert (f"term-{term.pk}-7" not in [key for _kind, key in written()]) == silenced


def test_of_two_plans_that_end_together_one_is_spoken_of(shop, user, live):
    shop.grant(user, shop.make_plan("Gold"))
    assert live(-30, 0, 1) == [ENDS, TODAY, ENDED]


@pytest.mark.parametrize("title", ["Silver", "Gold"])
def test_of_two_plans_that_end_together_the_reminders_of_one_are_stopped_and_the_other_speaks(
    shop, user, live, title
):
    shop.grant(user, shop.make_plan("Gold"))
    opt_out.switch(Subscription.objects.get(plan__product__title=title), False)
    assert live(-30, 0, 1) == [ENDS, TODAY, ENDED]
    assert {row.context["term"] for row in OutboxMail.objects.all()} == set(
        Term.objects.exclude(plan_title=title).values_list("pk", flat=True)
    )


def test_plan_that_covers_longer_silences_the_other_although_nobody_is_reminded_of_it(
    shop, user, live
):
    gold = shop.grant(user, shop.make_plan("Gold"), starts_on=date(2017, 6, 1))
    opt_out.switch(gold.subscription, False)
    assert live(-30, 0, 1) == []


@pytest.fixture
def limited(shop, user, term):
    """``limited(3, 1)`` – his plan allows three services, and another one, until June, one."""

    def make(limit, other_limit, starts_on=date(2017, 6, 1)):
        Term.objects.update(listing_limit=limit)
        return shop.grant(
            user, shop.make_plan("Gold", listing_limit=other_limit), starts_on=starts_on
        )

    return make


@pytest.mark.parametrize(
    ("limit", "other", "silenced"),
    [
        (3, 3, True),
        (3, 4, True),
        (3, None, True),
        (None, None, True),
        (3, 1, False),
        (None, 9, False),
    ],
)
def test_larger_plan_that_ends_first_is_spoken_of_before_its_services_leave_the_shop(
    limited, live, limit, other, silenced
):
    limited(limit, other)
    assert live(-30, -7, -1, 0, 1) == ([] if silenced else [ENDS, ENDS, ENDS])


def test_reminder_of_the_larger_plan_says_what_the_other_one_allows(limited, live, sent_mails):
    limited(3, 1)
    live(-7)
    [message] = sent_mails("member@example.com")
    for text in (message.body, message.alternatives[0][0]):
        assert "After that you are still a seller by “Gold”" in text
        assert "allows 1 service in the shop" in text


def test_reminder_of_the_only_plan_speaks_of_no_other(term, live, sent_mails):
    live(-7)
    assert "still a seller" not in sent_mails("member@example.com")[0].body


@pytest.mark.parametrize(("limit", "other"), [(9, 1), (1, 9), (None, 1), (1, None)])
def test_of_two_plans_that_end_together_the_larger_one_is_spoken_of(
    limited, term, live, limit, other
):
    gold = limited(limit, other, term.starts_on)
    larger = term if limit in (9, None) else gold
    assert live(-30, 0, 1) == [ENDS, TODAY, ENDED]
    assert {row.context["term"] for row in OutboxMail.objects.all()} == {larger.pk}


def test_a_suspended_plan_silences_no_other(shop, user, term, live):
    other = shop.grant(user, shop.make_plan("Gold"), starts_on=date(2017, 6, 1))
    fulfilment.suspend(other, reason="disputed")
    OutboxMail.objects.all().delete()
    assert live(-7) == [ENDS]


@pytest.mark.parametrize("take", [fulfilment.suspend, fulfilment.revoke])
def test_a_term_that_does_not_count_is_not_reminded_of(term, live, take):
    take(term, reason="disputed")
    OutboxMail.objects.all().delete()
    assert live(*range(-31, 40)) == []


def test_members_without_a_usable_account_get_nothing(user, live):
    user.is_active = False
    user.save()
    assert live(-7, 0, 1) == []
    user.delete()
    assert live(1) == []
    assert written() == []


# Grace: the last day is counted to, the end is told after it.


@pytest.fixture
def gracious(shop, time_machine):
    """A member with ten days of grace after 3 February 2018."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    grace(10)
    shop.plan.refresh_from_db()
    shop.grant(shop.make_user())
    return Term.objects.get()


def test_with_grace_the_end_is_told_when_the_grace_is_over(gracious, live):
    assert live(*range(-40, 10)) == [ENDS, ENDS, ENDS, TODAY]
    assert live(10) == []
    assert live(11) == [ENDED]


def test_a_last_day_that_was_missed_is_told_within_the_grace(gracious, live, sent_mails):
    assert live(-1) == [ENDS]
    assert live(4) == ["Your subscription has ended: grace to Feb. 13, 2018"]
    body = sent_mails("member@example.com")[-1].body
    assert "6 days of grace left: to Feb. 13, 2018 inclusive you remain a seller" in body
    assert live(5, 6, 10) == []


def test_the_mails_mention_the_grace(gracious, live, sent_mails):
    live(-7, 0, 11)
    expiring, last_day, lapsed = [message.body for message in sent_mails("member@example.com")]
    assert "to Feb. 13, 2018 inclusive, you remain a seller" in expiring
    assert "10 days of grace left" in last_day
    assert "The grace ended on Feb. 13, 2018." in lapsed


# An old shop, a dead run, a short gift.


def test_the_first_run_in_an_old_shop_does_not_write_to_everybody_who_ever_was_a_member(
    shop, term, live
):
    assert live(31) == []
    assert live(30) == [ENDED]


def test_a_run_that_was_dead_for_a_week_still_tells_the_end(term, live):
    assert live(-1, 7) == [ENDS, ENDED]


def test_a_member_who_came_back_is_not_told_that_he_left(shop, user, live, time_machine):
    time_machine.move_to(noon(LAST + timedelta(days=3)))
    shop.grant(user, shop.make_plan("Gold"))
    assert live(3) == []


# Between the outbox and the mail server.


def test_a_day_to_come_can_be_rehearsed(term, sent_mails, time_machine):
    time_machine.move_to("2017-06-01 12:00+01:00")
    outcomes = [outcome.message for outcome in runner.run(LAST - timedelta(days=7))]
    assert outcomes == [f"reminder “expiring” of {term}", "1 e-mails sent"]
    assert "ends in 7 days" in sent_mails("member@example.com")[0].body


# Stopping them, and what can't be stopped.
