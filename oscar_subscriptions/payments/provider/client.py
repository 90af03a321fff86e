"""All that is ever said to Stripe. Each call is short, outside any transaction, and repeatable."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import stripe
from django.conf import settings as django_settings
from djstripe.settings import djstripe_settings

from oscar_subscriptions import conf, gateway
from oscar_subscriptions.payments.provider import key_alert

NETWORK_RETRIES = 1
# Code and parameter of Stripe's error.
MISSING_CUSTOMER = ("resource_missing", "customer")


class ProviderUnavailable(gateway.Unavailable):
    """Stripe could not be reached, or would not answer; nothing is known and nothing changed."""


class KeyRefused(ProviderUnavailable):
    """Stripe does not accept the shop's key: it was rotated, or lacks a right. Operators know."""


class BankRefused(Exception):
    """Stripe asked the bank, and the bank said no, or wants to ask the member first."""


class RequestRefused(Exception):
    """Stripe understood the request and refused it; repeating it will not help."""


class CustomerUnknown(RequestRefused):
    """The request names a customer whom Stripe does not know: deleted, or of another account."""


def client() -> stripe.StripeClient:
    """Return a client with the shop's key, address and time limit.

    ``StripeClient`` ignores ``STRIPE_API_HOST``, which dj-stripe and the ``stripe`` module follow.
    """
    host = getattr(django_settings, "STRIPE_API_HOST", None)
    return stripe.StripeClient(
        djstripe_settings.STRIPE_SECRET_KEY,
        base_addresses={"api": host} if host else {},
        stripe_version=djstripe_settings.STRIPE_API_VERSION,
        http_client=stripe.RequestsClient(timeout=conf.settings.PROVIDER_TIMEOUT),
        max_network_retries=NETWORK_RETRIES,
    )


def is_livemode() -> bool:
    """Tell whether the shop's key moves real money."""
    return "_live_" in (djstripe_settings.STRIPE_SECRET_KEY or "")


def create_session(params: dict[str, Any], idempotency_key: str) -> Any:
    """Create a hosted page; the same key gives the same page.

    Raises:
        ProviderUnavailable: no answer; it may have been created, so ask with the same key again.
        RequestRefused: the parameters are not accepted, or differ from those sent with this key.
    """
    with errors():
        return client().v1.checkout.sessions.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )


def fetch_session(session_id: str) -> Any | None:
    """Return the session as it is now, with its payment and its charge, or ``None`` if Stripe
    knows none.

    Raises:
        ProviderUnavailable: no answer.
    """
    try:
        with errors():
            return client().v1.checkout.sessions.retrieve(
                session_id, params={"expand": ["payment_intent.latest_charge"]}
            )
    except RequestRefused as refusal:
        if getattr(refusal.__cause__, "code", None) == "resource_missing":
            return None
        raise ProviderUnavailable(str(refusal)) from refusal


def create_customer(params: dict[str, Any], idempotency_key: str) -> Any:
    """Create a customer; as :func:`create_session`."""
    with errors():
        return client().v1.customers.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )


def delete_customer(customer_id: str) -> None:
    """Delete a customer and what is saved with it; one that is gone already stays so.

    Raises:
        ProviderUnavailable: no answer; it may have been deleted.
    """
    try:
        with errors():
            client().v1.customers.delete(customer_id)
    except RequestRefused as refusal:
        if getattr(refusal.__cause__, "code", None) != "resource_missing":
            raise ProviderUnavailable(str(refusal)) from refusal


def create_intent(params: dict[str, Any], idempotency_key: str) -> Any:
    """Create a payment that nobody has confirmed: no money moves. As :func:`create_session`."""
    with errors():
        return client().v1.payment_intents.create(
            params=params,  # type: ignore[arg-type]
            options={"idempotency_key": idempotency_key},
        )


def confirm_intent(intent_id: str, idempotency_key: str) -> None:
    """Charge a payment while the member is not there, once; what the bank said is read from it.

    Raises:
        ProviderUnavailable: no answer; it may have been charged.
        RequestRefused: it can't be charged, such as one that is cancelled.
    """
    try:
        with errors():
            client().v1.payment_intents.confirm(
                intent_id,
                params={"off_session": True},
                options={"idempotency_key": idempotency_key},
            )
    except BankRefused:
        pass


def fetch_intent(intent_id: str) -> Any | None:
    """Return the payment as it is now, with its charge, or ``None`` if Stripe knows none.

    Raises:
        ProviderUnavailable: no answer.
    """
    try:
        with errors():
            return client().v1.payment_intents.retrieve(
                intent_id, params={"expand": ["latest_charge"]}
            )
    except RequestRefused as refusal:
        if getattr(refusal.__cause__, "code", None) == "resource_missing":
            return None
        raise ProviderUnavailable(str(refusal)) from refusal


def cancel_intent(intent_id: str) -> None:
    """End a payment so that it can't be charged any more; one that is over stays as it is.

    Raises:
        ProviderUnavailable: no answer.
    """
    try:
        with errors():
            client().v1.payment_intents.cancel(intent_id)
    except RequestRefused:
        pass  # charged, or cancelled already: whoever asks next reads which


def fetch_reversals(payment_intent_id: str) -> list[Any]:
    """Return all refunds and disputes of a payment as they are now.

    Raises:
        ProviderUnavailable: no answer.
    """
    about: Any = {"payment_intent": payment_intent_id, "limit": 100}
    try:
        with errors():
            stripe_v1 = client().v1
            refunds = stripe_v1.refunds.list(about).auto_paging_iter()
            return [*refunds, *stripe_v1.disputes.list(about).auto_paging_iter()]
    except RequestRefused as refusal:
        raise ProviderUnavailable(str(refusal)) from refusal


def sessions_since(moment: datetime) -> Iterator[Any]:
    """Yield the sessions made since ``moment``, newest first.

    Raises:
        ProviderUnavailable: no answer; what was not yielded is not known.
    """
    wanted: Any = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    try:
        with errors():
            yield from client().v1.checkout.sessions.list(wanted).auto_paging_iter()
    except RequestRefused as refusal:
        raise ProviderUnavailable(str(refusal)) from refusal


def refund(payment_intent_id: str, idempotency_key: str) -> None:
    """Give a whole payment back; asked twice with one key, it is given back once.

    Raises:
        ProviderUnavailable: no answer; ask with the same key again.
        RequestRefused: there is nothing to give back.
    """
    with errors():
        client().v1.refunds.create(
            params={"payment_intent": payment_intent_id, "reason": "duplicate"},
            options={"idempotency_key": idempotency_key},
        )


def events_since(moment: datetime, types: Iterable[str]) -> Iterator[Any]:
    """Yield the events of these types since ``moment``, newest first; Stripe keeps 30 days.

    Raises:
        ProviderUnavailable: no answer; what was not yielded is not known.
    """
    wanted: Any = {"created": {"gte": int(moment.timestamp())}, "types": list(types), "limit": 100}
    try:
        with errors():
            yield from client().v1.events.list(wanted).auto_paging_iter()
    except RequestRefused as refusal:
        raise ProviderUnavailable(str(refusal)) from refusal


def expire_session(session_id: str) -> None:
    """Close a hosted page so that it can't be paid any more; one that is closed stays as it is.

    Raises:
        ProviderUnavailable: no answer.
    """
    try:
        with errors():
            client().v1.checkout.sessions.expire(session_id)
    except RequestRefused:
        pass  # complete or expired already: whoever asks next reads which


@contextmanager
def errors() -> Iterator[None]:
    """Within the block, what ``stripe`` raises becomes one of this module's exceptions."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        is_unknown = (error.code, getattr(error, "param", None)) == MISSING_CUSTOMER
        refusal = CustomerUnknown if is_unknown else RequestRefused
        raise refusal(error.user_message or str(error)) from error
    except stripe.CardError as error:
        raise BankRefused(error.user_message or str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        reason = error.user_message or str(error)
        key_alert.refused(reason, lacks_right=isinstance(error, stripe.PermissionError))
        raise KeyRefused(reason) from error
    except stripe.StripeError as error:
        raise ProviderUnavailable(error.user_message or str(error)) from error
