"""Checks that Oscar's classes carry our mixins, each of which guards one way into the shop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning, register

from oscar_subscriptions.checks.database import TAG, AppConfigs


@register(TAG)
def check_basket_guard(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """W002: the shop's basket applies the plan rules."""
    return _missing(
        _basket(),
        "The basket does not keep a plan alone and its quantity at 1: no guard in {names}.",
        hint="Install oscar_subscriptions.basket in place of oscar.apps.basket, or put the "
        "mixins of oscar_subscriptions.basket (mixins, model_mixins) in front of your own classes.",
        id="oscar_subscriptions.W002",
    )


@register(TAG)
def check_checkout_guard(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """W003: the shop's checkout places orders of plans before they are paid."""
    return _missing(
        _checkout(),
        "The checkout does not apply the plan rules, nor keep the consent to the terms: no guard "
        "in {names}.",
        hint="Install oscar_subscriptions.checkout in place of oscar.apps.checkout, or put the "
        "mixins of oscar_subscriptions.checkout.mixins in front of your own views.",
        id="oscar_subscriptions.W003",
    )


@register(TAG)
def check_dashboard_guard(app_configs: AppConfigs, **kwargs: object) -> list[CheckMessage]:
    """W007: Oscar's dashboard keeps sellers off plans, and says why something can't be deleted."""
    return _missing(
        [*_catalogue_dashboard(), *_partners_dashboard()],
        "In Oscar's dashboard a seller could be attached to a plan, and deleting what members "
        "have bought ends in a server error: no guard in {names}.",
        hint="Install oscar_subscriptions.dashboard.catalogue and "
        "oscar_subscriptions.dashboard.partners in place of Oscar's, or put their mixins in front "
        "of your own classes.",
        id="oscar_subscriptions.W007",
    )


def _missing(
    guarded: Iterable[tuple[type, type]], message: str, *, hint: str, id: str
) -> list[CheckMessage]:
    """Return a warning that names each class of ``guarded`` that lacks its mixin."""
    names = [cls.__name__ for cls, mixin in guarded if not issubclass(cls, mixin)]
    return [Warning(message.format(names=", ".join(names)), hint=hint, id=id)] if names else []


def _basket() -> Iterator[tuple[type, type]]:
    from oscar.core.loading import get_class, get_model

    from oscar_subscriptions.basket import mixins, model_mixins

    yield get_model("basket", "Basket"), model_mixins.PlanBasketMixin
    for name, mixin in {
        "AddToBasketForm": mixins.PlanAddToBasketFormMixin,
        "SimpleAddToBasketForm": mixins.PlanAddToBasketFormMixin,
        "BasketLineForm": mixins.PlanBasketLineFormMixin,
        "SavedLineForm": mixins.PlanSavedLineFormMixin,
    }.items():
        yield get_class("basket.forms", name), mixin
    yield get_class("basket.views", "BasketAddView"), mixins.PlanBasketAddViewMixin


def _checkout() -> Iterator[tuple[type, type]]:
    from oscar.core.loading import get_class

    from oscar_subscriptions.checkout import mixins

    for name, mixin in {
        "IndexView": mixins.PlanIndexMixin,
        "PaymentDetailsView": mixins.PlanOrderMixin,
        "ThankYouView": mixins.PlanThankYouMixin,
    }.items():
        yield get_class("checkout.views", name), mixin


def _catalogue_dashboard() -> Iterator[tuple[type, type]]:
    from oscar_subscriptions.dashboard.catalogue import mixins

    if "catalogue_dashboard" in apps.app_configs:
        config: Any = apps.get_app_config("catalogue_dashboard")
        update = config.product_createupdate_view
        yield config.product_list_view, mixins.PlanProductListMixin
        yield config.product_bulk_action_confirm_view, mixins.PlanBulkActionMixin
        yield update, mixins.PlanProductUpdateMixin
        yield config.product_delete_view, mixins.PlanProductDeleteMixin
        yield update.stockrecord_formset, mixins.PlanStockRecordFormSetMixin


def _partners_dashboard() -> Iterator[tuple[type, type]]:
    from oscar_subscriptions.dashboard.partners import mixins

    if "partners_dashboard" in apps.app_configs:
        config: Any = apps.get_app_config("partners_dashboard")
        yield config.delete_view, mixins.VendorDeleteMixin
