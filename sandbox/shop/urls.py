"""The addresses of the sandbox shop. What the extension needs comes before Oscar's include."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.static import serve

from shop import views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("terms-of-use/", views.TermsOfUseView.as_view(), name="terms-of-use"),
    path("contact/", views.ContactView.as_view(), name="contact"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("members/", apps.get_app_config("oscar_subscriptions").urls),
    path("payments/", apps.get_app_config("oscar_subscriptions_payments").urls),
    path(
        "dashboard/subscriptions/",
        apps.get_app_config("oscar_subscriptions_dashboard").urls,
    ),
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
    # Pictures. A shop on the internet leaves them to its web server.
    path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
