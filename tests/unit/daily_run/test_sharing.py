"""A large step is cut into ranges of keys, and each range remembers what it has lived through."""

from datetime import date
from unittest import mock

import pytest
from django.contrib.sites.models import Site
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.daily_run import (
    checkpoints,
    reminding,
    runner,
    services,
    sharing,
    steps,
    turns,
    work,
)
from oscar_subscriptions.daily_run.sharing import EVERYTHING, KeyRange
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.renewals import announcements
from oscar_subscriptions.sellers import listings

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
PlannedRenewal = get_model("oscar_subscriptions", "PlannedRenewal")
Receipt = get_model("oscar_subscriptions", "Receipt")
Seller = get_model("oscar_subscriptions", "Seller")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db

DAY = date(2018, 2, 4)


def sites(*keys):
    Site.objects.bulk_create(Site(pk=key, domain=f"{key}.example", name="new") for key in keys)


def new():
    return Site.objects.filter(name="new")


def keys(rows):
    return sorted(rows.values_list("pk", flat=True))


def test_a_range_begins_behind_its_first_key_and_ends_with_its_last():
    sites(10, 11, 12, 13)
    assert keys(KeyRange(10, 12).of(new())) == [11, 12]
    assert keys(KeyRange(0, 10).of(new())) == [10]
    assert keys(KeyRange(12).of(new())) == [13]
    assert keys(KeyRange(11, 12).of(new(), "id")) == [12]


def test_everything_asks_nothing_more_and_has_the_checkpoint_of_the_step():
    assert str(EVERYTHING.of(new()).query) == str(new().query)
    assert EVERYTHING.named("services") == "services"


def test_each_range_has_a_checkpoint_of_its_own():
    ranges = [KeyRange(0, 10), KeyRange(10, 20), KeyRange(10)]
    names = {one.named("services") for one in ranges}
    assert len(names) == 3 and "services" not in names
    longest = KeyRange(9 * 10**17, 10**18).named(announcements.CHECKPOINT)
    assert len(longest) <= 64


@pytest.mark.parametrize(
    ("rows", "cut"),
    [
        ([], []),
        ([10], [(0, 10)]),
        ([2, 10, 11], [(0, 10), (10, 20)]),
        # A table whose first rows were deleted, or whose keys have gaps.
        ([95, 1_000_001], [(90, 100), (1_000_000, 1_000_010)]),
    ],
)
def test_a_table_is_cut_at_fixed_keys_and_only_where_there_are_rows(settings, rows, cut):
    settings.OSCAR_SUBSCRIPTIONS_ROWS_PER_TASK = 10
    sites(*rows)
    assert sharing.by_rows(new)() == [KeyRange(*one) for one in cut]


@pytest.mark.parametrize(
    ("rows", "cut"),
    [
        ([], [(0, None)]),
        ([10, 11], [(0, None)]),
        ([10, 11, 300], [(0, 11), (11, None)]),
        ([10, 11, 300, 301], [(0, 11), (11, None)]),
        ([10, 11, 300, 301, 302], [(0, 11), (11, 301), (301, None)]),
    ],
)
def test_what_waits_is_cut_by_its_number_and_later_rows_belong_to_the_last_range(rows, cut):
    sites(*rows)
    assert sharing.by_number(new, 2)() == [KeyRange(*one) for one in cut]


def test_no_task_takes_more_than_the_setting_says(settings):
    settings.OSCAR_SUBSCRIPTIONS_ROWS_PER_TASK = 1
    sites(10, 11)
    assert len(sharing.by_number(new, 2)()) == 2


def test_a_step_that_is_small_or_not_declared_is_not_shared_out(settings):
    def step(day, dry_run, keys=EVERYTHING):
        yield work.Outcome(str(tuple(keys)))

    assert sharing.shares(step) == [EVERYTHING]
    with pytest.raises(KeyError):
        sharing.restricted(step, KeyRange(0, 10))
    sharing.shared_out(sharing.by_rows(new))(step)
    settings.OSCAR_SUBSCRIPTIONS_ROWS_PER_TASK = 10
    sites(10)
    assert sharing.shares(step) == [EVERYTHING]
    sites(11)
    found = sharing.shares(step)
    assert found == [KeyRange(0, 10), KeyRange(10, 20)]
    lines = [one.message for some in found for one in runner.run_step(step, DAY, some)]
    assert lines == ["(0, 10)", "(10, 20)"]


def test_what_does_not_ask_the_provider_is_shared_out():
    """The breaker and the limits of what asks it hold for the whole run."""
    assert set(runner.steps().values()) & set(sharing._SHARED) == {
        services.sync_services,
        reminding.remind_members,
        announcements.announce_renewals,
        steps.issue_missing_receipts,
        steps.send_outbox,
    }


@pytest.fixture
def sellers(shop, time_machine):
    """Four sellers with a service each, whose terms end on 3 February 2018; one is marked."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    sellers = [shop.make_seller(name) for name in ("ada", "grace", "emmy", "rosa")]
    for seller in sellers:
        shop.make_service(seller)
    time_machine.move_to("2018-02-04 03:00+01:00")
    Seller.objects.filter(pk__in=[sellers[0].pk, sellers[3].pk]).update(is_due=True)
    return sellers


def halves(rows):
    middle = keys(rows)[len(rows) // 2 - 1]
    return KeyRange(0, middle), KeyRange(middle, middle + 10_000)


def done(step, some, day=DAY):
    outcomes = list(runner.run_step(step, day, some))
    assert not [one for one in outcomes if one.failed]
    return len(outcomes)


@pytest.mark.parametrize("runs", [0, 1])
@pytest.mark.parametrize("in_turn", [1, 1000])
def test_services_are_brought_in_line_half_by_half(sellers, monkeypatch, runs, in_turn):
    """In the first run, which looks at all, and in a later one, which goes by dates."""
    monkeypatch.setattr(turns, "IN_TURN", in_turn)
    first, second = halves(Seller.objects.all())
    for some in [first, second][: 2 * runs]:
        Seller.objects.update(is_due=False)
        done(services.sync_services, some, date(2018, 2, 3))
    Seller.objects.filter(pk=sellers[3].pk).update(is_due=True)
    assert done(services.sync_services, first) == 2
    still_public = [one for one in sellers if listings.count_public(one)]
    assert still_public == sellers[2:]
    assert checkpoints.get(services.CHECKPOINT) is None
    assert checkpoints.get(second.named(services.CHECKPOINT)) is None or runs
    assert done(services.sync_services, second) == 2
    assert checkpoints.get(second.named(services.CHECKPOINT)).day == DAY
    assert done(services.sync_services, EVERYTHING) == 0


@pytest.mark.parametrize("runs", [0, 1])
def test_reminders_are_written_half_by_half(sellers, monkeypatch, runs):
    monkeypatch.setattr(turns, "IN_TURN", 1)
    first, second = halves(Term.objects.all())
    for some in [first, second][: 2 * runs]:
        done(reminding.remind_members, some, date(2018, 2, 3))
    OutboxMail.objects.all().delete()
    assert done(reminding.remind_members, first) == 2
    assert done(reminding.remind_members, first) == 0
    assert done(reminding.remind_members, second) == 2
    assert done(reminding.remind_members, EVERYTHING) == 0


def test_receipts_are_issued_half_by_half(shop):
    with mock.patch.object(paid_order, "_issue_receipt", lambda paid, term: None):
        for name in ("ada", "grace"):
            fulfilment.order_paid(shop.make_order(shop.make_user(name)))
    first, second = halves(Term.objects.all())
    assert done(steps.issue_missing_receipts, first) == 1
    assert done(steps.issue_missing_receipts, first) == 0
    assert done(steps.issue_missing_receipts, second) == 1
    assert Receipt.objects.count() == 2


@pytest.fixture
def told(shop):
    """Two members, with two mails each in the outbox."""
    users = [shop.make_user(name) for name in ("ada", "grace")]
    for user in users:
        fulfilment.order_paid(shop.make_order(user))
    assert OutboxMail.objects.count() == 2 * len(users)
    return users


def test_the_outbox_is_sent_half_by_half(told, sent_mails):
    first, second = halves(OutboxMail.objects.all())
    assert done(steps.send_outbox, first) == 1, "a line for all of them"
    assert [len(sent_mails(user.email)) for user in told] == [2, 0]
    assert done(steps.send_outbox, second) == 1, "a line for all of them"
    assert [len(sent_mails(user.email)) for user in told] == [2, 2]


def test_a_dry_run_of_a_range_speaks_of_its_mails_alone(told):
    work.forget_foretold()
    first, _second = halves(OutboxMail.objects.all())
    [outcome] = runner.run_step(steps.send_outbox, DAY, first, dry_run=True)
    assert outcome.message == "2 e-mails sent"
