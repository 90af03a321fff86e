"""Oscar's view, or a shop's override of it, with the mixin in front."""

from typing import Any

from oscar.core.loading import get_class

from oscar_subscriptions.dashboard.partners import mixins

OscarDeleteView: Any = get_class("dashboard.partners.views", "PartnerDeleteView")


class PartnerDeleteView(mixins.VendorDeleteMixin, OscarDeleteView):
    pass
