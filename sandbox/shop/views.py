"""The pages of the sandbox that are neither Oscar's nor the extension's."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.views.generic import TemplateView
from oscar.core.loading import get_model

from oscar_subscriptions.loading import get_class
from oscar_subscriptions.plans import vendors
from shop.search_indexes import with_sellers

SERVICES_SHOWN = 3


class HomeView(get_class("members.views", "PlanListView")):
    """What the network is, the plans on sale, and the newest services of its members."""

    template_name = "shop/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        Product = get_model("catalogue", "Product")
        services = Product.objects.browsable().filter(subscription_plan__isnull=True)
        newest = with_sellers(services.base_queryset()).order_by("-date_created", "-pk")
        return super().get_context_data(
            services_url=_services_url(), services=newest[:SERVICES_SHOWN], **kwargs
        )


def _services_url() -> str:
    Category = get_model("catalogue", "Category")
    shelf = Category.objects.browsable().filter(slug="services").first()
    return shelf.get_absolute_url() if shelf else reverse("catalogue:index")


class TermsOfUseView(TemplateView):
    """The terms of use: a whole text for each language, as legal texts are written."""

    def get_template_names(self) -> list[str]:
        return [f"shop/terms_of_use_{get_language()}.html", "shop/terms_of_use_en.html"]


class ContactView(TemplateView):
    """Whom to write to."""

    template_name = "shop/contact.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        _name, email = parseaddr(settings.OSCAR_FROM_EMAIL)
        sold = vendors.own().filter(stockrecords__product__subscription_plan__isnull=False)
        vendor = sold.first()
        return super().get_context_data(email=email, vendor=vendor, **kwargs)
