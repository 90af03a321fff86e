"""How many services a seller may keep out of the shop: the faults with scripts are elsewhere."""

import pytest

from oscar_subscriptions.sellers import withdrawn


def test_the_limit_counts_what_is_neither_in_the_shop_nor_parked(shop, monkeypatch):
    monkeypatch.setattr(withdrawn, "MAX_WITHDRAWN", 1)
    seller = shop.make_seller()
    shop.make_service(seller, "Public")
    withdrawn.check(seller)
    shop.make_service(seller, "Withdrawn", is_public=False)
    with pytest.raises(withdrawn.TooManyWithdrawnError):
        withdrawn.check(seller)
    assert str(withdrawn.MAX_WITHDRAWN) in withdrawn.message()
