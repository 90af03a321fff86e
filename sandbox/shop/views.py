"""The two pages of the sandbox that are neither Oscar's nor the extension's."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.views.generic import TemplateView
from oscar.core.loading import get_model

SERVICES_SHOWN = 4


class HomeView(TemplateView):
    """What the network is, the plans on sale, and the newest services of its members."""

    template_name = "shop/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        Plan = get_model("oscar_subscriptions", "Plan")
        Product = get_model("catalogue", "Product")
        services = Product.objects.browsable().filter(subscription_plan__isnull=True)
        shelf = (
            get_model("catalogue", "Category").objects.browsable().filter(slug="services").first()
        )
        return super().get_context_data(
            services_url=shelf.get_absolute_url() if shelf else reverse("catalogue:index"),
            plans=Plan.objects.on_sale().with_products(),
            services=services.base_queryset().order_by("-date_created")[:SERVICES_SHOWN],
            **kwargs,
        )


class TermsOfUseView(TemplateView):
    """The terms of use: a whole text for each language, as legal texts are written."""

    def get_template_names(self) -> list[str]:
        return [f"shop/terms_of_use_{get_language()}.html", "shop/terms_of_use_en.html"]
