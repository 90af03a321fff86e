"""The partners dashboard serves the guarded view at Oscar's own address."""

from django.urls import resolve, reverse

from oscar_subscriptions.dashboard.partners import mixins


def test_the_view_that_deletes_a_partner_has_the_guard():
    view = resolve(reverse("dashboard:partner-delete", args=[1])).func.view_class
    assert issubclass(view, mixins.VendorDeleteMixin)
