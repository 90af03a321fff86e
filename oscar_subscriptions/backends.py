"""Permissions that follow from the terms. None are stored, so none have to be revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import BaseBackend

from oscar_subscriptions import conf, sellers

if TYPE_CHECKING:
    from django.db.models import Model

    from oscar_subscriptions.protocols import Visitor

SELL = "oscar_subscriptions.sell"
DASHBOARD_ACCESS = "partner.dashboard_access"


class SellerBackend(BaseBackend):
    """Answer ``has_perm("oscar_subscriptions.sell")`` from the terms; last in
    ``AUTHENTICATION_BACKENDS``.

    Where the shop opts in (``OSCAR_SUBSCRIPTIONS_PARTNER_DASHBOARD``) sellers also have
    ``partner.dashboard_access``. A superuser has every permission, so code that must know whether a
    user *is* a seller calls ``sellers.is_seller``.
    """

    def get_user_permissions(self, user_obj: Visitor, obj: Model | None = None) -> set[str]:
        """Return the permissions that seller status gives today; none for single objects."""
        if obj is not None or not sellers.is_seller(user_obj):
            return set()
        return self._granted()

    def get_all_permissions(self, user_obj: Visitor, obj: Model | None = None) -> set[str]:
        """Return the same as :meth:`get_user_permissions`; groups give nothing here."""
        return self.get_user_permissions(user_obj, obj)

    def has_perm(self, user_obj: Visitor, perm: str, obj: Model | None = None) -> bool:
        """Return whether seller status gives ``perm``; other permissions cost no query."""
        return perm in self._granted() and perm in self.get_user_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Visitor, app_label: str) -> bool:
        """Return whether seller status gives any permission of ``app_label``."""
        return any(
            self.has_perm(user_obj, perm)
            for perm in self._granted()
            if perm.split(".")[0] == app_label
        )

    def _granted(self) -> set[str]:
        return {SELL, DASHBOARD_ACCESS} if conf.settings.PARTNER_DASHBOARD else {SELL}
