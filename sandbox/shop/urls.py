"""The addresses of the sandbox shop. What the extension needs comes before Oscar's include."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from shop import views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("terms-of-use/", views.TermsOfUseView.as_view(), name="terms-of-use"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("members/", apps.get_app_config("oscar_subscriptions").urls),
    path("payments/", apps.get_app_config("oscar_subscriptions_payments").urls),
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
