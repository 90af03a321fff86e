"""A change of plan that is paid ends the old plan's renewal, and its days if they are credited."""

from datetime import date, timedelta

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.agreements import auto_renewal
from oscar_subscriptions.fulfilment import plan_change
from oscar_subscriptions.plans.changes import TODAY, Change

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")

RENEWAL_STOPPED = "renewal-stopped"


@pytest.fixture(autouse=True)
def today(time_machine, settings):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True


@pytest.fixture
def ada(shop):
    return shop.make_user("ada")


@pytest.fixture
def silver(shop, ada):
    """Renewed automatically."""
    term = shop.grant(ada, starts_on=date(2016, 8, 4))
    shop.make_renewal(term)
    return term


@pytest.fixture
def gold(shop, ada):
    return shop.grant(ada, shop.make_plan("Gold"))


def sent_mails():
    return list(OutboxMail.objects.values_list("kind", flat=True))


def test_purchase_that_changes_from_nothing_leaves_everything(silver, gold):
    plan_change.apply_change(TODAY, gold)
    silver.refresh_from_db()
    assert silver.is_valid and auto_renewal.is_on(silver.subscription)


def test_change_at_the_end_keeps_the_days_and_ends_the_renewal(silver, gold):
    plan_change.apply_change(Change(silver.subscription, at_end=True), gold)
    silver.refresh_from_db()
    assert silver.is_valid
    assert AutoRenewal.objects.get().end_reason == "The member has changed to another plan."
    assert sent_mails() == [RENEWAL_STOPPED]


def test_change_without_a_credit_gives_nothing_up(silver, gold):
    plan_change.apply_change(Change(silver.subscription), gold)
    silver.refresh_from_db()
    assert silver.is_valid


def test_member_whose_renewal_was_off_hears_nothing(silver, gold):
    auto_renewal.switch_off(silver.subscription, tell=False)
    plan_change.apply_change(Change(silver.subscription, at_end=True), gold)
    assert sent_mails() == []


def test_fault_101_change_in_a_shop_that_pauses_renewals_ends_it_with_a_mail(
    silver, gold, settings
):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False
    plan_change.apply_change(Change(silver.subscription, at_end=True), gold)
    assert sent_mails() == [RENEWAL_STOPPED] and AutoRenewal.objects.get().ended_at


def test_fault_101_change_from_a_plan_that_is_over_ends_it_with_a_mail(silver, gold, time_machine):
    time_machine.move_to(f"{silver.ends_on + timedelta(days=1)} 12:00+00:00")
    plan_change.apply_change(Change(silver.subscription, at_end=True), gold)
    assert sent_mails() == [RENEWAL_STOPPED] and AutoRenewal.objects.get().ended_at


def test_credit_gives_up_what_runs_and_what_is_to_come_without_a_mail(shop, ada, silver, gold):
    later = shop.grant(ada, starts_on=silver.ends_on + timedelta(days=1))
    auto_renewal.switch_off(silver.subscription, tell=False)
    plan_change.apply_change(Change(silver.subscription, credit=40), gold)
    for term, first in ((silver, "2017-02-03"), (later, str(later.starts_on))):
        term.refresh_from_db()
        assert term.revoked_at
        assert term.journal.get(kind=journal.TERM_REVOKED).reason == (
            "Changed to “Gold”; 40 days were credited."
        )
        line = term.journal.get(kind=journal.CREDITED)
        assert line.detail == {
            "from": first,
            "to": str(term.ends_on),
            "days": 40,
            "became": gold.pk,
        }
    assert gold.journal.filter(kind=journal.CREDITED).count() == 2
    assert sent_mails() == []
