"""What members and operators are told: mails and alerts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone

if TYPE_CHECKING:  # the names in brackets below
    from oscar_subscriptions.protocols import Alert, OutboxMail  # noqa: F401


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts."""

    def open(self) -> Self:
        """Alerts that nobody has resolved yet."""
        return self.filter(resolved_at__isnull=True)


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    """The outbox."""

    # After this many failures the shop's managers are told.
    MAX_TRIES = 30
    # A mail that failed as often is given up only at this age: hourly runs make 30 tries in little
    # more than a day, and a mail server may be down for longer.
    TRIED_FOR = timedelta(days=30)

    def due(self, claimed_before: datetime) -> Self:
        """Rows neither sent nor dropped nor given up, those that failed least often first.

        Args:
            claimed_before: leases taken before this moment have expired.
        """
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=claimed_before)
        may_be_tried = self.unsent().filter(free, self._not_given_up())
        return may_be_tried.order_by("tries", "pk")

    def unsent(self) -> Self:
        """Rows that are neither sent nor dropped."""
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True)

    def tried_in_vain(self) -> Self:
        """Rows that failed and are not sent yet, annotated with ``can_be_tried`` (bool)."""
        hope = ExpressionWrapper(self._not_given_up(), output_field=BooleanField())
        return self.unsent().filter(tries__gt=0).annotate(can_be_tried=hope)

    def _not_given_up(self) -> Q:
        since = timezone.now() - self.TRIED_FOR
        return Q(tries__lt=self.MAX_TRIES) | Q(created_at__gt=since)
