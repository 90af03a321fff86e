"""The webhook endpoint: what the provider has, and dj-stripe's row of it."""

import uuid
from typing import Any

from django.db import transaction
from django.urls import reverse
from djstripe.models import WebhookEndpoint
from djstripe.settings import djstripe_settings

from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.provider.events import EVENTS


def ensure(base_url: str) -> tuple[Any, bool]:
    """Make or update the endpoint of this shop at the provider, and dj-stripe's row with it.

    The provider tells the secret only when an endpoint is made. So one whose secret we don't have
    (a restored database, another machine) is made anew in place of the old one.

    Args:
        base_url: scheme and host at which the provider reaches this shop.

    Returns:
        dj-stripe's row, and whether the endpoint was made by this call.

    Raises:
        provider.ProviderUnavailableError: no answer.
        provider.RequestRefusedError: such as an address that the provider can't reach.
    """
    with client.errors():
        endpoints = client.connect().v1.webhook_endpoints
        for remote in endpoints.list({"limit": 100}).auto_paging_iter():
            row = _row_for(remote, base_url)
            if row is not None:
                wanted = {"enabled_events": list(EVENTS), "disabled": False}
                return _store(endpoints.update(remote["id"], params=wanted), row), False  # type: ignore[arg-type]
            if _is_ours(remote, base_url):
                endpoints.delete(remote["id"])
        endpoint_id = uuid.uuid4()
        made = endpoints.create(
            {
                "url": base_url + _path(endpoint_id),
                "enabled_events": list(EVENTS),  # type: ignore[arg-type]
                "api_version": djstripe_settings.STRIPE_API_VERSION,
                "metadata": {"djstripe_uuid": str(endpoint_id)},
            }
        )
        return _store(made, None), True


def _path(endpoint_id: uuid.UUID) -> str:
    return reverse("djstripe:djstripe_webhook_by_uuid", kwargs={"uuid": endpoint_id})


def _is_ours(remote: Any, base_url: str) -> bool:
    """Whether dj-stripe in this shop, at this address, made the endpoint once."""
    try:
        endpoint_id = uuid.UUID(remote["metadata"]["djstripe_uuid"])
    except (KeyError, ValueError):
        return False
    return remote["url"] == base_url + _path(endpoint_id)


def _row_for(remote: Any, base_url: str) -> Any | None:
    if not _is_ours(remote, base_url):
        return None
    return WebhookEndpoint.objects.filter(id=remote["id"]).exclude(secret="").first()


def _store(remote: Any, row: Any | None) -> Any:
    secret = row.secret if row is not None else remote["secret"]
    with transaction.atomic():
        row = WebhookEndpoint.sync_from_stripe_data(remote)
        row.secret = secret
        row.save(update_fields=["secret"])
    return row
