"""Staff take a service, or a seller's page, out of the shop, and let it back in.

All of it is under the seller's lock, as parking is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from oscar_subscriptions import journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.sellers import listings, parking, status, take_down_mails
from oscar_subscriptions.transactions import locked, transactional

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Product, Seller, Subscription, TakeDown, User


class NotTakenDownError(Exception):
    """There is nothing to do; the message tells the operator why."""


@transactional
def take_down(
    seller: Seller, product: Product | None = None, *, reason: str, actor: User
) -> TakeDown:
    """Take a service out of the shop, or the page of its seller, until it is lifted.

    Args:
        product: a service of ``seller``; ``None``: the page.
        reason: what the seller reads.
        actor: the operator.

    Raises:
        NotTakenDownError: it is taken down already, or no service of the seller's.
    """
    seller = locked(registered.Seller, seller.pk)
    rows = registered.TakeDown.objects
    if (rows.of_page(seller) if product is None else rows.of_service(product)) is not None:
        raise NotTakenDownError(_("It is taken down already."))
    was_offered = True
    if product is None:
        seller.has_page = False
        seller.save(update_fields=["has_page"])
    else:
        if not listings.services(seller).filter(pk=product.pk).exists():
            raise NotTakenDownError(_("This seller has no such service."))
        product.refresh_from_db(fields=["is_public"])
        parked = registered.ParkedListing.objects.filter(product=product.pk)
        was_offered = product.is_public or parked.exists()
        parking.unpark(product)
        parking.hide(product)
    row = rows.create(
        seller=seller,
        product=product,
        reason=reason.strip()[:255],
        was_offered=was_offered,
        taken_down_by=actor,
        taken_down_by_name=journal.display_name(actor),
    )
    _tell(row, journal.TAKEN_DOWN, take_down_mails.TAKEN_DOWN, reason, actor)
    return row


@transactional
def lift(row: TakeDown, *, reason: str, actor: User) -> None:
    """End a take-down. A service that was in the shop, or parked, is parked, and comes back at once
    if its seller's term and limit allow; one that somebody else sells since stays out. A page is
    there again.

    Args:
        row: the ``TakeDown``.
        reason: why; kept in the journal.
        actor: the operator.

    Raises:
        NotTakenDownError: it is lifted already.
    """
    seller = locked(registered.Seller, row.seller_id)
    row.refresh_from_db()
    if row.lifted_at is not None:
        raise NotTakenDownError(_("It is lifted already."))
    row.lifted_at = timezone.now()
    row.save(update_fields=["lifted_at"])
    if row.product is None:
        seller.has_page = True
        seller.save(update_fields=["has_page"])
    elif row.was_offered and listings.services(seller).filter(pk=row.product.pk).exists():
        parking.unpark(row.product)
        # If it does not come back at once, a seller's limit holds it, and nothing else.
        over_limit = seller.user is not None and status.is_seller(seller.user)
        seller.parked_listings.create(product=row.product, over_limit=over_limit)
        parking.sync_listings(seller)
    _tell(row, journal.TAKE_DOWN_LIFTED, take_down_mails.LIFTED, reason, actor)


def check(product: Product) -> None:
    """Refuse to put ``product`` into the shop if staff have taken it down.

    Raises:
        NotOfferedError: they have.
    """
    row = registered.TakeDown.objects.of_service(product)
    if row is not None:
        raise NotOfferedError(message(row))


class NotOfferedError(Exception):
    """Staff have taken the service down; the message says so to its seller."""


def message(row: TakeDown) -> str:
    """Return the message that staff have taken a service down, and why."""
    return _("The shop has taken this service down: %(reason)s") % {"reason": row.reason}


def _tell(row: TakeDown, kind: str, mail: str, reason: str, actor: User) -> None:
    subscription = subscription_of(row.seller)
    if subscription is None:  # the account is gone
        return
    detail = {"service": row.product.title} if row.product is not None else {}
    journal.record(subscription, kind, detail=detail, reason=reason, actor=actor)
    outbox.to_member(subscription, mail, f"take-down-{row.pk}", {"take_down": row.pk})


def subscription_of(seller: Seller) -> Subscription | None:
    """Return the subscription in whose journal is written what happens to ``seller``: the newest;
    ``None`` if the account is gone."""
    if seller.user_id is None:
        return None
    rows = registered.Subscription.objects.select_related("plan__product", "user")
    return rows.filter(user=seller.user_id).order_by("pk").last()
