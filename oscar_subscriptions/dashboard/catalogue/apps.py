from oscar.apps.dashboard.catalogue import apps


class CatalogueDashboardConfig(apps.CatalogueDashboardConfig):
    """Oscar's app, in which sellers can't change plans and no plan's product is deleted."""

    name = "oscar_subscriptions.dashboard.catalogue"

    def ready(self) -> None:
        super().ready()
        from oscar_subscriptions.dashboard.catalogue import views

        self.product_list_view = views.ProductListView
        self.product_bulk_action_confirm_view = views.ProductBulkActionConfirmView
        self.product_createupdate_view = views.ProductCreateUpdateView
        self.product_delete_view = views.ProductDeleteView
