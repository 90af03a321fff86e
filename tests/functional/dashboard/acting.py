"""Take the three steps of an operator's action, as a browser would."""

from typing import Any

from django.urls import reverse

from tests.functional import pages


def address(name: str, **named: Any) -> str:
    """Return the address of an action."""
    return reverse(f"subscriptions-dashboard:{name}", kwargs=named)


def preview(desk: Any, url: str, **values: Any) -> Any:
    """Fill in the form; return the page with the preview, or the form with its errors."""
    assert pages.soup(desk.get(url)).find(id="action_form")
    return desk.post(url, {"reason": "Ada called", **values})


def confirm(desk: Any, url: str, page: Any) -> Any:
    """Click the button of a preview; return where that leads."""
    return desk.post(url, pages.form_values(page, "preview_form"), follow=True)


def carry_out(desk: Any, url: str, **values: Any) -> tuple[list[str], Any]:
    """Take all steps; return the effects that the preview showed, and the page at the end."""
    page = preview(desk, url, **values)
    return effects(page), confirm(desk, url, page)


def effects(page: Any) -> list[str]:
    """Return the sentences of a preview."""
    found = pages.soup(page)
    assert found.find(id="preview_form"), pages.text(page)
    items = found.select("ul[aria-labelledby=effects] > li")
    for details in found.select("details"):
        details.decompose()
    return [" ".join(item.get_text(" ").split()) for item in items]
