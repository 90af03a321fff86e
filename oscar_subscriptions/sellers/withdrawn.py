"""How many services a seller may keep out of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers.listings import services

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Seller


class TooManyWithdrawnError(Exception):
    """The seller keeps as many withdrawn services as anybody may."""


# Services are never deleted, so a script that adds and withdraws would fill the catalogue. Nobody
# has a use for more: a withdrawn service can be edited and published instead.
MAX_WITHDRAWN = 200


def check(seller: Seller) -> None:
    """Refuse one more service of a seller who keeps ``MAX_WITHDRAWN`` withdrawn ones.

    Raises:
        TooManyWithdrawnError: they do. The seller's row is to be locked by the caller.
    """
    hidden = services(seller).filter(is_public=False, subscription_parking__isnull=True)
    taken_down = registered.TakeDown.objects.open().filter(seller=seller, product__isnull=False)
    if hidden.exclude(pk__in=taken_down.values("product")).count() >= MAX_WITHDRAWN:
        raise TooManyWithdrawnError


def message() -> str:
    """Message: the seller keeps too many withdrawn services."""
    return _(
        "You keep %(number)s services that are not in the shop. Please change one of them and "
        "publish it, instead of adding another."
    ) % {"number": MAX_WITHDRAWN}
