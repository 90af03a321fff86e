"""On PostgreSQL the database itself refuses two terms of one subscription on the same day."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment

Term = get_model("oscar_subscriptions", "Term")

NAME = "oscar_subscriptions_terms_never_overlap"


@pytest.fixture
def member(shop):
    return shop.make_user()


@pytest.fixture
def term(shop, member):
    """3 February 2017 to 3 February 2018."""
    return shop.grant(member, starts_on=date(2017, 2, 3))


@pytest.mark.usefixtures("term")
@pytest.mark.parametrize("day", [date(2016, 2, 3), date(2017, 8, 1), date(2018, 2, 3)])
def test_a_term_that_shares_a_day_with_another_is_refused(shop, member, day):
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        shop.grant(member, starts_on=day)
    assert Term.objects.count() == 1


@pytest.mark.usefixtures("term")
def test_the_day_after_the_last_and_other_subscriptions_are_free(shop, member):
    shop.grant(member, starts_on=date(2018, 2, 4))
    shop.grant(member, shop.make_plan("Gold"), starts_on=date(2017, 2, 3))
    shop.grant(shop.make_user("other"), starts_on=date(2017, 2, 3))
    assert Term.objects.count() == 4


def test_a_revoked_term_frees_its_dates_and_a_suspended_one_keeps_them(shop, member, term):
    fulfilment.suspend(term, reason="disputed")
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        shop.grant(member, starts_on=date(2017, 2, 3))
    fulfilment.revoke(term, reason="lost")
    shop.grant(member, starts_on=date(2017, 2, 3))


def test_a_revoked_term_can_t_come_back_onto_dates_that_were_sold_again(shop, member, term):
    term.revoked_at = timezone.now()
    term.save(update_fields=["revoked_at"])
    shop.grant(member, starts_on=date(2017, 6, 1))
    term.revoked_at = None
    with pytest.raises(IntegrityError, match=NAME), transaction.atomic():
        term.save(update_fields=["revoked_at"])
