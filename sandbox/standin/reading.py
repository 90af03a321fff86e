"""Reading through the API: one object by its id, or a page of a list."""

from . import session_params as read
from . import sessions
from .errors import invalid, missing
from .forms import integer, words
from .objects import page

# path under /v1/ -> kind of object, and what its list can be filtered by
READABLE = {
    "checkout/sessions": ("checkout.session", "payment_intent customer status"),
    "payment_intents": ("payment_intent", "customer"),
    "charges": ("charge", "customer payment_intent"),
    "refunds": ("refund", "charge payment_intent"),
    "disputes": ("dispute", "charge payment_intent"),
    "customers": ("customer", "email"),
    "payment_methods": ("payment_method", "customer type"),
    "balance_transactions": ("balance_transaction", "source type currency"),
    "events": ("event", "type types"),
    "webhook_endpoints": ("webhook_endpoint", ""),
    "accounts": ("account", ""),
}
PAGING = words("created ending_before expand limit starting_after")
COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def retrieve(app, kind, id):
    """Raises ``ApiError`` 404 ``resource_missing``."""
    if kind == "checkout.session":
        return sessions.current(app, id)
    body = app.store.get(id, kind)
    if body is None:
        raise missing(kind, id)
    return body


def read_one(app, kind, id):
    """As `retrieve`; of a deleted object, what is still told of it."""
    return app.store.get(id, f"deleted {kind}") or retrieve(app, kind, id)


def listed(app, path, params):
    """A page of a list, newest first: ``limit``, ``starting_after``, ``created``, and filters."""
    kind, filters = READABLE[path]
    read.only(params, PAGING | set(filters.split()))
    limit = integer(params.get("limit", 10), "limit")
    if not 1 <= limit <= 100:
        raise invalid("Invalid integer: limit must be between 1 and 100", param="limit")
    wanted = {name: params[name] for name in filters.split() if params.get(name)}
    if "types" in wanted:
        wanted["type"] = wanted.pop("types")
    if kind == "checkout.session":
        sessions.expire_due(app)
    before, after = params.get("starting_after"), params.get("ending_before")
    for cursor in filter(None, (before, after)):
        retrieve(app, kind, cursor)
    found = app.store.find(
        kind, limit + 1, before, after, _moments(params.get("created")), **wanted
    )  # fmt: skip
    extra = len(found) > limit
    # The one too many, which only says that there are more, is the farthest from the cursor.
    data = (found[1:] if after else found[:limit]) if extra else found
    return page(data, f"/v1/{path}", extra)


def _moments(created):
    if not created:
        return []
    if isinstance(created, str):
        return [("=", integer(created, "created"))]
    read.only(created, COMPARISONS, "created")
    return [
        (COMPARISONS[name], integer(value, f"created[{name}]")) for name, value in created.items()
    ]
