"""Permissions that follow from the terms. None are stored, so none have to be revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.backends import BaseBackend, ModelBackend

from oscar_subscriptions import sellers

if TYPE_CHECKING:
    from django.db.models import Model

    from oscar_subscriptions.protocols import User, Visitor

SELL = "oscar_subscriptions.sell"


class SellerBackend(BaseBackend):
    """Answer ``has_perm("oscar_subscriptions.sell")`` from the terms; first in
    ``AUTHENTICATION_BACKENDS``.

    Django asks the backends one after the other. First, this one answers for a seller with one
    query; behind Django's own, that one reads the user's permissions and groups before.

    A superuser has every permission, so code that must know whether a user *is* a seller calls
    ``sellers.is_seller``.
    """

    def get_user(self, user_id: object) -> User | None:
        """Return the active user with the primary key ``user_id``.

        Nobody signs in through this backend, but the first one is what ``login`` is often given.
        """
        user: User | None = ModelBackend().get_user(user_id)
        return user

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
