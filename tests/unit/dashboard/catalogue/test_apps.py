"""The catalogue dashboard serves the guarded views at Oscar's own addresses."""

import pytest
from django.apps import apps
from django.urls import resolve, reverse

from oscar_subscriptions.dashboard.catalogue import mixins


@pytest.mark.parametrize(
    ("name", "args", "guard"),
    [
        ("catalogue-product-list", [], mixins.PlanProductListMixin),
        ("catalogue-product", [1], mixins.PlanProductUpdateMixin),
        ("catalogue-product-delete", [1], mixins.PlanProductDeleteMixin),
    ],
)
def test_the_view_at_oscars_address_has_the_guard(name, args, guard):
    assert issubclass(resolve(reverse(f"dashboard:{name}", args=args)).func.view_class, guard)


def test_the_question_before_many_are_changed_at_once_has_the_guard():
    config = apps.get_app_config("catalogue_dashboard")
    assert issubclass(config.product_bulk_action_confirm_view, mixins.PlanBulkActionMixin)
