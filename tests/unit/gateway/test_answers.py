"""An answer says whether an order may be paid now, later, or never."""

import pytest

from oscar_subscriptions import gateway


@pytest.mark.parametrize(
    ("answer", "now", "is_over"),
    [(gateway.YES, True, False), (gateway.NOT_NOW, False, False), (gateway.NO_MORE, False, True)],
)
def test_an_order_may_be_paid_now_later_or_never(answer, now, is_over):
    found = gateway.Payability(answer)
    assert (found.now, found.is_over) == (now, is_over)
    assert not found.nothing_charged
