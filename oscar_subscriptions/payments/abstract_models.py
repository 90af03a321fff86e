"""One try to collect the money of one order."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

OPEN = "open"


class AttemptQuerySet(models.QuerySet):
    """Attempts."""

    def open(self) -> "AttemptQuerySet":
        """Attempts whose session may still be paid, as far as we know."""
        return self.filter(status=OPEN)

    def to_reconcile(self) -> "AttemptQuerySet":
        """Attempts to ask the provider about: open, or marked by an event, oldest first."""
        return self.filter(Q(status=OPEN) | Q(due_at__isnull=False)).order_by("pk")


class AbstractAttempt(models.Model):
    """One try to collect the money of one order on the provider's page.

    Legend::

        open ──► paid        the provider says so, and amount, currency, reference and mode match
          ├────► refused     the provider says paid, but something does not match: ``problem``
          ├────► expired     the provider closed the session unpaid; the order can be paid again
          └────► cancelled   the member cancelled the order and the provider confirmed the expiry

    Expired and cancelled are what we last heard: money that arrives later still makes the attempt
    paid or refused. ``due_at`` is a hint (an event came in): it survives a crash, and the next
    run asks the provider.

    Provider ids are text, not foreign keys to dj-stripe's tables: those carry the shop's
    ``to_field`` setting and cascade.
    """

    OPEN, PAID, REFUSED, EXPIRED, CANCELLED = OPEN, "paid", "refused", "expired", "cancelled"
    SETTLED = (PAID, REFUSED)
    STATUS_CHOICES = (
        (OPEN, _("Open")),
        (PAID, _("Paid")),
        (REFUSED, _("Refused")),
        (EXPIRED, _("Expired")),
        (CANCELLED, _("Cancelled")),
    )

    order = models.ForeignKey(
        "order.Order",
        on_delete=models.PROTECT,
        related_name="subscription_attempts",
        verbose_name=_("Order"),
    )
    # Also the idempotency key and the ``client_reference_id`` of the session.
    reference = models.UUIDField(_("Reference"), default=uuid.uuid4, unique=True, editable=False)
    amount = models.PositiveBigIntegerField(_("Amount in minor units"))
    currency = models.CharField(_("Currency"), max_length=12)
    livemode = models.BooleanField(_("Live mode"), default=False)
    session_id = models.CharField(_("Session"), max_length=255, null=True, blank=True, unique=True)
    payment_intent_id = models.CharField(_("Payment"), max_length=255, blank=True)
    charge_id = models.CharField(_("Charge at the provider"), max_length=255, blank=True)
    url = models.TextField(_("Hosted page"), blank=True)
    status = models.CharField(_("Status"), max_length=16, choices=STATUS_CHOICES, default=OPEN)
    problem = models.CharField(_("Problem"), max_length=255, blank=True)
    due_at = models.DateTimeField(_("To reconcile since"), null=True, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    reconciled_at = models.DateTimeField(_("Last reconciled"), null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions_payments"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status="open"),
                name="oscar_subscriptions_one_open_attempt",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(status="open") | Q(due_at__isnull=False),
                name="oscar_subs_attempt_open",
            )
        ]
        verbose_name = _("Payment attempt")
        verbose_name_plural = _("Payment attempts")

    def __str__(self) -> str:
        return f"{self.order} – {self.get_status_display()}"
