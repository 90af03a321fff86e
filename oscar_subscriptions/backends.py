"""Permissions that follow from the terms. None are stored, so none have to be revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import BaseBackend

from oscar_subscriptions import sellers

if TYPE_CHECKING:
    from django.db.models import Model

    from oscar_subscriptions.protocols import Visitor

SELL = "oscar_subscriptions.sell"


class SellerBackend(BaseBackend):
    """Answer ``has_perm("oscar_subscriptions.sell")`` from the terms; last in
    ``AUTHENTICATION_BACKENDS``.

    A superuser has every permission, so code that must know whether a user *is* a seller calls
    ``sellers.is_seller``.
    """

    def get_user_permissions(self, user_obj: Visitor, obj: Model | None = None) -> set[str]:
        """Return the permissions that seller status gives today; none for single objects."""
        return {SELL} if obj is None and sellers.is_seller(user_obj) else set()

    def get_all_permissions(self, user_obj: Visitor, obj: Model | None = None) -> set[str]:
        """Return the same as :meth:`get_user_permissions`; groups give nothing here."""
        return self.get_user_permissions(user_obj, obj)

    def has_perm(self, user_obj: Visitor, perm: str, obj: Model | None = None) -> bool:
        """Return whether seller status gives ``perm``; other permissions cost no query."""
        return perm == SELL and obj is None and sellers.is_seller(user_obj)

    def has_module_perms(self, user_obj: Visitor, app_label: str) -> bool:
        """Return whether seller status gives any permission of ``app_label``."""
        return app_label == SELL.split(".")[0] and sellers.is_seller(user_obj)
