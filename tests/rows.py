"""Every row of the extension as text, and the names that must not be left in it."""

from django.apps import apps
from django.core import serializers

OURS = ["oscar_subscriptions", "oscar_subscriptions_payments"]
# Of the fixture ``member``, once it is a seller.
NAMES = ("Ada", "Martin", "member@example.com", "ada-martin")


def our_rows() -> dict[str, str]:
    """Return every row of the extension, by model, as JSON."""
    return {
        model.__name__: serializers.serialize("json", model.objects.order_by("pk"))
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }
