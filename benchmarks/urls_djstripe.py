"""The addresses of a shop with dj-stripe alone."""

from django.urls import include, path

from benchmarks import urls_stock

urlpatterns = [
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
    *urls_stock.urlpatterns,
]
