"""Facts that arrive as Django signals."""

from typing import Any

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


# The sender is an instance, so the receiver is connected to every sender.
@receiver(order_status_changed, dispatch_uid="oscar_subscriptions.order_status_changed")
def fulfil_order_marked_paid(order: Any, new_status: str, **kwargs: Any) -> None:
    """Fulfil an order that staff marked as paid by hand, in a shop that wants this.

    Ignored for an order with a seller's line: whoever sells one line of an order may change its
    status, and a member could so pay his own membership with a click.
    """
    if new_status in conf.settings.PAID_ORDER_STATUSES and not _has_seller_line(order):
        fulfilment.order_paid(order)


@receiver(
    pre_delete,
    sender=django_settings.AUTH_USER_MODEL,
    dispatch_uid="oscar_subscriptions.account_deleted",
)
def note_deleted_account(instance: Any, **kwargs: Any) -> None:
    """Keep, in the history of the subscriptions, whose they were."""
    people.record_account_deletion(instance)


@receiver(post_migrate, dispatch_uid="oscar_subscriptions.email_rows")
def make_emails_editable(app_config: Any, using: str, apps: Any = None, **kwargs: Any) -> None:
    """Give the dashboard the rows of our e-mails, also when a language or a kind is new."""
    if app_config.label == CORE_LABEL:
        overrides.create_rows(kinds.KINDS.values(), apps=apps or installed_apps, using=using)


# Whether or not the shop opens Oscar's dashboard to sellers: staff may have opened it to one of
# them by hand. In the member space our own form sees to it.
@receiver(pre_save, sender="catalogue.Product", dispatch_uid="oscar_subscriptions.service")
def sanitise_service(instance: Any, **kwargs: Any) -> None:
    """Make safe what Oscar's page of a service shows unescaped."""
    if not _is_service(instance):
        return
    if instance.description:
        instance.description = html.sanitised(instance.description)
    # Oscar writes them after the product, in bulk and without signals.
    for attribute in instance.attr.get_all_attributes():
        if attribute.type == attribute.RICHTEXT:
            text = getattr(instance.attr, attribute.code, None)
            if text:
                setattr(instance.attr, attribute.code, html.sanitised(text))


@receiver(post_save, sender="partner.StockRecord", dispatch_uid="oscar_subscriptions.new_service")
def sanitise_new_service(instance: Any, created: bool, **kwargs: Any) -> None:
    """Make a product safe that becomes a service with its stock record, which Oscar saves last."""
    Seller = registered.Seller
    if created and Seller.objects.filter(partner=instance.partner_id).exists():
        for product in filter(None, [instance.product.parent, instance.product]):
            product.save()


def _is_service(product: Any) -> bool:
    """Whether a seller offers ``product``, or a variant of it."""
    sellers = registered.Seller.objects
    offered = Q(partner__stockrecords__product=product.pk) | Q(
        partner__stockrecords__product__parent=product.pk
    )
    return product.pk is not None and sellers.filter(offered).exists()


def _has_seller_line(order: Any) -> bool:
    return vendors.with_sellers().filter(pk__in=order.lines.values("partner")).exists()
