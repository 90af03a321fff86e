"""Attempts to collect the money of an order."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.payments.reversals import policy

if TYPE_CHECKING:
    from oscar_subscriptions.payments.models import Attempt  # noqa: F401
    from oscar_subscriptions.protocols import Order

OPEN = "open"
# A question about the attempt is not answered yet.
DUE = Q(asked__gt=F("answered"))


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Attempts."""

    def open(self) -> Self:
        """Attempts whose session may still be paid, as far as we know."""
        return self.filter(status=OPEN)

    def to_reconcile(self) -> Self:
        """Attempts to ask the provider about: open or due; oldest first."""
        return self.filter(Q(status=OPEN) | DUE).order_by("pk")

    def at_provider(self) -> Self:
        """Attempts that the provider knows: it can be asked about them."""
        off_session = Q(kind="off-session") & ~Q(payment_intent_id="")
        return self.filter(Q(session_id__isnull=False) | off_session)

    def unfinished(self) -> Self:
        """Attempts whose outcome may still ask something of the daily run."""
        return self.filter(is_followed_up=False)

    def mark_due(self) -> int:
        """Write that the provider is to be asked about these attempts; return how many they are."""
        return self.update(asked=F("asked") + 1)


class AbstractAttempt(models.Model):
    """One try to collect the money of one order: *hosted*, by the member on the provider's page, or
    *off-session*, with the stored payment method, while the member is absent.

    Legend::

        open ──► paid        the provider says so, and amount, currency, reference and mode match
          ├────► refused     the provider says paid, but something does not match: ``problem``
          ├────► expired     the provider closed it unpaid, or the bank refused; the order can be
          │                  paid again
          └────► cancelled   the member cancelled the order and the provider confirmed the expiry

    Expired and cancelled are not final: money that arrives later still makes the attempt paid or
    refused.

    Questions to the provider are counted, because clocks are not precise enough: ``asked`` is the
    number of the newest one, whether it was put or is called for by an event, and ``answered`` that
    of the newest one whose answer was applied. So an answer that is older than one applied is
    recognised, and a question that a crash left without an answer is put again by the next run.
    ``reconciled_at`` is when the provider was last asked and the attempt agreed, or was changed so
    that it does.

    ``effect`` is what the reversals of this payment do to the term, as last applied: "",
    ``suspended`` or ``revoked``. A *surplus* attempt bought nothing: the order was already paid.

    *Followed up* is an attempt whose outcome has been acted on: the term is given, the order shows
    it. *Watched* is a paid one while its term runs: it may be refunded or disputed. Both are set
    and taken off by the daily run, which therefore reads neither the settled nor the old.

    An off-session attempt has no session. Its ``payment_intent_id`` is written before any bank is
    asked, and no other payment is ever confirmed.

    Provider ids are text, not foreign keys to dj-stripe's tables: those depend on the shop's
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

    order: models.ForeignKey[Order, Order] = models.ForeignKey(
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
    # Decided when the attempt began: the provider refuses an idempotency key with other parameters.
    keeps_payment_method = models.BooleanField(_("Keeps the payment method"), default=False)
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
    asked = models.PositiveIntegerField(_("Questions to the provider"), default=0)
    answered = models.PositiveIntegerField(_("Newest question answered"), default=0)
    is_followed_up = models.BooleanField(_("Followed up"), default=False)
    is_watched = models.BooleanField(_("Watched for refunds"), default=True)
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
                condition=Q(status="open") | DUE,
                name="oscar_subs_attempt_open",
            ),
            models.Index(
                fields=["id"],
                condition=Q(is_followed_up=False),
                name="oscar_subs_attempt_unfinished",
            ),
            models.Index(
                fields=["reconciled_at", "id"],
                condition=Q(status="paid", is_watched=True),
                name="oscar_subs_attempt_watched",
            ),
            # By which an event about a refund or a dispute finds it.
            models.Index(fields=["payment_intent_id"], name="oscar_subs_attempt_intent"),
            # By which an operator does.
            models.Index(fields=["charge_id"], name="oscar_subs_attempt_charge"),
        ]
        verbose_name = _("Payment attempt")
        verbose_name_plural = _("Payment attempts")

    def __str__(self) -> str:
        return f"{self.order} – {self.get_status_display()}"

    @property
    def is_off_session(self) -> bool:
        """Whether the member is absent."""
        return self.kind == self.OFF_SESSION

    @property
    def is_due(self) -> bool:
        """Whether a question about it is not answered yet."""
        return self.asked > self.answered

    @property
    def provider_id(self) -> str:
        """The id of its session or payment; empty while the provider does not know it."""
        return (self.payment_intent_id if self.is_off_session else self.session_id) or ""
