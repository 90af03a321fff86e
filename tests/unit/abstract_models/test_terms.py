"""Subscriptions and terms: what the database refuses, and when a term counts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import conf

Seller = get_model("oscar_subscriptions", "Seller")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user())


def refused_by_database(**changes):
    values = {
        "subscription": Subscription.objects.get(),
        "grant_reason": "a gift",
        "starts_on": conf.today() + timedelta(days=1000),
        "ends_on": conf.today() + timedelta(days=1001),
        "covered_until": conf.today() + timedelta(days=1001),
        "anchor": conf.today(),
        "plan_title": "Silver",
    } | changes
    try:
        with transaction.atomic():
            Term.objects.create(**values)
    except IntegrityError:
        return True
    return False


@pytest.mark.usefixtures("term")
def test_a_term_is_paid_or_granted_with_a_reason():
    assert refused_by_database(grant_reason="")
    assert not refused_by_database()


@pytest.mark.usefixtures("term")
@pytest.mark.parametrize("field", ["ends_on", "covered_until"])
def test_a_terms_days_are_in_order(field):
    assert refused_by_database(**{field: conf.today()})


def test_fault_01_an_order_line_pays_for_one_term(shop, term):
    line = shop.make_order(term.subscription.user).lines.get()
    assert not refused_by_database(order_line=line)
    assert refused_by_database(order_line=line, starts_on=conf.today() + timedelta(days=1001))


@pytest.mark.parametrize("field", ["revoked_at", "suspended_at", None])
def test_a_term_covers_the_days_of_which_the_query_says_so(shop, field):
    shop.plan.grace_days = 3
    term = shop.grant(shop.make_user())
    if field:
        setattr(term, field, timezone.now())
        term.save(update_fields=[field])
    days = {
        term.starts_on - timedelta(days=1): False,
        term.starts_on: True,
        term.ends_on: True,
        term.covered_until: True,
        term.covered_until + timedelta(days=1): False,
    }
    for day, is_covered in days.items():
        expected = is_covered and field is None
        assert term.covers(day) is Term.objects.covering(day).exists() is expected
    assert term.covered_until == term.ends_on + timedelta(days=3)
