"""The member's consent: evidence that nobody edits, in force or not, and the day of the charge."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import auto_renewal, journal

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")


@pytest.fixture
def term(shop, settings, time_machine):
    """From 3 February 2017 to 3 February 2018, of a member with automatic renewal."""
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    time_machine.move_to("2017-02-03 12:00+01:00")
    term = shop.grant(shop.make_user("ada"))
    shop.make_renewal(term)
    return term


def test_what_was_agreed_to_can_t_be_edited(term):
    consent = AutoRenewal.objects.get()
    consent.price = 1
    for fields in (None, ["price"], ["text"], ["accepted_at"]):
        with pytest.raises(ValidationError):
            consent.save(update_fields=fields)


def test_one_consent_is_in_force_at_a_time(term):
    consent = AutoRenewal.objects.get()
    consent.pk = None
    consent._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        consent.save()


def test_switching_on_twice_is_one_consent(shop, term, rf):
    price = shop.strategy().fetch_for_product(shop.plan.product).price
    known = AutoRenewal.objects.get()
    again = auto_renewal.switch_on(
        term.subscription, text="Again.", terms_of_sale=shop.terms_of_sale, total=price
    )
    assert again == known and AutoRenewal.objects.count() == 1


def test_switching_off_twice_is_one_line_in_the_journal(term):
    assert auto_renewal.switch_off(term.subscription, reason="enough") is not None
    assert auto_renewal.switch_off(term.subscription) is None
    [line] = term.subscription.journal.all()
    assert (line.kind, line.reason, line.actor) == (journal.RENEWAL_OFF, "enough", None)
    assert not auto_renewal.is_on(term.subscription)


def test_a_shop_that_stops_offering_it_renews_nothing(term, settings):
    assert auto_renewal.is_on(term.subscription)
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    assert not auto_renewal.is_on(term.subscription)
    assert not auto_renewal.takes_the_place_of_reminders(term.subscription)


@pytest.mark.parametrize(
    ("announced_on", "expected"),
    [
        (date(2017, 12, 1), date(2018, 1, 27)),
        (date(2017, 12, 13), date(2018, 1, 27)),
        (date(2017, 12, 14), date(2018, 1, 28)),
        (date(2017, 12, 20), date(2018, 2, 3)),
        (date(2017, 12, 21), None),
    ],
)
def test_the_charge_comes_a_week_before_the_end_and_never_before_the_notice_is_over(
    term, announced_on, expected
):
    assert auto_renewal.charge_day(term, announced_on) == expected


def test_grace_leaves_more_time(shop, settings, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    term = shop.grant(shop.make_user("ada"), shop.make_plan("Gold", grace_days=10))
    assert auto_renewal.charge_day(term, date(2017, 12, 30)) == date(2018, 2, 13)
    assert auto_renewal.charge_day(term, date(2017, 12, 31)) is None
