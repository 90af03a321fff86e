"""The search index follows what is in the shop, and a shop may have none."""

import pytest
from django.apps import apps
from django.db import transaction
from haystack.query import SearchQuerySet
from oscar.core.loading import get_model

from oscar_subscriptions.sellers import search_index

Product = get_model("catalogue", "Product")


def found(text):
    return {int(result.pk) for result in SearchQuerySet().models(Product).filter(content=text)}


@pytest.fixture
def service(shop, searchable):
    return shop.make_service(shop.make_seller(), "Coaching")


def test_a_change_that_is_rolled_back_leaves_the_index_alone(service, commit):
    Product.objects.filter(pk=service.pk).update(is_public=False)
    with commit(), pytest.raises(RuntimeError), transaction.atomic():
        search_index.refresh([service])
        raise RuntimeError("rolled back")
    assert found("coaching") == {service.pk}
    with commit():
        search_index.refresh([service])
    assert found("coaching") == set()


def test_a_shop_without_haystack_needs_none(service, commit, monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: False)
    Product.objects.filter(pk=service.pk).update(is_public=False)
    with commit():
        search_index.refresh([service])
    assert found("coaching") == {service.pk}


def test_nothing_to_refresh_is_nothing_to_do(db, commit):
    with commit() as callbacks:
        search_index.refresh([])
    assert callbacks == []
