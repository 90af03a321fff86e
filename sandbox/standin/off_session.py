"""The shop charges a saved card while the member is not there.

requires_confirmation ─► succeeded | requires_payment_method (the bank said no) | canceled

Nothing moves before the shop confirms, one intent is charged once at most, and a cancelled one
never: so a shop can make the intent, ask itself whether it still wants the money, and only then
confirm.
"""

from . import objects
from . import session_params as read
from .attempts import captured, new_charge
from .errors import invalid, missing, required
from .events import emit
from .forms import integer, mapping, words
from .money import MINIMUM
from .payments import decline
from .reading import retrieve

NEW = words(
    "amount automatic_payment_methods confirm currency customer description expand metadata "
    "off_session payment_method payment_method_types receipt_email return_url"
)
CONFIRM = words("expand off_session payment_method return_url")
CANCEL = words("cancellation_reason expand")
REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
MAY_BE_CONFIRMED = ("requires_confirmation", "requires_payment_method")
OVER = ("succeeded", "canceled", "processing")


def create(app, params, livemode):
    """Make an intent, and charge at once with ``confirm``. Raises ``ApiError`` for a wrong
    parameter."""
    read.only(params, NEW)
    for name in ("amount", "currency"):
        if not params.get(name):
            raise required(name)
    currency = params["currency"].lower()
    amount = integer(params["amount"], "amount")
    if amount < MINIMUM.get(currency, 1):
        raise invalid("Amount must be at least the minimum of its currency.", "amount")
    customer = params.get("customer") or None
    if customer and not app.store.get(customer, "customer"):
        raise missing("customer", customer, "customer")
    method = _method(app, params, customer)
    automatic, types = _accepted(params, currency)
    ordered = {
        "amount_total": amount, "currency": currency, "customer": customer, "livemode": livemode,
        "payment_method_types": types,
    }  # fmt: skip
    intent = objects.payment_intent(
        int(app.store.now()), ordered,
        automatic_payment_methods=automatic,
        description=read.text(params, "description", 1000),
        metadata=read.metadata(params.get("metadata")),
        payment_method=method and method["id"],
        receipt_email=read.text(params, "receipt_email", 800),
        status="requires_confirmation" if method else "requires_payment_method",
    )  # fmt: skip
    emit(app, "payment_intent.created", app.store.save(intent))
    if params.get("confirm") == "true":
        _lead_back(params, intent)
        return _charge(app, intent, method)
    for name in ("off_session", "return_url"):
        if name in params:
            raise invalid(f"{name} may only be given together with confirm=true.", name)
    return intent


def confirm(app, params, id):
    """Charge an intent. Raises ``ApiError`` 400 for one that is over.

    What the bank refuses is returned, not raised: as Stripe does, the API keeps it with the
    request and answers 402.
    """
    read.only(params, CONFIRM)
    intent = retrieve(app, "payment_intent", id)
    if intent["status"] not in MAY_BE_CONFIRMED:
        raise _unexpected(intent, "confirm")
    _lead_back(params, intent)
    chosen = {"payment_method": params.get("payment_method") or intent["payment_method"]}
    # Asked anew: what was saved when the intent was made may be removed by now.
    return _charge(app, intent, _method(app, chosen, intent["customer"]))


def cancel(app, params, id):
    """End an intent for good. Raises ``ApiError`` 400 for one that is over, or of a session."""
    read.only(params, CANCEL)
    reason = read.one_of(params, "cancellation_reason", REASONS)
    intent = retrieve(app, "payment_intent", id)
    if intent["status"] in OVER:
        raise _unexpected(intent, "cancel")
    if app.store.find("checkout.session", payment_intent=id):
        raise invalid("A PaymentIntent of a Checkout Session ends with its session.")
    intent |= {"status": "canceled", "canceled_at": int(app.store.now()),
               "cancellation_reason": reason, "next_action": None,
               # As at Stripe, whoever wants to know why the bank refused has to ask before.
               "last_payment_error": None}  # fmt: skip
    emit(app, "payment_intent.canceled", app.store.save(intent))
    return intent


def _accepted(params, currency):
    """``automatic_payment_methods`` of the new intent, and its ``payment_method_types``.

    Since API version 2023-08-16 an intent that names neither accepts whatever the account does,
    methods that lead to another page among them.
    """
    given = mapping(params.get("automatic_payment_methods"), "automatic_payment_methods")
    if params.get("payment_method_types"):
        if given:
            raise invalid(
                "You may only specify one of these parameters: automatic_payment_methods, "
                "payment_method_types."
            )
        return None, read.method_types(params, currency, {})
    read.only(given, words("allow_redirects enabled"), "automatic_payment_methods")
    if given and "enabled" not in given:
        raise required("automatic_payment_methods[enabled]")
    redirects = read.one_of(given, "allow_redirects", ("always", "never"), "always")
    if given.get("enabled") == "false":
        return None, ["card"]
    return {"allow_redirects": redirects, "enabled": True}, ["card"]


def _lead_back(params, intent):
    """Raises ``ApiError`` 400 if the owner might be led away and it is not said where to return."""
    automatic = intent["automatic_payment_methods"]
    if (
        automatic
        and automatic["allow_redirects"] == "always"
        and not read.url(params, "return_url")
    ):
        raise invalid(
            "A `return_url` must be specified because this Payment Intent is configured to "
            "automatically accept the payment methods enabled in the Dashboard, some of which may "
            "require a full page redirect to succeed. If you do not want to accept redirect-based "
            "payment methods, set `automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents "
            "and Payment Intents.",
            "return_url",
        )


def _charge(app, intent, method):
    if method is None:
        raise invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    outcome = app.store.private(method["id"]).get("later", "ok")
    if outcome == "ok":
        intent["payment_method"] = method["id"]
        captured(app, intent, new_charge(app, intent, method))
        return intent
    error = decline(app, intent, method, outcome)
    return {"error": error | {"payment_intent": intent, "payment_method": method}}


def _method(app, params, customer):
    id = params.get("payment_method")
    if not id:
        return None
    method = app.store.get(id, "payment_method")
    if method is None:
        raise missing("payment_method", id, "payment_method")
    if method["customer"] != customer or customer is None:
        # Saved for this very customer, and for no other.
        raise invalid(
            "The provided PaymentMethod cannot be attached or does not belong to this Customer.",
            "payment_method",
        )
    return method


def _unexpected(intent, what):
    return invalid(
        f"You cannot {what} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state",
        payment_intent=intent,
    )
