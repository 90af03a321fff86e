"""Actions that take a service, or a seller's page, out of the shop, and let it back in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions.dashboard.actions.views import ActionRefusedError, ActionView
from oscar_subscriptions.loading import registered
from oscar_subscriptions.sellers import listings, take_downs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from oscar_subscriptions.protocols import Product, Seller, Subscription


class _SellerActionView(ActionView):
    """An action on a seller, whom the address names, or on one of their services."""

    @cached_property
    def seller(self) -> Seller:
        """The seller that the address names."""
        rows = registered.Seller.objects.select_related("partner", "user")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def service(self) -> Product | None:
        """The service that the address names; ``None``: the address is that of the page."""
        if "service" not in self.kwargs:
            return None
        key = self.kwargs["service"]
        found: Product | None = listings.services(self.seller).filter(pk=key).first()
        if found is not None:
            return found
        # What was taken down may be somebody else's since, and is lifted all the same.
        row = self.seller.take_downs.select_related("product").filter(product=key).last()
        if row is None:
            raise Http404
        return row.product

    @cached_property
    def subscription(self) -> Subscription:
        found = take_downs.subscription_of(self.seller)
        if found is None:
            raise Http404
        return found

    def act(self, data: Mapping[str, object]) -> None:
        try:
            self.change(str(data["reason"]))
        except take_downs.NotTakenDownError as refusal:
            raise ActionRefusedError(str(refusal)) from None

    def change(self, reason: str) -> None:
        """As :meth:`act`, but may raise ``take_downs.NotTakenDownError``."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(service=self.service, seller=self.seller, **kwargs)


class TakeDownView(_SellerActionView):
    """Take a service out of the shop."""

    title = _("Take down")
    about = _(
        "The service leaves the shop until you lift that: neither its seller nor a renewal brings "
        "it back. The seller reads the reason, by e-mail and in the member space."
    )
    done = _("The service is taken down.")
    is_dangerous = True

    def change(self, reason: str) -> None:
        take_downs.take_down(self.seller, self.service, reason=reason, actor=self.request.user)


class LiftView(_SellerActionView):
    """Let a service back into the shop."""

    title = _("Lift")
    about = _(
        "The service is as it was before: in the shop if it was, as far as its seller’s term and "
        "limit allow. The seller is told."
    )
    done = _("The service is no longer taken down.")

    def change(self, reason: str) -> None:
        rows = registered.TakeDown.objects
        row = rows.of_page(self.seller) if self.service is None else rows.of_service(self.service)
        if row is None:
            raise ActionRefusedError(str(_("It is lifted already.")))
        take_downs.lift(row, reason=reason, actor=self.request.user)


class TakePageDownView(TakeDownView):
    """Take a seller's page out of the shop."""

    title = _("Take the page down")
    about = _(
        "The seller’s public page leaves the shop until you lift that. The services stay. The "
        "seller reads the reason, by e-mail and in the member space."
    )
    done = _("The page is taken down.")


class LiftPageView(LiftView):
    """Let a seller's page back into the shop."""

    title = _("Let the page back in")
    about = _("The seller’s public page is in the shop again. The seller is told.")
    done = _("The page is in the shop again.")
