"""Receivers of Django's and Oscar's signals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps as installed_apps
from django.conf import settings as django_settings
from django.db.models.signals import post_delete, post_init, post_migrate, post_save, pre_delete
from django.dispatch import receiver
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.loading import CORE_LABEL
from oscar_subscriptions.mail import kinds, overrides
from oscar_subscriptions.plans import offers, vendors
from oscar_subscriptions.privacy import people
from oscar_subscriptions.sellers import parking

if TYPE_CHECKING:
    from django.apps import AppConfig
    from django.apps.registry import Apps

    from oscar_subscriptions.protocols import Order, Product, StockRecord, User


# Without sender: Oscar sends it with the order, an instance, as sender.
@receiver(order_status_changed, dispatch_uid="oscar_subscriptions.order_status_changed")
def fulfil_order_marked_paid(order: Order, new_status: str, **kwargs: object) -> None:
    """Fulfil an order that staff marked as paid, if its status is in ``PAID_ORDER_STATUSES``.

    Orders with a seller's line are ignored: sellers may change the status of such an order, and
    could mark their own membership as paid.
    """
    if new_status in conf.settings.PAID_ORDER_STATUSES and not _has_seller_line(order):
        fulfilment.order_paid(order)


@receiver(
    [post_save, post_delete],
    sender=get_model("basket", "Line"),
    dispatch_uid="oscar_subscriptions.basket_changed",
)
def read_lines_again(instance: Any, created: bool = True, **kwargs: object) -> None:
    """Let a basket read its lines again after one was added or removed by other ways than its own
    methods, which see to it themselves."""
    basket = instance._state.fields_cache.get("basket")
    if basket is not None and created:
        basket._lines = None


@receiver(
    pre_delete,
    sender=django_settings.AUTH_USER_MODEL,
    dispatch_uid="oscar_subscriptions.account_deleted",
)
def note_deleted_account(instance: User, **kwargs: object) -> None:
    """Record the member in the history of the subscriptions before the account is deleted; the
    next run takes the services out of the shop."""
    people.record_account_deletion(instance)
    parking.mark_due(instance)


@receiver(
    post_save,
    sender=django_settings.AUTH_USER_MODEL,
    dispatch_uid="oscar_subscriptions.account_saved",
)
def look_at_services_of_account(
    instance: User, created: bool, update_fields: frozenset[str] | None, **kwargs: object
) -> None:
    """Have the next run look at a seller's services after the account was saved: staff may have
    closed it or opened it again."""
    if not created and (update_fields is None or "is_active" in update_fields):
        parking.mark_due(instance)


@receiver(post_init, sender="partner.StockRecord", dispatch_uid="oscar_subscriptions.record_read")
def remember_record(instance: StockRecord, **kwargs: object) -> None:
    """Remember that a stock record was read, so that a page asks about all of them at once."""
    offers.remember(instance)


@receiver(post_init, sender="catalogue.Product", dispatch_uid="oscar_subscriptions.product_read")
def remember_product(instance: Product, **kwargs: object) -> None:
    """Remember that a product was read, as :func:`remember_record`."""
    offers.remember_product(instance)


@receiver(post_migrate, dispatch_uid="oscar_subscriptions.email_rows")
def make_emails_editable(
    app_config: AppConfig, using: str, apps: Apps | None = None, **kwargs: object
) -> None:
    """Create the dashboard's rows for all mail kinds and languages, including new ones."""
    if app_config.label == CORE_LABEL:
        overrides.create_rows(kinds.KINDS.values(), apps=apps or installed_apps, using=using)


def _has_seller_line(order: Order) -> bool:
    return vendors.with_sellers().filter(pk__in=order.lines.values("partner")).exists()
