"""Everything that the API can do besides reading.

Each action takes the app, the decoded parameters, the request (its key's mode and its version) and
the ids in the path, and returns the object to answer with.
"""

import re
import secrets

from . import account, expand, off_session, refunds, sessions
from . import session_params as read
from .errors import invalid, required
from .events import emit
from .forms import integer, mapping, words
from .reading import retrieve

CUSTOMER = words("description email expand metadata name phone")
ENDPOINT = words("api_version description disabled enabled_events expand metadata url")
REFUND = words("amount charge expand metadata payment_intent reason")


def create_session(app, params, request):
    return sessions.create(app, params, request.livemode)


def expire_session(app, params, request, id):
    read.only(params, {"expand"})
    return sessions.expire(app, id)


def session_line_items(app, params, request, id):
    return expand.line_items_page(app.store, sessions.current(app, id))


def create_intent(app, params, request):
    return off_session.create(app, params, request.livemode)


def confirm_intent(app, params, request, id):
    return off_session.confirm(app, params, id)


def cancel_intent(app, params, request, id):
    return off_session.cancel(app, params, id)


def create_refund(app, params, request):
    read.only(params, REFUND)
    id = params.get("charge")
    if not id:
        if not params.get("payment_intent"):
            raise required("charge")
        intent = retrieve(app, "payment_intent", params["payment_intent"])
        id = intent["latest_charge"]
        if intent["status"] != "succeeded":
            raise invalid(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                code="payment_intent_unexpected_state",
            )
    reason = read.one_of(params, "reason", {"duplicate", "fraudulent", "requested_by_customer"})
    amount = integer(params["amount"], "amount") if "amount" in params else None
    charge = retrieve(app, "charge", id)
    if app.store.setting("balance_is_empty"):
        return refunds.no_balance()
    return refunds.create(app, charge, amount, reason, read.metadata(params.get("metadata")))


def save_customer(app, params, request, id=None):
    read.only(params, CUSTOMER)
    read.email(params, "email")
    values = {
        name: params[name] or None for name in CUSTOMER - {"expand", "metadata"} if name in params
    }
    pairs = read.metadata(params.get("metadata"))
    if id is None:
        body = account.customer(int(app.store.now()), request.livemode, **values, metadata=pairs)
    else:
        body = retrieve(app, "customer", id) | values
        body["metadata"] = _merged(body["metadata"], params.get("metadata"), pairs)
    emit(app, "customer.updated" if id else "customer.created", app.store.save(body))
    return body


def delete_customer(app, params, request, id):
    """Nothing that was saved for the customer can be charged afterwards."""
    body = retrieve(app, "customer", id)
    for method in app.store.find("payment_method", customer=id):
        app.store.save(method | {"customer": None})
    emit(app, "customer.deleted", body)
    return app.store.bury({"id": id, "object": "customer", "deleted": True})


def save_endpoint(app, params, request, id=None):
    """The signing secret is in the answer that creates the endpoint, and in no other."""
    read.only(params, ENDPOINT)
    values = {}
    if id is None or "url" in params:
        values["url"] = read.url(params, "url")
        if not values["url"]:
            raise required("url")
    if id is None or "enabled_events" in params:
        values["enabled_events"] = _event_types(params.get("enabled_events"))
    if "description" in params:
        values["description"] = params["description"] or None
    pairs = read.metadata(params.get("metadata"))
    if id is not None:
        if "disabled" in params:
            values["status"] = "disabled" if params["disabled"] == "true" else "enabled"
        body = retrieve(app, "webhook_endpoint", id) | values
        body["metadata"] = _merged(body["metadata"], params.get("metadata"), pairs)
        return app.store.save(body)
    values["api_version"] = params.get("api_version") or request.version
    body = account.webhook_endpoint(
        int(app.store.now()), request.livemode, **values, metadata=pairs
    )
    secret = f"whsec_{secrets.token_hex(16)}"
    app.store.save(body, {"secret": secret})
    return body | {"secret": secret}


def delete_endpoint(app, params, request, id):
    retrieve(app, "webhook_endpoint", id)
    app.store.delete(id)
    return {"id": id, "object": "webhook_endpoint", "deleted": True}


def own_account(app, params, request):
    return app.store.find("account")[0]


def _event_types(chosen):
    if not chosen:
        raise required("enabled_events")
    chosen = chosen if isinstance(chosen, list) else [chosen]
    for name in chosen:
        if not re.fullmatch(r"\*|[a-z_]+(\.[a-z_]+)+", str(name)):
            raise invalid(f"Invalid enabled_events: {name}", param="enabled_events")
    return chosen


def _merged(old, given, pairs):
    """Stripe merges metadata: an empty value removes its key, an empty string removes them all."""
    if given == "":
        return {}
    emptied = {key for key, text in mapping(given, "metadata").items() if text == ""}
    return {key: text for key, text in (old | pairs).items() if key not in emptied}


ROUTES = {
    ("POST", "checkout/sessions"): create_session,
    ("POST", "checkout/sessions/{}/expire"): expire_session,
    ("GET", "checkout/sessions/{}/line_items"): session_line_items,
    ("POST", "payment_intents"): create_intent,
    ("POST", "payment_intents/{}/confirm"): confirm_intent,
    ("POST", "payment_intents/{}/cancel"): cancel_intent,
    ("POST", "refunds"): create_refund,
    ("POST", "customers"): save_customer,
    ("POST", "customers/{}"): save_customer,
    ("DELETE", "customers/{}"): delete_customer,
    ("POST", "webhook_endpoints"): save_endpoint,
    ("POST", "webhook_endpoints/{}"): save_endpoint,
    ("DELETE", "webhook_endpoints/{}"): delete_endpoint,
    ("GET", "account"): own_account,
}
