"""A term is taken back, frozen, or counts again; everything else stays as it was."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, fulfilment, journal, sellers, signals
from oscar_subscriptions.fulfilment import ledger

Alert = get_model("oscar_subscriptions", "Alert")
Partner = get_model("partner", "Partner")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def seller(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_seller()


@pytest.fixture
def term(seller):
    return Term.objects.get()


def kinds(term):
    return list(term.journal.values_list("kind", flat=True))


def test_restoring_gives_back_the_original_last_day_and_exactly_those_services(shop, seller, term):
    parked, withdrawn = shop.make_service(seller), shop.make_service(seller, is_public=False)
    fulfilment.suspend(term, reason="disputed")
    fulfilment.resume(term, reason="won")
    parked.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (parked.is_public, withdrawn.is_public) == (True, False)
    assert sellers.seller_until(seller.user) == date(2018, 2, 3)


def test_each_change_is_written_down_with_who_and_why(shop, seller, term):
    clerk = shop.make_user("clerk", first_name="Jo", last_name="Clerk", is_staff=True)
    fulfilment.suspend(term, reason="dispute 42", actor=clerk)
    fulfilment.resume(term, reason="won", actor=clerk)
    fulfilment.revoke(term, reason="refunded")
    assert kinds(term) == [
        journal.TERM_SUSPENDED,
        journal.TERM_RESTORED,
        journal.TERM_REVOKED,
    ]
    first, _, last = term.journal.all()
    assert (first.reason, first.actor, first.actor_name) == ("dispute 42", clerk, "Jo Clerk")
    assert (last.reason, last.actor, last.actor_name) == ("refunded", None, "")


@pytest.mark.parametrize(
    ("change", "field"),
    [(fulfilment.revoke, "revoked_at"), (fulfilment.suspend, "suspended_at")],
)
def test_fault_53_a_change_reported_twice_happens_once(
    seller, term, time_machine, commit, received, change, field
):
    calls = received(signals.term_revoked, Term), received(signals.term_suspended, Term)
    with commit():
        change(term, reason="first")
    moment = getattr(Term.objects.get(), field)
    time_machine.move_to("2017-03-03 12:00+01:00")
    with commit():
        change(Term.objects.get(), reason="again")
    assert getattr(Term.objects.get(), field) == moment
    assert len(kinds(term)) == 1
    assert sum(map(len, calls)) == 1


def test_fault_48_restoring_a_term_that_counts_changes_nothing(seller, term, commit, received):
    calls = received(signals.term_restored, Term)
    with commit():
        fulfilment.resume(term, reason="nothing to restore")
    assert kinds(term) == []
    assert calls == []


def test_a_stale_row_in_hand_is_read_again_before_it_is_judged(seller, term):
    stale = Term.objects.get()
    fulfilment.suspend(term, reason="disputed")
    fulfilment.resume(stale, reason="won")
    assert Term.objects.get().is_valid


def test_fault_55_a_reversal_touches_only_its_own_term(shop, seller, term, time_machine):
    later = shop.grant(seller.user, starts_on=date(2018, 2, 4))
    other_plan = shop.grant(seller.user, shop.make_plan("Gold"), starts_on=date(2018, 2, 4))
    fulfilment.revoke(term, reason="first year reversed")
    for untouched in (later, other_plan):
        untouched.refresh_from_db()
        assert untouched.is_valid
    time_machine.move_to("2018-03-01 12:00+01:00")
    assert sellers.is_seller(get_model("auth", "User").objects.get())


def test_a_term_of_a_deleted_profile_can_still_be_reversed(shop, seller, term):
    service = shop.make_service(seller)
    seller.user.delete()
    fulfilment.revoke(term, reason="refunded")
    term.refresh_from_db()
    assert term.revoked_at
    service.refresh_from_db()
    assert service.is_public  # the next run parks it; see test_lifecycle


@pytest.mark.parametrize(
    ("change", "signal"),
    [
        (fulfilment.revoke, signals.term_revoked),
        (fulfilment.suspend, signals.term_suspended),
    ],
)
def test_fault_39_a_shops_receiver_that_raises_undoes_nothing(
    seller, term, commit, raising, change, signal
):
    raising(signal)
    with commit():
        change(term, reason="reversed")
    assert not Term.objects.get().is_valid


@pytest.mark.parametrize(
    "field", ["starts_on", "ends_on", "covered_until", "anchor", "months", "price", "plan_title"]
)
def test_a_term_is_evidence_and_refuses_every_other_write(term, field):
    setattr(term, field, getattr(Term.objects.get(), field))
    with pytest.raises(ValidationError):
        term.save()
    with pytest.raises(ValidationError):
        term.save(update_fields=[field])
    with pytest.raises(ValidationError):
        term.save(update_fields=["revoked_at", field])


def test_revoked_term_comes_back_when_its_refund_failed(shop, member):
    term = shop.grant(member)
    ledger.revoke(term, reason="refund")
    ledger.restore(term, reason="refund failed")
    assert Term.objects.get().is_valid
    assert sellers.is_seller(member)


def test_revoked_term_whose_days_were_sold_again_waits_for_an_operator(shop, member):
    term = shop.grant(member)
    ledger.revoke(term, reason="refund")
    again = shop.grant(member)
    ledger.restore(term, reason="refund failed")
    term.refresh_from_db()
    assert term.revoked_at is not None
    assert again.covers(conf.today())
    (alert,) = Alert.objects.open()
    assert "sold again" in alerts.title(alert)
    assert [line["line"] for line in alert.detail["lines"]] == ["sold-again"]
