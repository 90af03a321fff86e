from oscar_subscriptions.members.views import plans


class PlanListView(plans.PlanListView):
    """Overrides one view of the module; the others stay the extension's."""

    extra_context = {"forked": True}
