"""Plans, subscriptions, their terms, and sellers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q

from oscar_subscriptions.transactions import for_update

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from oscar_subscriptions.protocols import (
        Plan,
        Seller,  # noqa: F401 (in brackets below)
        Subscription,
        Term,
        User,
        Visitor,
    )


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans."""

    def on_sale(self) -> Self:
        """Plans that can be bought: on sale, and their product is public."""
        return self.filter(is_on_sale=True, product__is_public=True)

    def renewable_by(self, user: Visitor | None) -> Self:
        """Plans that ``user`` may renew even though they are no longer on sale: the operator
        allows it, and ``user`` has or had a term of the plan that was not revoked."""
        if user is None or not user.is_authenticated:
            return self.none()
        term = self.model._meta.apps.get_model("oscar_subscriptions", "Term")
        held = term._default_manager.of(user).not_revoked()
        return self.filter(
            Exists(held.filter(subscription__plan=OuterRef("pk"))), is_renewable=True
        )

    def with_products(self) -> Self:
        """Plans with everything a page shows of their product, in a fixed number of queries."""
        return self.select_related("product__product_class").prefetch_related(
            "product__images", "product__stockrecords__partner"
        )


def _known_of(user: User) -> dict[str, str]:
    """What a subscription knows of its member after the account is gone."""
    return {"member_name": user.get_full_name()[:255], "member_email": user.email}


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions."""

    def of_member(self, user: User, plan: Plan) -> tuple[Subscription, bool]:
        """Return the subscription of ``user`` to ``plan``, and whether it was created."""
        return self.get_or_create(user=user, plan=plan, defaults=_known_of(user))

    def locked_for(
        self, user: User, plan: Plan, other: int | None = None, language: str = ""
    ) -> Subscription:
        """Return the subscription of ``user`` to ``plan``, created if missing, locked for update.

        The row is the lock under which terms are added. The user row is not: locking it
        deadlocks with foreign-key checks and blocks signing in.

        Args:
            other: primary key of another one to lock, in the order of primary keys.
            language: of a created one.
        """
        own = Q(user=user, plan=plan)
        wanted = own if other is None else own | Q(pk=other)
        for row in for_update(self.filter(wanted).order_by("pk")):
            if row.user_id == user.pk and row.plan_id == plan.pk:
                return row
        try:
            with transaction.atomic():
                return self.create(user=user, plan=plan, **_known_of(user), language=language)
        except IntegrityError:  # another process was faster
            return for_update(self.all()).get(user=user, plan=plan)

    def for_page(self) -> Self:
        """Subscriptions with plan and terms, in a fixed number of queries."""
        return self.select_related("plan__product").prefetch_related("terms__order_line__order")


class TermQuerySet(models.QuerySet["Term"]):
    """Terms. ``covering`` is the only definition of "active"."""

    def not_revoked(self) -> Self:
        """Terms that hold their dates: valid or suspended."""
        return self.filter(revoked_at__isnull=True)

    def valid(self) -> Self:
        """Terms that count: neither revoked nor suspended."""
        return self.filter(revoked_at__isnull=True, suspended_at__isnull=True)

    def covering(self, day: date) -> Self:
        """Valid terms that make their member a seller on ``day`` (shop timezone)."""
        return self.valid().filter(starts_on__lte=day, covered_until__gte=day)

    def began_or_ended(self, after: date, until: date) -> Self:
        """Terms that changed whether a day is covered: their first day, or the day after their
        last, grace included, is later than ``after`` and at most ``until``."""
        began = Q(starts_on__gt=after, starts_on__lte=until)
        return self.filter(began | Q(covered_until__gte=after, covered_until__lt=until))

    def members(self) -> QuerySet[Term, int]:
        """Primary keys of the accounts that hold these terms, each once."""
        held = self.filter(subscription__user__isnull=False).order_by()
        return held.values_list("subscription__user", flat=True).distinct()

    def of(self, user: User | None) -> Self:
        """Terms of one member, under any plan."""
        return self.filter(subscription__user=user)


class SellerQuerySet(models.QuerySet["Seller"]):
    """Sellers."""

    def _covered(self, day: date) -> Exists:
        # Looked up by name, so that a shop's own Term is queried.
        term = self.model._meta.apps.get_model("oscar_subscriptions", "Term")
        return Exists(
            term._default_manager.covering(day).filter(
                subscription__user=OuterRef("user_id"), subscription__user__is_active=True
            )
        )

    def active(self, day: date) -> Self:
        """Sellers whose member has an active account and a term that covers ``day``."""
        return self.filter(self._covered(day))

    def lapsed(self, day: date) -> Self:
        """All other sellers, also those whose account is deleted."""
        return self.filter(~self._covered(day))
