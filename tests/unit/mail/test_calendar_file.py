"""The last day of a subscription, as a file for the member's own calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation
from icalendar import Calendar

from oscar_subscriptions import journal
from oscar_subscriptions.fulfilment import grants
from oscar_subscriptions.mail import calendar_file

RENEW = "https://shop.example/members/subscription/1/renew/"


@pytest.fixture
def term(shop, time_machine):
    """From 3 February 2017 to 3 February 2018, with ten days of grace."""
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    shop.plan.grace_days = 10
    return shop.grant(shop.make_user())


def written(subscription, day=date(2018, 2, 3)):
    changes = subscription.journal.count()
    text = calendar_file.render_calendar(subscription, day, RENEW, changes)
    [event] = Calendar.from_ical(text).walk("VEVENT")
    return event


def test_the_last_day_is_the_last_one_that_was_bought_and_not_one_of_grace(term):
    assert calendar_file.last_day_ahead(term.subscription) == date(2018, 2, 3)
    assert calendar_file.last_day_ahead(term.subscription, date(2018, 2, 3)) == date(2018, 2, 3)
    assert calendar_file.last_day_ahead(term.subscription, date(2018, 2, 4)) is None


def test_of_several_terms_it_is_the_end_of_the_latest_that_counts(shop, term):
    extra = grants.extend(term.subscription, 5, reason="Late", actor=shop.make_user("boss"))
    assert calendar_file.last_day_ahead(term.subscription) == date(2018, 2, 8)
    extra.suspended_at = timezone.now()
    extra.save(update_fields=["suspended_at"])
    assert calendar_file.last_day_ahead(term.subscription) == date(2018, 2, 3)


def test_a_subscription_without_a_term_has_no_last_day(shop):
    subscription = shop.plan.subscriptions.create(user=shop.make_user())
    assert calendar_file.last_day_ahead(subscription) is None


def test_prefetched_terms_are_not_asked_for_again(term, django_assert_num_queries):
    [subscription] = type(term.subscription).objects.prefetch_related("terms")
    with django_assert_num_queries(0):
        assert calendar_file.last_day_ahead(subscription) == date(2018, 2, 3)


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("en", "Last day of “Silver” (Intras Consultants)"),
        ("fr", "Dernier jour de «\xa0Silver\xa0» (Intras Consultants)"),
    ],
)
def test_the_event_is_a_whole_day_in_the_language_that_is_active(term, language, summary):
    with translation.override(language):
        event = written(term.subscription)
    assert event["summary"] == summary
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2018, 2, 3), date(2018, 2, 4))
    assert (event["url"], event["transp"]) == (RENEW, "TRANSPARENT")
    assert RENEW in event["description"]
    assert event["dtstamp"].dt == datetime(2017, 2, 3, 11, tzinfo=UTC)


def test_a_later_file_replaces_the_event_and_another_subscription_has_its_own(shop, term):
    before = written(term.subscription)
    journal.record(term.subscription, journal.TERM_GRANTED)
    after = written(term.subscription, date(2018, 2, 3) + timedelta(days=365))
    assert before["uid"] == after["uid"] == f"subscription-{term.subscription_id}@shop.example"
    assert before["sequence"] < after["sequence"]
    assert written(shop.grant(shop.make_user("other")).subscription)["uid"] != before["uid"]


def test_a_title_with_the_characters_of_the_format_comes_out_as_it_was(term):
    product = term.subscription.plan.product
    product.title = "Gold; plus, \\ more\nBEGIN:VALARM" + " and more" * 10
    text = calendar_file.render_calendar(term.subscription, date(2018, 2, 3), RENEW, 1)
    assert "\nBEGIN:VALARM" not in text
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert event["summary"] == f"Last day of “{product.title}” (Intras Consultants)"
