"""The webhook endpoint at the provider, and dj-stripe's row of it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction
from django.urls import reverse
from djstripe.models import WebhookEndpoint
from djstripe.settings import djstripe_settings

from oscar_subscriptions.payments.provider import client, fields
from oscar_subscriptions.payments.provider.events import EVENTS

if TYPE_CHECKING:
    import stripe

logger = logging.getLogger(__name__)

# In the metadata of endpoints that this module creates; dj-stripe's admin creates others.
MADE_BY = "django-oscar-subscriptions"


class EndpointRow(Protocol):
    """dj-stripe's ``WebhookEndpoint``, as far as it is used; dj-stripe is untyped."""

    url: str
    secret: str

    def save(self, *, update_fields: list[str]) -> None: ...


def ensure(base_url: str) -> tuple[EndpointRow, bool]:
    """Create or update the endpoint of this shop at the provider, and dj-stripe's row of it.

    The provider sends the secret only when an endpoint is created. So an endpoint whose secret is
    not stored here (a restored database, another machine) is replaced by a new one. The endpoint at
    an earlier address of this shop is disabled: the provider would send to it for days, and count
    the failures against the account.

    Args:
        base_url: scheme and host at which the provider reaches this shop.

    Returns:
        dj-stripe's row, and whether this call created the endpoint.

    Raises:
        client.ProviderUnavailableError: no answer.
        client.RequestRefusedError: the provider can't reach the address, for instance.
    """
    with client.errors():
        endpoints = client.connect().v1.webhook_endpoints
        remotes = list(endpoints.list({"limit": 100}).auto_paging_iter())
        row, is_made = _ensure(endpoints, remotes, base_url)
        # Only now that events arrive at the new address.
        for remote in remotes:
            if _is_former(remote, base_url):
                logger.warning("The webhook endpoint %s is disabled", remote.url)
                disabled = endpoints.update(remote.id, {"disabled": True})
                _store(disabled, WebhookEndpoint.objects.filter(id=remote.id).first())
    return row, is_made


def _ensure(
    endpoints: stripe.WebhookEndpointService,
    remotes: Iterable[stripe.WebhookEndpoint],
    base_url: str,
) -> tuple[EndpointRow, bool]:
    # Stripe's types list every event by name.
    enabled: list[Any] = list(EVENTS)
    for remote in remotes:
        row = _row_for(remote, base_url)
        if row is not None:
            updated = endpoints.update(remote.id, {"enabled_events": enabled, "disabled": False})
            return _store(updated, row), False
        if _is_ours(remote, base_url):
            endpoints.delete(remote.id)
    endpoint_id = uuid.uuid4()
    made = endpoints.create(
        {
            "url": base_url + _path(endpoint_id),
            "enabled_events": enabled,
            "api_version": djstripe_settings.STRIPE_API_VERSION,
            "metadata": {"djstripe_uuid": str(endpoint_id), "made_by": MADE_BY},
        }
    )
    return _store(made, None), True


def _path(endpoint_id: uuid.UUID) -> str:
    return reverse("djstripe:djstripe_webhook_by_uuid", kwargs={"uuid": endpoint_id})


def _is_ours(remote: stripe.WebhookEndpoint, base_url: str) -> bool:
    """Whether dj-stripe or this module created the endpoint for this shop at this address."""
    endpoint_id = _uuid(remote)
    return endpoint_id is not None and remote.url == base_url + _path(endpoint_id)


def _is_former(remote: stripe.WebhookEndpoint, base_url: str) -> bool:
    """Whether this module created the endpoint, for this shop at another address; it is enabled.

    Other shops may share the account: theirs are not in this database.
    """
    made_by = fields.get(fields.get(remote, "metadata"), "made_by")
    return (
        made_by == MADE_BY
        and remote.status == "enabled"
        and not _is_ours(remote, base_url)
        and WebhookEndpoint.objects.filter(id=remote.id, djstripe_uuid=_uuid(remote)).exists()
    )


def _uuid(remote: stripe.WebhookEndpoint) -> uuid.UUID | None:
    try:
        return uuid.UUID(fields.id_of(fields.get(remote, "metadata"), "djstripe_uuid"))
    except ValueError:
        return None


def _row_for(remote: stripe.WebhookEndpoint, base_url: str) -> EndpointRow | None:
    if not _is_ours(remote, base_url):
        return None
    row: EndpointRow | None = (
        WebhookEndpoint.objects.filter(id=remote.id).exclude(secret="").first()
    )
    return row


def _store(remote: stripe.WebhookEndpoint, known: EndpointRow | None) -> EndpointRow:
    secret = known.secret if known is not None else remote.secret or ""
    assert secret or known, "the provider sends it when an endpoint is created"
    with transaction.atomic():
        row: EndpointRow = WebhookEndpoint.sync_from_stripe_data(remote)
        row.secret = secret
        row.save(update_fields=["secret"])
    return row
