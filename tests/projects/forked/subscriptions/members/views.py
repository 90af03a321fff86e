from oscar_subscriptions.members import views


class PlanListView(views.PlanListView):
    """Overrides one view of the module; the others stay the extension's."""

    extra_context = {"forked": True}
