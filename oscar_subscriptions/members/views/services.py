"""The member space: where sellers list, add, edit, withdraw and publish their services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import generic

from oscar_subscriptions import sellers
from oscar_subscriptions.loading import get_class, registered
from oscar_subscriptions.members import services
from oscar_subscriptions.members.views import mixins
from oscar_subscriptions.sellers import html, listings, parking, take_downs, withdrawn

if TYPE_CHECKING:
    from oscar_subscriptions.members.forms import ServiceForm
    from oscar_subscriptions.protocols import Product, Rows, TakeDown
    from oscar_subscriptions.protocols.rows import Row


# For views that take a picture: decoding it takes seconds, and must not hold a transaction
# (``ATOMIC_REQUESTS``) open, let alone SQLite's only writer. What they write is one of its own.
takes_picture = method_decorator(transaction.non_atomic_requests, name="dispatch")


class MemberSpaceView(mixins.SellerRequiredMixin, generic.ListView):
    """All services of the seller with their state, in a fixed number of queries."""

    template_name = "oscar/subscriptions/member_space.html"
    context_object_name = "services"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Any]:
        return listings.own_services(self.seller).order_by("-date_created", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        limit = sellers.listing_limit(self.member)
        used = listings.count_public(self.seller)
        return super().get_context_data(
            seller=self.seller,
            listing_limit=limit,
            used=used,
            is_full=limit is not None and used >= limit,
            over_limit=self.seller.parked_listings.filter(over_limit=True).count(),
            page_taken_down=self._page_taken_down(),
            last_day=sellers.seller_until(self.member),
            **kwargs,
        )

    def _page_taken_down(self) -> TakeDown | None:
        if self.seller.has_page:
            return None
        return registered.TakeDown.objects.of_page(self.seller)


@takes_picture
class ServiceAddView(mixins.SellerRequiredMixin, generic.FormView):
    """Add a service."""

    template_name = "oscar/subscriptions/service_form.html"
    success_url = reverse_lazy("subscriptions:member-space")

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if listings.free_slots(self.seller) == 0:
            return self.refuse_limit()
        return super().get(request, *args, **kwargs)

    def get_form_class(self) -> type[ServiceForm]:
        return get_class("members.forms", "ServiceForm")

    def form_valid(self, form: ServiceForm) -> HttpResponse:
        try:
            product = services.add(self.seller, form.cleaned_data)
        except parking.LimitReachedError:
            # The page keeps what the member has typed.
            form.add_error(None, parking.limit_message())
            return self.form_invalid(form)
        except withdrawn.TooManyWithdrawnError:
            form.add_error(None, withdrawn.message())
            return self.form_invalid(form)
        messages.success(
            self.request, _("“%(service)s” is in the shop.") % {"service": product.title}
        )
        return super().form_valid(form)


@takes_picture
class ServiceEditView(mixins.SellerRequiredMixin, generic.FormView):
    """Edit one of the seller's own services."""

    template_name = "oscar/subscriptions/service_form.html"
    success_url = reverse_lazy("subscriptions:member-space")

    @cached_property
    def service(self) -> Product:
        """The product being edited."""
        return self.get_service()

    @cached_property
    def image(self) -> Row | None:
        """Its ``ProductImage``, or ``None``."""
        images: Rows = self.service.images
        return images.order_by("display_order", "pk").first()

    def get_form_class(self) -> type[ServiceForm]:
        return get_class("members.forms", "ServiceForm")

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"has_image": self.image is not None}

    def get_initial(self) -> dict[str, object]:
        categories: Rows = self.service.categories
        return {
            "title": self.service.title,
            "description": html.as_typed(self.service.description),
            "price": self.service.own_records[0].price,
            "category": categories.order_by("path").last(),
        }

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(service=self.service, image=self.image, **kwargs)

    def form_valid(self, form: ServiceForm) -> HttpResponse:
        services.change(self.service, self.seller, form.cleaned_data)
        messages.success(
            self.request,
            _("Your changes to “%(service)s” are saved.") % {"service": self.service.title},
        )
        return super().form_valid(form)


class ServiceChooseView(mixins.SellerRequiredMixin, generic.TemplateView):
    """Choose which services stay in the shop when the plan allows fewer than there are."""

    template_name = "oscar/subscriptions/service_choose.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        candidates: Rows = listings.candidates(self.seller)
        return super().get_context_data(
            services=candidates.order_by("-is_public", "title", "pk"),
            listing_limit=sellers.listing_limit(self.member),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        posted = set(request.POST.getlist("service"))
        # Compared as text: what was posted may be no number, or one that no database holds.
        offered = listings.candidates(self.seller).values_list("pk", flat=True)
        chosen = {pk for pk in offered if str(pk) in posted}
        try:
            parking.choose(self.seller, chosen)
        except parking.LimitReachedError:
            # The page keeps what the member has ticked.
            context = self.get_context_data(chosen=chosen, is_too_many=True)
            return self.render_to_response(context)
        messages.success(request, _("Your choice of services is in the shop."))
        return redirect("subscriptions:member-space")


class ServiceWithdrawView(mixins.SellerRequiredMixin, generic.View):
    """Take a service out of the shop."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        service = self.get_service()
        services.withdraw(service, self.seller)
        messages.success(
            request, _("“%(service)s” is no longer in the shop.") % {"service": service.title}
        )
        return redirect("subscriptions:member-space")


class ServicePublishView(mixins.SellerRequiredMixin, generic.View):
    """Put a withdrawn service back into the shop."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        service = self.get_service()
        try:
            services.publish(service, self.seller)
        except parking.LimitReachedError:
            return self.refuse_limit()
        except take_downs.NotOfferedError as refusal:
            messages.error(request, str(refusal))
            return redirect("subscriptions:member-space")
        messages.success(request, _("“%(service)s” is in the shop.") % {"service": service.title})
        return redirect("subscriptions:member-space")
