"""``expand[]=payment_intent.latest_charge``: ids become the objects they name, path by path."""

from .errors import invalid
from .objects import page

# Fields that Stripe leaves out unless they are asked for, by kind of object.
INCLUDABLE = {
    "checkout.session": {"line_items": lambda store, body: line_items_page(store, body)},
    "customer": {"sources": lambda store, body: page([], f"/v1/customers/{body['id']}/sources")},
}


def line_items_page(store, session):
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return page(store.private(session["id"]).get("lines", []), url)


def expanded(store, body, paths):
    """``body`` with every path of ``paths`` expanded, in place.

    Raises ``ApiError`` 400 for a path that does not exist or is too long.
    """
    for path in paths if isinstance(paths, list) else [paths]:
        parts = path.split(".")
        if len(parts) > 5:
            raise invalid("You cannot expand more than 4 levels of a property.", param="expand")
        _expand(store, body, parts, path)
    return body


def _expand(store, node, parts, path):
    if not parts:
        return
    if isinstance(node, list):
        for item in node:
            _expand(store, item, parts, path)
        return
    name, rest = parts[0], parts[1:]
    if name not in node:
        node[name] = _included(store, node, name, path)
    if isinstance(node[name], str):
        found = store.get(node[name])
        if found is None:
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        node[name] = found
    if node[name] is not None:
        if not isinstance(node[name], (dict, list)):
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
        _expand(store, node[name], rest, path)


def _included(store, node, name, path):
    if name == "breakdown" and "amount_tax" in node:
        return {"discounts": [], "taxes": []}
    try:
        include = INCLUDABLE[node["object"]][name]
    except KeyError:
        raise invalid(f"This property cannot be expanded ({path}).", param="expand") from None
    return include(store, node)
