"""Oscar's view with the mixin in front; of a shop that overrides Oscar's, the shop's."""

from typing import Any

from oscar.core.loading import get_class

from oscar_subscriptions.dashboard.partners import mixins

OscarDeleteView: Any = get_class("dashboard.partners.views", "PartnerDeleteView")


class PartnerDeleteView(mixins.VendorDeleteMixin, OscarDeleteView):
    pass
