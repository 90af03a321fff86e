"""Consents to automatic renewal and the renewals announced with them: what the database refuses."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from oscar.core.loading import get_model

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
PlannedRenewal = get_model("oscar_subscriptions", "PlannedRenewal")


@pytest.fixture
def planned(shop, time_machine):
    """Announced after a term that ends on 3 February 2018."""
    time_machine.move_to("2017-02-03 12:00+01:00")
    return shop.make_renewal(shop.grant(shop.make_user()), listing_limit=5, grace_days=3)


@pytest.fixture
def consent(planned):
    return planned.auto_renewal


def again(row, **changes):
    """Write a copy of ``row``, with ``changes``."""
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save()


def test_one_consent_is_in_force_for_a_subscription(consent):
    with pytest.raises(IntegrityError):
        again(AutoRenewal.objects.get())
    consent.ended_at, consent.end_reason = timezone.now(), "Asked"
    consent.save(update_fields=["ended_at", "end_reason"])
    again(AutoRenewal.objects.get(), ended_at=None, end_reason="")
    assert AutoRenewal.objects.count() == 2


def test_of_a_consent_nothing_but_its_end_can_be_written(consent):
    consent.price = 1
    for fields in (None, ["price"], ["ended_at", "price"]):
        with pytest.raises(ValidationError, match="record and can't be edited"):
            consent.save(update_fields=fields)
    consent.refresh_from_db()
    assert consent.price == 240


@pytest.mark.parametrize("status", ["done", "replaced", "dropped", "failed"])
def test_a_term_is_followed_by_one_open_renewal(planned, status):
    with pytest.raises(IntegrityError):
        again(PlannedRenewal.objects.get())
    PlannedRenewal.objects.update(status=status)
    again(PlannedRenewal.objects.get(), status="announced")
    assert PlannedRenewal.objects.opened().get().follows == planned.follows


def test_the_consent_and_the_term_of_an_announced_renewal_can_t_be_deleted(planned, consent):
    for row in (consent, planned.follows):
        with pytest.raises(models.ProtectedError), transaction.atomic():
            row.delete()


def test_the_last_day_to_say_no_is_the_day_before_the_charge(planned):
    assert planned.charge_on == date(2018, 1, 27)
    assert planned.last_day_to_decline == date(2018, 1, 26)


def test_an_announced_renewal_has_the_conditions_that_were_announced(shop, planned):
    shop.plan.months, shop.plan.listing_limit, shop.plan.grace_days = 1, 1, 1
    shop.plan.save()
    assert PlannedRenewal.objects.get().conditions == (12, 5, 3)


def test_a_consent_is_called_by_the_name_or_else_the_address(planned, consent):
    consent.member_email = "member@example.com"
    assert str(planned) == "member@example.com – Silver – 2018-01-27"
    consent.member_name = "Ada Martin"
    assert str(consent) == "Ada Martin – Silver"
