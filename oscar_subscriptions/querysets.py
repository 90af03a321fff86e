"""Each question about the facts, asked in one place."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language

from oscar_subscriptions.transactions import locked

if TYPE_CHECKING:  # the names in brackets below
    from oscar_subscriptions.protocols import (
        Alert,  # noqa: F401
        AutoRenewal,  # noqa: F401
        OutboxMail,  # noqa: F401
        Plan,  # noqa: F401
        PlannedRenewal,  # noqa: F401
        Seller,  # noqa: F401
        Subscription,  # noqa: F401
        Term,  # noqa: F401
        TermsOfSale,  # noqa: F401
    )


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def on_sale(self) -> Self:
        """Plans that can be bought: on sale, and their product is public."""
        return self.filter(is_on_sale=True, product__is_public=True)

    def renewable_by(self, user: Any) -> Self:
        """Plans that ``user`` may renew even though they are no longer on sale: the operator
        allows it, and he has, or had, a term of that plan that was not taken back."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        term = self.model._meta.apps.get_model("oscar_subscriptions", "Term")
        held = term._default_manager.of(user).not_revoked()
        return self.filter(
            Exists(held.filter(subscription__plan=OuterRef("pk"))), is_renewable=True
        )

    def with_products(self) -> Self:
        """Plans with all that a page shows of their product, in a fixed number of queries."""
        return self.select_related("product__product_class").prefetch_related(
            "product__images", "product__stockrecords__partner"
        )


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions."""

    def locked_for(self, user: Any, plan: Any) -> Any:
        """Return the subscription of ``user`` to ``plan``, made if need be, locked for update.

        The row is the lock under which terms are added. The user row is not: locking it
        deadlocks with foreign-key checks and blocks signing in.
        """
        subscription, _created = self.get_or_create(
            user=user,
            plan=plan,
            defaults={"member_name": user.get_full_name()[:255], "member_email": user.email},
        )
        return locked(self.model, subscription.pk)

    def for_page(self) -> Self:
        """Subscriptions with plan and terms, in a fixed number of queries."""
        return self.select_related("plan__product").prefetch_related("terms__order_line__order")


class TermQuerySet(models.QuerySet["Term"]):
    """Terms. ``covering`` is the one definition of "active"."""

    def not_revoked(self) -> Self:
        """Terms that hold their dates: valid or suspended."""
        return self.filter(revoked_at__isnull=True)

    def valid(self) -> Self:
        """Terms that count: neither revoked nor suspended."""
        return self.filter(revoked_at__isnull=True, suspended_at__isnull=True)

    def covering(self, day: date) -> Self:
        """Valid terms that make their member a seller on ``day`` (shop timezone)."""
        return self.valid().filter(starts_on__lte=day, covered_until__gte=day)

    def of(self, user: Any) -> Self:
        """Terms of one member, under any plan."""
        return self.filter(subscription__user=user)


class SellerQuerySet(models.QuerySet["Seller"]):
    """Sellers."""

    def _covered(self, day: date) -> Exists:
        # The model is looked up through the relation, so that a shop's own Term is asked.
        term = self.model._meta.apps.get_model("oscar_subscriptions", "Term")
        return Exists(
            term._default_manager.covering(day).filter(
                subscription__user=OuterRef("user_id"), subscription__user__is_active=True
            )
        )

    def active(self, day: date) -> Self:
        """Sellers whose member has a term that covers ``day``, and an account that is active."""
        return self.filter(self._covered(day))

    def lapsed(self, day: date) -> Self:
        """Sellers whose member has none, or no longer exists."""
        return self.filter(~self._covered(day))

    def with_open_listings(self) -> Self:
        """Sellers with at least one service that is public."""
        product = self.model._meta.apps.get_model("catalogue", "Product")
        return self.filter(
            Exists(
                product._default_manager.filter(
                    is_public=True, stockrecords__partner=OuterRef("partner_id")
                )
            )
        )


class AutoRenewalQuerySet(models.QuerySet["AutoRenewal"]):
    """Consents to automatic renewal."""

    def in_force(self) -> Self:
        """Those that count: not ended, and the order that they were given with has been paid."""
        term = self.model._meta.apps.get_model("oscar_subscriptions", "Term")
        paid = Exists(term._default_manager.filter(order_line__order=OuterRef("order")))
        return self.filter(Q(order__isnull=True) | paid, ended_at__isnull=True)


class PlannedRenewalQuerySet(models.QuerySet["PlannedRenewal"]):
    """Renewals that were announced."""

    def opened(self) -> Self:
        """Those that are still to be carried out."""
        return self.filter(status="open")


class TermsOfSaleQuerySet(models.QuerySet["TermsOfSale"]):
    """Terms of sale."""

    def current(self, language: str | None = None) -> Any | None:
        """Return the newest text in ``language``, its base language, or else any language.

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


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts."""

    def open(self) -> Self:
        """Alerts that nobody has resolved yet."""
        return self.filter(resolved_at__isnull=True)


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    """The outbox."""

    # After so many tries in vain the shop's managers are told.
    MAX_TRIES = 30
    # And after this long too, the address, and not the mail server, is the problem: a run every
    # hour has made so many tries in a day, and a mail server may be down for longer.
    TRIED_FOR = timedelta(days=30)

    def due(self, claimed_before: datetime) -> Self:
        """Rows not sent yet nor given up, those that failed least often first.

        Args:
            claimed_before: a lease taken before this moment has run out.
        """
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=claimed_before)
        may_be_tried = self.filter(free, self._not_given_up(), sent_at__isnull=True)
        return may_be_tried.order_by("tries", "pk")

    def tried_in_vain(self) -> Self:
        """Rows that failed and are not sent yet, with the attribute ``can_be_tried``."""
        hope = ExpressionWrapper(self._not_given_up(), output_field=BooleanField())
        return self.filter(sent_at__isnull=True, tries__gt=0).annotate(can_be_tried=hope)

    def _not_given_up(self) -> Q:
        since = timezone.now() - self.TRIED_FOR
        return Q(tries__lt=self.MAX_TRIES) | Q(created_at__gt=since)

    def newer_than(self, row: Any) -> Self:
        """Rows that tell the same member the same of the same term as ``row``, and later."""
        same = self.filter(user=row.user_id, kind=row.kind, context__term=row.context["term"])
        return same.filter(pk__gt=row.pk)
