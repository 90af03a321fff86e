"""One open take-down of each service, and of each page."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.sellers import take_downs

TakeDown = get_model("oscar_subscriptions", "TakeDown")


def test_it_is_called_by_its_service_or_its_seller(shop):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    assert str(TakeDown(seller=seller, product=service)) == "Coaching"
    assert str(TakeDown(seller=seller)) == str(seller)


def test_the_database_holds_one_open_take_down_of_each(shop):
    seller, by = shop.make_seller(), {"reason": "A copy.", "actor": shop.make_operator()}
    service = shop.make_service(seller)
    take_downs.take_down(seller, service, **by)
    take_downs.take_down(seller, **by)
    for product in (service, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            TakeDown.objects.create(seller=seller, product=product, reason="again")
    TakeDown.objects.create(seller=seller, reason="before", lifted_at=timezone.now())
