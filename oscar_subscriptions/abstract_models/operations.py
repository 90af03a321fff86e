"""For operators: alerts to resolve, and how far recurring work has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.querysets import AlertQuerySet

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Order


class AbstractAlert(models.Model):
    """A matter that only a person can decide, such as money that bought nothing.

    Legend::

        open ──resolved_at──► resolved     by an operator with a note, or by the software when the
          ▲                       │        cause is gone
          └──── raised again ─────┘        a lasting condition, or a fact that nobody had decided

    Unique by key: a fact that is reported a hundred times is one alert. Its title and advice are
    made from ``kind`` and ``detail`` when it is shown, in the reader's language.
    """

    key = models.CharField(_("Key"), max_length=128, unique=True)
    kind = models.CharField(_("Kind"), max_length=64)
    detail = models.JSONField(_("Detail"), default=dict, blank=True)
    reason = models.TextField(_("Reason"), blank=True)
    order: models.ForeignKey[Order | None, Order | None] = models.ForeignKey(
        "order.Order",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subscription_alerts",
        verbose_name=_("Order"),
    )
    subscription = models.ForeignKey(
        "oscar_subscriptions.Subscription",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="alerts",
        verbose_name=_("Subscription"),
    )
    raised_at = models.DateTimeField(_("Raised"), default=timezone.now)
    times = models.PositiveIntegerField(_("Times raised"), default=1)
    resolved_at = models.DateTimeField(_("Resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Resolved by"),
    )
    resolved_by_name = models.CharField(_("Resolved by"), max_length=255, blank=True)
    note = models.TextField(_("Note"), blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["-raised_at", "-pk"]
        indexes = [
            models.Index(
                fields=["-raised_at", "-id"],
                condition=models.Q(resolved_at__isnull=True),
                name="oscar_subs_alert_open",
            ),
            models.Index(fields=["-raised_at", "-id"], name="oscar_subs_alert_new"),
        ]
        permissions = [("resolve_alert", "Can resolve alerts")]
        verbose_name = _("Alert")
        verbose_name_plural = _("Alerts")

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class AbstractCheckpoint(models.Model):
    """How far recurring work has come: the moment of the last run or of the last event read, the
    last day that was lived through, the last row that had its turn."""

    name = models.CharField(_("Name"), max_length=64, unique=True)
    at = models.DateTimeField(_("Up to"), default=timezone.now)
    day = models.DateField(_("Day"), null=True, blank=True)
    row = models.BigIntegerField(_("Row"), default=0)

    class Meta:
        abstract = True
        app_label = "oscar_subscriptions"
        ordering = ["name"]
        verbose_name = _("Checkpoint")
        verbose_name_plural = _("Checkpoints")

    def __str__(self) -> str:
        return f"{self.name}: {self.at:%Y-%m-%d %H:%M}"
