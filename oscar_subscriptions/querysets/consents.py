"""What members have agreed to: automatic renewal, its announcements, and terms of sale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import get_language

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import (
        AutoRenewal,  # noqa: F401 (in brackets below)
        PlannedRenewal,  # noqa: F401
        TermsOfSale,
    )


class AutoRenewalQuerySet(models.QuerySet["AutoRenewal"]):
    """Consents to automatic renewal."""

    def in_force(self) -> Self:
        """Consents that count: not ended, and given without an order or with one that is paid."""
        term = self.model._meta.apps.get_model("oscar_subscriptions", "Term")
        # Not EXISTS: PostgreSQL might read all order lines at once.
        given = term._default_manager.filter(order_line__order=OuterRef("order")).order_by()
        rows = self.alias(given=models.Subquery(given.values("pk")[:1]))
        return rows.filter(Q(order__isnull=True) | Q(given__isnull=False), ended_at__isnull=True)


class PlannedRenewalQuerySet(models.QuerySet["PlannedRenewal"]):
    """Announced renewals."""

    def opened(self) -> Self:
        """Renewals that are still to be carried out."""
        return self.filter(status__in=self.model.OPEN)


class TermsOfSaleQuerySet(models.QuerySet["TermsOfSale"]):
    """Terms of sale."""

    def current(self, language: str | None = None) -> TermsOfSale | None:
        """Return the newest text in ``language``, else in its base language, else in any.

        Args:
            language: language code; default: the active one.
        """
        code = language or get_language() or ""
        published = self.order_by("-published_at", "-pk")
        for candidate in dict.fromkeys([code, code.split("-")[0]]):
            text = published.filter(language=candidate).first()
            if text is not None:
                return text
        return published.first()
