"""The checks of Oscar's doors, by a shop in which one of our guards is missing."""

import pytest
from django.apps import apps
from oscar.apps.basket import forms as basket_forms
from oscar.apps.basket import views as basket_views
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.apps.checkout import views as checkout_views
from oscar.apps.dashboard.catalogue import views as catalogue_views
from oscar.apps.dashboard.partners import views as partners_views

from tests.checking import ids, messages


@pytest.mark.parametrize(
    ("stock_class", "warning"),
    [
        (basket_forms.AddToBasketForm, "W002"),
        (basket_forms.SimpleAddToBasketForm, "W002"),
        (basket_forms.BasketLineForm, "W002"),
        (basket_forms.SavedLineForm, "W002"),
        (basket_views.BasketAddView, "W002"),
        (checkout_views.IndexView, "W003"),
        (checkout_views.PaymentDetailsView, "W003"),
        (checkout_views.ThankYouView, "W003"),
    ],
)
def test_w002_w003_a_guard_is_missing_in_one_class(monkeypatch, stock_class, warning):
    from oscar.core import loading

    get_class = loading.get_class

    def stock(module, name, *args):
        return stock_class if name == stock_class.__name__ else get_class(module, name, *args)

    monkeypatch.setattr(loading, "get_class", stock)
    assert ids() == [warning]
    assert f"no guard in {stock_class.__name__}." in messages()[0]


def test_w002_the_basket_itself_has_no_guard(monkeypatch):
    from oscar.core import loading

    get_model = loading.get_model

    def stock(app, name):
        return AbstractBasket if name == "Basket" else get_model(app, name)

    monkeypatch.setattr(loading, "get_model", stock)
    assert ids() == ["W002"]


@pytest.mark.parametrize(
    ("label", "attribute", "stock_view"),
    [
        ("catalogue", "product_list_view", catalogue_views.ProductListView),
        (
            "catalogue",
            "product_bulk_action_confirm_view",
            catalogue_views.ProductBulkActionConfirmView,
        ),
        ("catalogue", "product_delete_view", catalogue_views.ProductDeleteView),
        ("partners", "delete_view", partners_views.PartnerDeleteView),
    ],
)
def test_w007_a_page_of_oscars_dashboard_has_no_guard(monkeypatch, label, attribute, stock_view):
    monkeypatch.setattr(apps.get_app_config(f"{label}_dashboard"), attribute, stock_view)
    assert ids() == ["W007"]
    assert f"no guard in {stock_view.__name__}." in messages()[0]


def test_w007_the_page_of_a_product_has_no_guard_nor_its_stock_records(monkeypatch):
    config = apps.get_app_config("catalogue_dashboard")
    stock_view = catalogue_views.ProductCreateUpdateView
    monkeypatch.setattr(config, "product_createupdate_view", stock_view)
    assert "no guard in ProductCreateUpdateView, StockRecordFormSet." in messages()[0]


def test_a_shop_without_oscars_dashboard_needs_no_guard_there(monkeypatch):
    for label in ("catalogue", "partners"):
        monkeypatch.delitem(apps.app_configs, f"{label}_dashboard")
    assert ids() == []
