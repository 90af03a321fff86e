"""A row that is evidence is written once."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from oscar_subscriptions import journal


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user())


def test_evidence_is_written_once(shop, term):
    consent = shop.keep_consent(shop.make_order(term.subscription.user))
    entry = journal.record(term.subscription, journal.TERM_STARTED, term=term)
    for row, field in [
        (shop.terms_of_sale, "text"),
        (consent, "accepted_at"),
        (entry, "reason"),
        (term, "ends_on"),
    ]:
        with pytest.raises(ValidationError, match="record and can't be edited"):
            row.save()
        with pytest.raises(ValidationError):
            row.save(update_fields=[field])


def test_a_field_named_as_an_exception_is_written_alone(term):
    term.suspended_at = timezone.now()
    term.save(update_fields=["suspended_at"])
    term.refresh_from_db()
    assert term.suspended_at is not None
    with pytest.raises(ValidationError, match="Term is a record"):
        term.save(update_fields=["suspended_at", "ends_on"])


def test_what_was_refused_is_not_in_the_database(term):
    title, term.plan_title = term.plan_title, "Gold"
    with pytest.raises(ValidationError):
        term.save()
    term.refresh_from_db()
    assert term.plan_title == title


def test_a_copy_is_a_new_row_and_may_be_saved(shop):
    wording = shop.terms_of_sale
    wording.pk, wording.version, wording._state.adding = None, "2026-2", True
    wording.save()
    assert type(wording).objects.filter(language="en").count() == 2
