"""From an order to the provider's page: one open attempt, one session."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.core.loading import get_model

from oscar_subscriptions import conf
from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.attempts import off_session
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.provider import client, money, sessions
from oscar_subscriptions.payments.reconciliation import matching
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.transactions import locked

# Languages of Stripe's page; another one is left to the browser.
PROVIDER_LANGUAGES = {"fr", "en"}
# Stripe counts the life of a session from its own clock; a little more than its minimum.
SHORTEST_MINUTES = 31
LONGEST_MINUTES = 24 * 60


class AttemptClosedError(Exception):
    """The attempt was paid, cancelled or given up meanwhile."""


def begin(order: Any, kind: str = "hosted") -> Any:
    """Write an open attempt for ``order``: what is to be collected, as a snapshot.

    Args:
        order: the order; not paid.
        kind: ``hosted`` or ``off-session``.

    Raises:
        UnableToPlaceOrder: the total can't be charged exactly; the message is for the member.
    """
    try:
        amount = money.minor_units(order.total_incl_tax, order.currency)
    except ValueError as error:
        raise UnableToPlaceOrder(
            _("This total can't be charged exactly in its currency. Please contact us.")
        ) from error
    return registered_payments.Attempt.objects.create(
        order=order,
        kind=kind,
        keeps_payment_method=kind == "hosted" and stored.are_wanted(order),
        amount=amount,
        currency=order.currency.upper(),
        livemode=client.is_livemode(),
    )


def begin_off_session(order: Any) -> bool:
    """Write an off-session attempt of ``order``; called in a transaction.

    Returns:
        Whether it was written; not if the order is settled or cancelled, or may be paid right now.
    """
    locked(get_model("order", "Order"), order.pk)
    attempts = order.subscription_attempts.order_by("pk")
    statuses = list(attempts.values_list("status", flat=True))
    if {"open", "paid", "refused"} & set(statuses) or statuses[-1:] == ["cancelled"]:
        return False
    begin(order, "off-session")
    return True


def open_attempt(order: Any) -> Any | None:
    """Return an attempt that can be paid, begun anew after one that expired; ask the provider.

    Returns:
        An open attempt, or ``None`` if the order is paid, refused or cancelled by now.

    Raises:
        provider.ProviderUnavailableError: the provider could not be asked.
    """
    for attempt in order.subscription_attempts.open():
        # The member is here: nobody is to be charged behind his back at the same time.
        attempt = off_session.close(attempt) if attempt.is_off_session else reconcile(attempt)
        if attempt.status == attempt.OPEN:
            return attempt
    with transaction.atomic():
        locked(get_model("order", "Order"), order.pk)
        attempts = order.subscription_attempts.order_by("-pk")
        if attempts.filter(status__in=("paid", "refused")).exists():
            return None
        latest = attempts.first()
        if latest is not None and latest.status == latest.OPEN:
            return latest  # begun by another request since
        if latest is None or latest.status == latest.CANCELLED:
            return None
        return begin(order)


def hosted_page(attempt: Any, success_url: str, cancel_url: str) -> str:
    """Return the address of the provider's page for ``attempt``, made on the first call.

    The reference is the idempotency key: asked twice, or again after a time-out, the provider
    gives the same page.

    Args:
        attempt: open.
        success_url: where the browser comes back to; may hold ``{CHECKOUT_SESSION_ID}``.
        cancel_url: where it comes back to when the member gives up.

    Raises:
        AttemptClosedError: the attempt was closed meanwhile; there is nothing to pay.
        provider.ProviderUnavailableError: no answer; call again.
        provider.CustomerUnknownError: the member's customer is gone, and is forgotten here as well;
            another attempt makes a new one.
        provider.RequestRefusedError: the provider does not accept what we ask for.
    """
    if attempt.session_id:
        return attempt.url
    params = _session_params(attempt, success_url, cancel_url)
    try:
        session = sessions.create_session(params, str(attempt.reference))
    except client.CustomerUnknownError:
        stored.forget_customer(params["customer"], attempt.livemode)
        raise
    attempt.session_id, attempt.url = session["id"], session["url"]
    values = {"session_id": session["id"], "url": session["url"]}
    rows = type(attempt).objects.filter(pk=attempt.pk)
    if not rows.filter(status=attempt.OPEN).update(**values):
        # Closed while the page was being made (cancelled in another tab): nobody may pay there,
        # and should somebody have managed to, the next run finds out.
        rows.update(**values)
        rows.mark_due()
        sessions.expire_session(session["id"])
        raise AttemptClosedError
    return attempt.url


def is_outdated(attempt: Any) -> bool:
    """Tell whether ``attempt`` can't have a page any more that it does not have yet: that would
    end sooner than Stripe allows, or collect in another mode than the attempt is of."""
    is_late = _expires_at(attempt) < timezone.now() + timedelta(minutes=SHORTEST_MINUTES)
    return attempt.session_id is None and (is_late or attempt.livemode != client.is_livemode())


def renew(attempt: Any) -> Any:
    """Give up an attempt that never had a page, and begin another.

    Raises:
        AttemptClosedError: it was closed meanwhile.
    """
    with transaction.atomic():
        locked(get_model("order", "Order"), attempt.order_id)
        unused = type(attempt).objects.filter(pk=attempt.pk, status=attempt.OPEN)
        if not unused.filter(session_id__isnull=True).update(status=attempt.EXPIRED):
            raise AttemptClosedError
        return begin(attempt.order)


def _expires_at(attempt: Any) -> datetime:
    minutes = min(max(conf.settings.SESSION_MINUTES, SHORTEST_MINUTES), LONGEST_MINUTES)
    return attempt.created_at + timedelta(minutes=minutes)


def _session_params(attempt: Any, success_url: str, cancel_url: str) -> dict[str, Any]:
    order, about = attempt.order, matching.about(attempt)
    language = (get_language() or "").split("-")[0]
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": str(attempt.reference),
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": attempt.currency.lower(),
                    "unit_amount": attempt.amount,
                    "product_data": {"name": order.lines.order_by("pk").first().title},
                },
            }
        ],
        "metadata": about,
        "payment_intent_data": {"metadata": about},
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(_expires_at(attempt).timestamp()),
        "locale": language if language in PROVIDER_LANGUAGES else "auto",
    }
    if attempt.keeps_payment_method:
        params["customer"] = stored.customer_of(attempt)
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
    elif order.email:
        params["customer_email"] = order.email
    return params
