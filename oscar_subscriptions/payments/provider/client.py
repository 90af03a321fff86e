"""The connection to Stripe, and its errors as ours.

Every request to Stripe is made by the modules beside this one. Each call is short, outside any
transaction, and repeatable.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import stripe
from django.conf import settings as django_settings
from djstripe.settings import djstripe_settings

from oscar_subscriptions import conf, gateway
from oscar_subscriptions.payments.provider import key_alert

NETWORK_RETRIES = 1
# Code and parameter of Stripe's error.
MISSING_CUSTOMER = ("resource_missing", "customer")


class ProviderUnavailableError(gateway.UnavailableError):
    """Stripe could not be reached or did not answer; what it did is unknown."""


class KeyRefusedError(ProviderUnavailableError):
    """Stripe does not accept the shop's key: rotated, or lacks a right. An alert is raised."""


class BankRefusedError(Exception):
    """The bank refused, or wants the member to confirm first."""


class RequestRefusedError(Exception):
    """Stripe understood the request and refused it; repeating it will not help."""


class CustomerUnknownError(RequestRefusedError):
    """The request names a customer that Stripe does not know: deleted, or of another account."""


def connect() -> stripe.StripeClient:
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
    """Return whether the shop's key moves real money."""
    return "_live_" in (djstripe_settings.STRIPE_SECRET_KEY or "")


@contextmanager
def errors() -> Iterator[None]:
    """Within the block, raise this module's exceptions instead of those of ``stripe``."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        is_unknown = (error.code, getattr(error, "param", None)) == MISSING_CUSTOMER
        refusal = CustomerUnknownError if is_unknown else RequestRefusedError
        raise refusal(error.user_message or str(error)) from error
    except stripe.CardError as error:
        raise BankRefusedError(error.user_message or str(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        reason = error.user_message or str(error)
        key_alert.key_refused(reason, lacks_right=isinstance(error, stripe.PermissionError))
        raise KeyRefusedError(reason) from error
    except stripe.StripeError as error:
        raise ProviderUnavailableError(error.user_message or str(error)) from error
