"""The ledger alone writes the days and the validity of terms; every test is watched for it."""

from datetime import date

import pytest
from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.fulfilment import ledger
from tests import ledger_watch

Term = get_model("oscar_subscriptions", "Term")


def written_by(module, code, **names):
    """Run ``code`` as if it stood in ``module`` of the package; return what the watch has found."""
    exec(compile(code, f"{ledger_watch.PACKAGE}/{module}", "exec"), {"Term": Term, **names})
    offences = [*ledger_watch.found]
    ledger_watch.found.clear()
    return offences


@pytest.mark.parametrize(
    "code",
    [
        "term.revoked_at = now; term.save(update_fields=['revoked_at'])",
        "Term.objects.filter(pk=term.pk).update(suspended_at=now)",
        "Term.objects.filter(pk=term.pk).update(plan_title='', covered_until=day)",
        "Term.objects.bulk_update([term], ['ends_on'])",
        "term.pk = None; term.order_line = None; Term.objects.bulk_create([term])",
        'cursor.execute(\'UPDATE "oscar_subscriptions_term" SET "anchor" = %s\', [day])',
    ],
)
def test_every_way_of_writing_days_or_validity_elsewhere_is_noticed(shop, code):
    term = shop.grant(shop.make_user(), starts_on=date(2016, 2, 3))
    with connection.cursor() as cursor:
        names = {"term": term, "now": timezone.now(), "day": term.ends_on, "cursor": cursor}
        assert written_by("payments/reversals/effects.py", code, **names)
        assert written_by("fulfilment/grants.py", code, **names)


def test_the_ledger_and_other_columns_are_no_offence(shop):
    term = shop.grant(shop.make_user())
    ledger.suspend(term, reason="disputed")
    ledger.resume(term, reason="won")
    assert ledger_watch.found == []
    names = "Term.objects.filter(pk=term.pk).update(granted_by_name='–', grant_reason='–')"
    assert written_by("privacy/scrubbing.py", names, term=term) == []
