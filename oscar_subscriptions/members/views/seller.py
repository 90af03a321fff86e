"""A seller's public page: name, first day as a member, and the services in the shop."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Min, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views import generic
from oscar.core.loading import get_model

from oscar_subscriptions import sellers
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import listings

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Seller, User


class SellerView(generic.ListView):
    """The public page of one seller. The number of queries does not depend on the services.

    A member who is not a seller today keeps a page that says so and shows no service, because
    shoppers come back to its address. A partner that never was a member's has no page.
    """

    template_name = "oscar/subscriptions/seller.html"
    context_object_name = "services"
    paginate_by = 12

    @cached_property
    def seller(self) -> Seller:
        """The ``Seller`` of the address.

        Raises:
            Http404: no seller has this code, the member's account is gone, or staff have taken the
                page down.
        """
        known = registered.Seller.objects.filter(user__isnull=False, has_page=True)
        found = known.select_related("partner", "user")
        return get_object_or_404(found, partner__code=self.kwargs["code"])

    @cached_property
    def is_offering(self) -> bool:
        """Whether the member is a seller today."""
        return sellers.is_seller(self._member)

    @property
    def _member(self) -> User:
        assert self.seller.user is not None  # :attr:`seller` is of a member
        return self.seller.user

    def get_queryset(self) -> QuerySet[Any]:
        """Return the products in the shop, the newest first; none without :attr:`is_offering`."""
        if not self.is_offering:
            return get_model("catalogue", "Product").objects.none()
        shown: QuerySet[Any] = listings.services(self.seller).browsable().base_queryset()
        # A product's card may name its seller and its plan.
        full = shown.select_related("subscription_plan").prefetch_related(
            "stockrecords__partner__subscription_seller"
        )
        return full.order_by("-date_created", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        return super().get_context_data(
            seller=self.seller,
            is_offering=self.is_offering,
            member_since=self.get_member_since(),
            **kwargs,
        )

    def get_member_since(self) -> date | None:
        """Return the first day of the member's first term; ``None`` if every term was revoked."""
        terms = registered.Term.objects.of(self._member)
        return terms.filter(revoked_at__isnull=True).aggregate(first=Min("starts_on"))["first"]
