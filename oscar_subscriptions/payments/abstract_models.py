"""Tries to collect the money of an order, and what was taken back of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.payments.reversals import policy

OPEN = "open"


class AttemptQuerySet(models.QuerySet):
    """Attempts."""

    def open(self) -> "AttemptQuerySet":
        """Attempts whose session may still be paid, as far as we know."""
        return self.filter(status=OPEN)

    def to_reconcile(self) -> "AttemptQuerySet":
        """Attempts to ask the provider about: open, or marked by an event, oldest first."""
        return self.filter(Q(status=OPEN) | Q(due_at__isnull=False)).order_by("pk")

    def at_provider(self) -> "AttemptQuerySet":
        """Attempts that the provider knows: it can be asked about them."""
        off_session = Q(kind="off-session") & ~Q(payment_intent_id="")
        return self.filter(Q(session_id__isnull=False) | off_session)

    def hint(self) -> int:
        """Mark these attempts as due: something happened to them at the provider."""
        return self.update(due_at=timezone.now(), hints=F("hints") + 1)


class AbstractAttempt(models.Model):
    """One try to collect the money of one order: *hosted*, by the member on the provider's page, or
    *off-session*, from the means of payment that the provider keeps, while the member is not there.

    Legend::

        open ──► paid        the provider says so, and amount, currency, reference and mode match
          ├────► refused     the provider says paid, but something does not match: ``problem``
          ├────► expired     the provider closed it unpaid, or its bank refused; the order can be
          │                  paid again
          └────► cancelled   the member cancelled the order and the provider confirmed the expiry

    Expired and cancelled are what we last heard: money that arrives later still makes the attempt
    paid or refused. ``due_at`` is a hint (an event came in): it survives a crash, and the next
    run asks the provider. ``hints`` counts them, so that one that comes in while the provider is
    being asked is not taken for the one that was followed; clocks could not tell.

    ``effect`` is what the reversals of this payment do to the term, as last applied: nothing,
    ``suspended`` or ``revoked``. Money of a *surplus* attempt bought nothing: the order had been
    paid before.

    An off-session attempt has no session: ``payment_intent_id`` is written before any bank is
    asked, and that payment alone is ever confirmed.

    Provider ids are text, not foreign keys to dj-stripe's tables: those carry the shop's
    ``to_field`` setting and cascade.
    """

    OPEN, PAID, REFUSED, EXPIRED, CANCELLED = OPEN, "paid", "refused", "expired", "cancelled"
    SETTLED = (PAID, REFUSED)
    HOSTED, OFF_SESSION = "hosted", "off-session"
    SUSPENDED, REVOKED = policy.SUSPENDED, policy.REVOKED
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
    kind = models.CharField(
        _("Kind"),
        max_length=16,
        default=HOSTED,
        choices=((HOSTED, _("On the provider's page")), (OFF_SESSION, _("Automatic"))),
    )
    # As it was decided when the attempt began, so that the page asked for again is the same.
    keeps_means = models.BooleanField(_("Keeps the means of payment"), default=False)
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
    received = models.PositiveBigIntegerField(_("Received in minor units"), null=True, blank=True)
    is_surplus = models.BooleanField(_("Second payment"), default=False)
    effect = models.CharField(
        _("Effect of reversals"),
        max_length=16,
        blank=True,
        choices=((SUSPENDED, _("Suspended")), (REVOKED, _("Revoked"))),
    )
    hints = models.PositiveIntegerField(_("Hints"), default=0)
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

    @property
    def is_off_session(self) -> bool:
        """Whether the member is not there."""
        return self.kind == self.OFF_SESSION

    @property
    def provider_id(self) -> str:
        """The id by which the provider is asked about it; empty while it knows nothing of it."""
        return (self.payment_intent_id if self.is_off_session else self.session_id) or ""


class AbstractReversal(models.Model):
    """A refund or a dispute of a payment, as the provider last reported it.

    Unique by the provider's id, so that a report that comes ten times is one row.
    """

    REFUND, DISPUTE = policy.REFUND, policy.DISPUTE

    attempt = models.ForeignKey(
        "oscar_subscriptions_payments.Attempt",
        on_delete=models.PROTECT,
        related_name="reversals",
        verbose_name=_("Payment attempt"),
    )
    provider_id = models.CharField(_("Id at the provider"), max_length=255, unique=True)
    kind = models.CharField(
        _("Kind"), max_length=16, choices=((REFUND, _("Refund")), (DISPUTE, _("Dispute")))
    )
    status = models.CharField(_("Status"), max_length=64)
    amount = models.PositiveBigIntegerField(_("Amount in minor units"))
    currency = models.CharField(_("Currency"), max_length=12)
    is_money_gone = models.BooleanField(
        _("Money is gone"),
        default=False,
        help_text=_(
            "Whether the provider has taken the money from the shop and not given it back."
        ),
    )
    reason = models.CharField(_("Reason"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("Last changed"), auto_now=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions_payments"
        ordering = ["pk"]
        verbose_name = _("Reversal")
        verbose_name_plural = _("Reversals")

    def __str__(self) -> str:
        return f"{self.provider_id} {self.status}"

    @property
    def is_over(self) -> bool:
        """Whether a dispute has ended."""
        return self.kind == self.DISPUTE and self.status in policy.CLOSED


class AbstractMeans(models.Model):
    """By what ids the provider keeps a member as a customer, and a means of payment of his.

    No digit of a card: the ids alone, as text. Without a payment method there is a customer and
    nothing to charge. Without a member the customer is to be deleted at the provider: the row goes
    once that is done, see ``forgetting``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Member"),
    )
    livemode = models.BooleanField(_("Live mode"))
    customer_id = models.CharField(_("Customer at the provider"), max_length=255)
    payment_method_id = models.CharField(
        _("Payment method at the provider"), max_length=255, blank=True
    )
    updated_at = models.DateTimeField(_("Last changed"), auto_now=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions_payments"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "livemode"], name="oscar_subscriptions_one_means"
            )
        ]
        verbose_name = _("Means of payment")
        verbose_name_plural = _("Means of payment")

    def __str__(self) -> str:
        return f"{self.user or '–'}: {self.customer_id}"


class AbstractOrderLease(models.Model):
    """Who is asking the provider about an order right now; see ``lease``."""

    order = models.OneToOneField(
        "order.Order", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    holder = models.UUIDField(_("Holder"), null=True)
    taken_at = models.DateTimeField(_("Taken"), null=True)
    until = models.DateTimeField(_("Until"), null=True)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions_payments"
        verbose_name = _("Lease of an order")
        verbose_name_plural = _("Leases of orders")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.holder}"
