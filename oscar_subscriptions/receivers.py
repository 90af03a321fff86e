"""Receivers of Django's and Oscar's signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps as installed_apps
from django.conf import settings as django_settings
from django.db.models import Q
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_save
from django.dispatch import receiver
from oscar.apps.order.signals import order_status_changed

from oscar_subscriptions import conf, fulfilment
from oscar_subscriptions.loading import CORE_LABEL, registered
from oscar_subscriptions.mail import kinds, overrides
from oscar_subscriptions.plans import vendors
from oscar_subscriptions.privacy import people
from oscar_subscriptions.sellers import html

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
    pre_delete,
    sender=django_settings.AUTH_USER_MODEL,
    dispatch_uid="oscar_subscriptions.account_deleted",
)
def note_deleted_account(instance: User, **kwargs: object) -> None:
    """Record the member in the history of the subscriptions before the account is deleted."""
    people.record_account_deletion(instance)


@receiver(post_migrate, dispatch_uid="oscar_subscriptions.email_rows")
def make_emails_editable(
    app_config: AppConfig, using: str, apps: Apps | None = None, **kwargs: object
) -> None:
    """Create the dashboard's rows for all mail kinds and languages, including new ones."""
    if app_config.label == CORE_LABEL:
        overrides.create_rows(kinds.KINDS.values(), apps=apps or installed_apps, using=using)


# In every shop, because staff may give any seller access to Oscar's dashboard. In the member space
# our own form does the same.
@receiver(pre_save, sender="catalogue.Product", dispatch_uid="oscar_subscriptions.service")
def sanitise_service(instance: Product, **kwargs: object) -> None:
    """Sanitise the HTML that Oscar's page of a service shows unescaped."""
    if not _is_service(instance):
        return
    if instance.description:
        instance.description = html.sanitised(instance.description)
    # Oscar writes attributes after the product, in bulk and without signals.
    for attribute in instance.attr.get_all_attributes():
        if attribute.type == attribute.RICHTEXT:
            text = getattr(instance.attr, attribute.code, None)
            if text:
                setattr(instance.attr, attribute.code, html.sanitised(text))


@receiver(post_save, sender="partner.StockRecord", dispatch_uid="oscar_subscriptions.new_service")
def sanitise_new_service(instance: StockRecord, created: bool, **kwargs: object) -> None:
    """Sanitise a product that becomes a service with its stock record, which Oscar saves last."""
    if created and registered.Seller.objects.filter(partner=instance.partner_id).exists():
        for product in filter(None, [instance.product.parent, instance.product]):
            product.save()


def _is_service(product: Product) -> bool:
    """Return whether a seller offers ``product`` or a variant of it."""
    sellers = registered.Seller.objects
    offered = Q(partner__stockrecords__product=product.pk) | Q(
        partner__stockrecords__product__parent=product.pk
    )
    return product.pk is not None and sellers.filter(offered).exists()


def _has_seller_line(order: Order) -> bool:
    return vendors.with_sellers().filter(pk__in=order.lines.values("partner")).exists()
