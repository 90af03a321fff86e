"""Every address of ours with the row that it is about, and every field of the forms behind it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from django.apps import apps
from django.urls import Resolver404, resolve, reverse

from tests.functional import pages

APPS = (
    "oscar_subscriptions",
    "oscar_subscriptions_payments",
    "oscar_subscriptions_dashboard",
)


def patterns() -> dict[str, Any]:
    """Return the URL pattern of every address of ours, by namespace and name."""
    found = {}
    for label in APPS:
        config = apps.get_app_config(label)
        for pattern in config.get_urls():
            found[f"{config.namespace}:{pattern.name}"] = pattern
    return found


NAMES = sorted(patterns())


def address(name: str, rows: dict[str, object], number: object = None) -> str:
    """Return the address ``name``, about its row of ``rows``, or about ``number``."""
    converters = patterns()[name].pattern.converters
    value = rows[name] if number is None and converters else number
    named = value if isinstance(value, dict) else dict.fromkeys(converters, value)
    return reverse(name, kwargs=named)


def is_for_staff(name: str) -> bool:
    """Return whether the address belongs to the dashboard."""
    return name.startswith("subscriptions-dashboard:")


def forms_of_ours(response: Any) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield method, address and values of each form on the page that one of our views answers.

    The fields are all that have a name: those of a select, and buttons, too.
    """
    path = response.request["PATH_INFO"]
    if response.streaming:  # a file
        return
    for form in pages.soup(response).find_all("form"):
        action = urljoin(path, form.get("action") or path)
        if is_ours(action.split("?")[0]):
            fields = form.find_all(["input", "textarea", "select", "button"], attrs={"name": True})
            values = {field["name"]: field.get("value", "") for field in fields}
            if form.get("id"):
                values |= pages.form_values(response, form["id"])
            yield form.get("method", "get").lower(), action, values


def is_ours(path: str) -> bool:
    """Return whether one of our views answers ``path``; our order page is one of Oscar's."""
    try:
        found = resolve(path)
    except Resolver404:
        return False
    if found.app_names and found.app_names[0] in APPS:
        return True
    view = getattr(found.func, "view_class", type(None))
    return any(base.__module__.startswith("oscar_subscriptions.") for base in view.__mro__)
