"""The addresses of a shop with the extension."""

from django.apps import apps
from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("members/", apps.get_app_config("oscar_subscriptions").urls),
    path("payments/", apps.get_app_config("oscar_subscriptions_payments").urls),
    path("dashboard/subscriptions/", apps.get_app_config("oscar_subscriptions_dashboard").urls),
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
