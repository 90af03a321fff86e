"""Facts that arrive as Django signals."""

from typing import Any

from django.apps import apps as installed_apps
from django.conf import settings as django_settings
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_save
from django.dispatch import receiver
from oscar.apps.order.signals import order_status_changed
from oscar.core.loading import get_model

from oscar_subscriptions import conf, fulfilment, mail_texts, mails
from oscar_subscriptions.loading import CORE_LABEL
from oscar_subscriptions.members import html
from oscar_subscriptions.privacy import people


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
    people.farewell(instance)


@receiver(post_migrate, dispatch_uid="oscar_subscriptions.email_rows")
def make_emails_editable(app_config: Any, using: str, apps: Any = None, **kwargs: Any) -> None:
    """Give the dashboard the rows of our e-mails, also when a language or a kind is new."""
    if app_config.label == CORE_LABEL:
        mail_texts.create_rows(mails.KINDS.values(), apps=apps or installed_apps, using=using)


@receiver(pre_save, dispatch_uid="oscar_subscriptions.sanitise_service")
@receiver(post_save, dispatch_uid="oscar_subscriptions.sanitise_new_service")
def sanitise_service(sender: Any, instance: Any, created: bool = False, **kwargs: Any) -> None:
    """Make a description safe that a seller may have written in Oscar's partner dashboard.

    Oscar's product page shows it unescaped; in the member space our own form sees to it. A new
    product becomes a service with its stock record, which Oscar saves after it.
    """
    if not conf.settings.PARTNER_DASHBOARD:
        return
    Seller = get_model("oscar_subscriptions", "Seller")
    if created and isinstance(instance, get_model("partner", "StockRecord")):
        if Seller.objects.filter(partner=instance.partner_id).exists():
            instance.product.save()
    elif isinstance(instance, get_model("catalogue", "Product")) and instance.pk:
        offered = Seller.objects.filter(partner__stockrecords__product=instance.pk)
        if instance.description and offered.exists():
            instance.description = html.sanitised(instance.description)


def _has_seller_line(order: Any) -> bool:
    partners = order.lines.values("partner")
    Partner = get_model("partner", "Partner")
    return (
        get_model("oscar_subscriptions", "Seller").objects.filter(partner__in=partners).exists()
        or Partner.objects.filter(pk__in=partners, users__is_staff=False).exists()
    )
