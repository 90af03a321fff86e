"""What the shop does every day: services parked and restored, the outbox sent."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, fulfilment, journal
from oscar_subscriptions.daily_run import runner, steps, turns
from oscar_subscriptions.fulfilment import paid_order

JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Receipt = get_model("oscar_subscriptions", "Receipt")
Term = get_model("oscar_subscriptions", "Term")
Product = get_model("catalogue", "Product")
Subscription = get_model("oscar_subscriptions", "Subscription")

pytestmark = pytest.mark.usefixtures("steps", "no_reminders")


def run(*args, **kwargs):
    return [(outcome.message, outcome.failed) for outcome in runner.run(*args, **kwargs)]


def public(product):
    return Product.objects.get(pk=product.pk).is_public


def test_lapsed_sellers_are_parked_and_renewed_ones_restored(shop, seller, service, lapse):
    assert run() == []
    lapse()
    assert run() == [(f"services of {seller} parked", False)]
    assert not public(service)
    shop.grant(seller.user)
    assert run() == [(f"services of {seller} back in the shop", False)]
    assert public(service)


def test_what_was_parked_and_restored_is_in_the_journal(shop, seller, service, lapse):
    lapse()
    run()
    shop.grant(seller.user)
    run()
    entries = JournalEntry.objects.order_by("pk")
    assert [entry.kind for entry in entries] == [
        journal.LISTINGS_PARKED,
        journal.LISTINGS_RESTORED,
    ]
    assert all(entry.detail == {"products": [service.pk]} for entry in entries)


def test_the_journal_line_belongs_to_the_subscription_that_lapsed(shop, seller, lapse):
    # Ordered, never paid: a subscription without terms.
    get_model("oscar_subscriptions", "Subscription").objects.create(
        user=seller.user, plan=shop.make_plan("Gold")
    )
    lapse()
    run()
    assert JournalEntry.objects.get().subscription.plan == shop.plan


def test_the_services_of_a_deleted_profile_are_parked(seller, service):
    seller.user.delete()
    assert run() == [(f"services of {seller} parked", False)]
    assert not public(service)


def test_a_mail_that_could_not_be_sent_is_reported_and_sent_by_the_next_run(db, mail_server):
    alerts.raise_alert(alerts.PROVIDER_KEY, "key")
    mail_server.down = True
    assert run() == [("1 e-mails could not be sent", True)]
    mail_server.down = False
    assert run() == [("1 e-mails sent", False)]
    assert run() == []


def test_fault_85_dry_run_names_the_missing_receipt_and_writes_nothing(shop, monkeypatch):
    order = shop.make_order(shop.make_user())
    with monkeypatch.context() as broken:
        broken.setattr(paid_order, "_issue_receipt", lambda paid, term: None)
        fulfilment.order_paid(order)
    line = f"receipt of order {order.number} issued"
    assert (line, False) in run(dry_run=True)
    assert not Receipt.objects.exists()
    assert (line, False) in run()
    assert Receipt.objects.get().order == order


def test_fault_85_days_that_were_given_have_no_receipt(shop, seller):
    assert run() == [] and not Receipt.objects.exists()


def note():
    assert list(steps.note_first_terms(conf.today(), False)) == []
    return set(Subscription.objects.filter(has_term=True))


@pytest.fixture
def unpaid(shop):
    return [
        Subscription.objects.create(plan=shop.plan, user=shop.make_user(name))
        for name in ("rosa", "clara", "lise")
    ]


def test_the_first_run_notes_all_who_have_a_term(shop, seller, unpaid):
    assert note() == {Subscription.objects.get(user=seller.user)}


def test_a_term_that_began_since_the_last_run_is_noted(shop, unpaid, monkeypatch):
    monkeypatch.setattr(turns, "IN_TURN", 0)
    assert note() == set()
    member = Subscription.objects.get(user=shop.make_seller().user)
    assert note() == set(), "nothing says that it was written"
    journal.record(member, journal.TERM_STARTED)
    assert note() == {member}
    Term.objects.update(revoked_at="2017-02-04T12:00Z")
    assert note() == {member}, "it has one, whatever becomes of it"


def test_a_term_that_a_script_wrote_is_noted_when_its_turn_comes(shop, unpaid, monkeypatch):
    monkeypatch.setattr(turns, "IN_TURN", 2)
    note()
    shop.make_seller()
    member = Subscription.objects.get(terms__isnull=False)
    JournalEntry.objects.all().delete()
    assert note() | note() == {member}


def test_a_dry_run_notes_nothing(seller):
    assert list(steps.note_first_terms(conf.today(), True)) == []
    assert not Subscription.objects.filter(has_term=True).exists()


def test_who_was_noted_has_no_turn_any_more(shop, seller, unpaid, monkeypatch):
    note()
    looked_at = []
    begin = turns.begin

    def spy(name, day, rows):
        turn = begin(name, day, rows)
        looked_at.extend(turn.keys)
        return turn

    monkeypatch.setattr(turns, "begin", spy)
    note()
    assert looked_at == [row.pk for row in unpaid]
