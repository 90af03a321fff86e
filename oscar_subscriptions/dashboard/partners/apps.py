from oscar.apps.dashboard.partners import apps


class PartnersDashboardConfig(apps.PartnersDashboardConfig):
    """Oscar's app; a partner with a past among the subscriptions is not deleted."""

    name = "oscar_subscriptions.dashboard.partners"

    def ready(self):
        super().ready()
        from oscar_subscriptions.dashboard.partners import views

        self.delete_view = views.PartnerDeleteView
