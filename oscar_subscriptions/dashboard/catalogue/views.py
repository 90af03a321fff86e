"""Oscar's views, or a shop's overrides of them, with the mixins in front."""

from typing import Any

from oscar.core.loading import get_class

from oscar_subscriptions.dashboard.catalogue import mixins

MODULE = "dashboard.catalogue.views"

OscarStockRecordFormSet: Any = get_class("dashboard.catalogue.formsets", "StockRecordFormSet")
OscarListView: Any = get_class(MODULE, "ProductListView")
OscarBulkActionConfirmView: Any = get_class(MODULE, "ProductBulkActionConfirmView")
OscarCreateUpdateView: Any = get_class(MODULE, "ProductCreateUpdateView")
OscarDeleteView: Any = get_class(MODULE, "ProductDeleteView")


class StockRecordFormSet(mixins.PlanStockRecordFormSetMixin, OscarStockRecordFormSet):
    pass


class ProductListView(mixins.PlanProductListMixin, OscarListView):
    pass


class ProductBulkActionConfirmView(mixins.PlanBulkActionMixin, OscarBulkActionConfirmView):
    pass


class ProductCreateUpdateView(mixins.PlanProductUpdateMixin, OscarCreateUpdateView):
    stockrecord_formset = StockRecordFormSet


class ProductDeleteView(mixins.PlanProductDeleteMixin, OscarDeleteView):
    pass
