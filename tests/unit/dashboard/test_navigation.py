"""The entry in the dashboard's navigation, as a shop's settings take it."""

from django.urls import resolve, reverse
from django.utils import translation

from oscar_subscriptions.dashboard.navigation import NAVIGATION


def test_each_entry_leads_to_a_page_of_this_dashboard_that_needs_no_number():
    names = [child["url_name"] for child in NAVIGATION["children"]]
    addresses = [reverse(name) for name in names]
    assert len(set(addresses)) == len(names) == 5
    assert {resolve(address).namespace for address in addresses} == {"subscriptions-dashboard"}


def test_labels_are_in_the_language_of_the_operator():
    labels = [NAVIGATION["label"], *(child["label"] for child in NAVIGATION["children"])]
    with translation.override("fr"):
        french = [str(label) for label in labels]
    with translation.override("en"):
        english = [str(label) for label in labels]
    assert english[0] == "Subscriptions"
    assert all(a != b for a, b in zip(french, english, strict=True))
