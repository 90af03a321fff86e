"""What happens after commit can't undo it, nor keep the rest from happening."""

import pytest
from django.db import transaction

from oscar_subscriptions.transactions import after_commit

pytestmark = pytest.mark.django_db(transaction=True)


def fail(reason):
    raise RuntimeError(reason)


def test_a_failing_action_is_logged_and_the_next_one_happens(caplog):
    done = []
    with transaction.atomic():
        after_commit(fail, "no index")
        after_commit(done.append, 1)
        assert done == []
    assert done == [1]
    assert "no index" in caplog.text
    assert "fail" in caplog.text


def test_without_a_transaction_it_happens_at_once_and_still_harms_nobody(caplog):
    done = []
    after_commit(done.append, 1)
    after_commit(fail, reason="no index")
    assert done == [1]
    assert "no index" in caplog.text


def test_nothing_happens_if_the_transaction_is_rolled_back():
    done = []
    with pytest.raises(RuntimeError), transaction.atomic():
        after_commit(done.append, 1)
        fail("rolled back")
    assert done == []
