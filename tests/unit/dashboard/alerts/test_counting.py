"""The open alerts are counted as far as their list shows them."""

import pytest

from oscar_subscriptions import alerts
from oscar_subscriptions.dashboard import pagination
from oscar_subscriptions.dashboard.alerts import counting


@pytest.mark.parametrize(("limit", "expected"), [(3, (2, "2")), (1, (2, "more than 1"))])
def test_open_alerts_are_counted_up_to_a_limit(db, monkeypatch, limit, expected):
    monkeypatch.setattr(pagination, "LIMIT", limit)
    for key in ("1", "2", "3"):
        alerts.raise_alert(alerts.UNCLAIMED_PAYMENT, key)
    alerts.settle("3", "Seen to.")
    assert counting.open_alerts() == expected
