"""The connection to Stripe, and its errors as ours.

Every request to Stripe is made by the modules beside this one. Each call is short, outside any
transaction, and repeatable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TypeVar

import stripe
from django.conf import settings as django_settings
from djstripe.settings import djstripe_settings

from oscar_subscriptions import conf, gateway
from oscar_subscriptions.payments.provider import key_alert

Made = TypeVar("Made")

NETWORK_RETRIES = 1
# Keys that one reference has: after its own, one for each object that could not be used.
KEYS = 5
MISSING = "resource_missing"


class ProviderUnavailableError(gateway.UnavailableError):
    """Stripe could not be reached or did not answer; what it did is unknown."""


class KeyRefusedError(ProviderUnavailableError):
    """Stripe does not accept the shop's key: rotated, or lacks a right. An alert is raised."""


class KeyUsedError(ProviderUnavailableError):
    """The idempotency key was used with other parameters, or by a request that Stripe failed to
    carry out and remembers. What became of that request is unknown."""


class BankRefusedError(Exception):
    """The bank refused, or wants the member to confirm first."""


class RequestRefusedError(Exception):
    """Stripe understood the request and refused it; repeating it will not help.

    Attributes:
        param: name of the parameter that Stripe does not accept, if it names one.
        is_missing: Stripe does not know what the request is about.
        is_remembered: it was refused before, with the same idempotency key, and not asked again.
    """

    def __init__(
        self,
        reason: str,
        param: str = "",
        *,
        is_missing: bool = False,
        is_remembered: bool = False,
    ) -> None:
        super().__init__(reason)
        self.param = param
        self.is_missing = is_missing
        self.is_remembered = is_remembered


class CustomerUnknownError(RequestRefusedError):
    """The request names a customer that Stripe does not know: deleted, or of another account."""


def connect() -> stripe.StripeClient:
    """Return a client with the shop's key, address and time limit.

    ``StripeClient`` ignores ``STRIPE_API_HOST``, which dj-stripe and the ``stripe`` module follow.
    """
    return _client(
        djstripe_settings.STRIPE_SECRET_KEY,
        getattr(django_settings, "STRIPE_API_HOST", None),
        djstripe_settings.STRIPE_API_VERSION,
        conf.settings.PROVIDER_TIMEOUT,
        NETWORK_RETRIES,
    )


@lru_cache(maxsize=2)
def _client(
    key: str, host: str | None, version: str, timeout: float, retries: int
) -> stripe.StripeClient:
    # Kept, because each of its threads keeps the connection to Stripe.
    return stripe.StripeClient(
        key,
        base_addresses={"api": host} if host else {},
        stripe_version=version,
        http_client=stripe.RequestsClient(timeout=timeout),
        max_network_retries=retries,
    )


def is_livemode() -> bool:
    """Return whether the shop's key moves real money."""
    return "_live_" in (djstripe_settings.STRIPE_SECRET_KEY or "")


@contextmanager
def errors() -> Iterator[None]:
    """Within the block, raise this module's exceptions instead of those of ``stripe``."""
    try:
        yield
    except stripe.IdempotencyError as error:
        raise KeyUsedError(_reason(error)) from error
    except stripe.InvalidRequestError as error:
        param, is_missing = error.param or "", error.code == MISSING
        is_unknown = is_missing and param == "customer"
        refusal = CustomerUnknownError if is_unknown else RequestRefusedError
        raise refusal(
            _reason(error), param, is_missing=is_missing, is_remembered=_is_remembered(error)
        ) from error
    except stripe.CardError as error:
        raise BankRefusedError(_reason(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        reason = _reason(error)
        key_alert.key_refused(reason, lacks_right=isinstance(error, stripe.PermissionError))
        raise KeyRefusedError(reason) from error
    except stripe.StripeError as error:
        # Stripe remembers its own failures too, and would repeat this one for a day.
        unavailable = KeyUsedError if _is_remembered(error) else ProviderUnavailableError
        raise unavailable(_reason(error)) from error


def create_once(
    create: Callable[[str], Made], reference: str, find: Callable[[], Made | None] = lambda: None
) -> Made:
    """Return what ``create`` makes, or what a request made before whose answer was lost.

    A retry may differ from the lost request, in its language or end for instance; Stripe refuses
    its idempotency key then, and does not say what the lost request made.

    Args:
        create: takes the idempotency key.
        reference: the first key; the others begin with it. They are the same in every process, so
            that of two at once only one makes something.
        find: returns what is to be used instead of making another; ``None`` if there is nothing.
            By default whatever was made before is left unused.

    Raises:
        ProviderUnavailableError: no answer; call again.
        RequestRefusedError: the parameters are not accepted.
    """
    for number in range(1, KEYS):
        try:
            return create(key_number(reference, number))
        except KeyUsedError:
            made = find()
            if made is not None:
                return made
    return create(key_number(reference, KEYS))


def key_number(reference: str, number: int) -> str:
    """Return one of the idempotency keys of ``reference``: its own, or a later one (2, 3 …)."""
    return reference if number == 1 else f"{reference}-{number}"


def _is_remembered(error: stripe.StripeError) -> bool:
    return (error.headers or {}).get("Idempotent-Replayed") == "true"


def _reason(error: stripe.StripeError) -> str:
    return error.user_message or str(error)
