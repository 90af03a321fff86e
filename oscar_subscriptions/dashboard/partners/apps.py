from oscar.apps.dashboard.partners import apps


class PartnersDashboardConfig(apps.PartnersDashboardConfig):
    """Oscar's app, in which the partners of sellers and plans can't be deleted."""

    name = "oscar_subscriptions.dashboard.partners"

    def ready(self) -> None:
        super().ready()
        from oscar_subscriptions.dashboard.partners import views

        self.delete_view = views.PartnerDeleteView
