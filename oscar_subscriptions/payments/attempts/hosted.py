"""From an order to the provider's page: one open attempt, one session."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.core.loading import get_model

from oscar_subscriptions.loading import registered_payments
from oscar_subscriptions.payments.attempts import off_session, page_params
from oscar_subscriptions.payments.payment_methods import stored
from oscar_subscriptions.payments.provider import client, money, sessions
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from oscar_subscriptions.transactions import locked

if TYPE_CHECKING:
    from stripe.checkout import Session
    from stripe.params.checkout import SessionCreateParams

    from oscar_subscriptions.payments.models import Attempt
    from oscar_subscriptions.protocols import Order

logger = logging.getLogger(__name__)

# Stripe forgets an idempotency key, and what was made with it, after 24 hours.
KEY_LIFETIME = timedelta(hours=24)
# Stripe's clock and the shop's may differ by this much.
CLOCKS = timedelta(minutes=15)


class AttemptClosedError(Exception):
    """The attempt was paid, cancelled or closed meanwhile."""


def begin(order: Order, kind: str = "hosted") -> Attempt:
    """Write an open attempt for ``order``, with amount and currency as they are now.

    Args:
        order: not paid.
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


def begin_off_session(order: Order) -> bool:
    """Write an off-session attempt of ``order``. Needs an open transaction.

    Returns:
        Whether it was written. Not if the order is settled, cancelled, or has an open attempt.
    """
    assert transaction.get_connection().in_atomic_block
    locked(get_model("order", "Order"), order.pk)
    attempts = order.subscription_attempts.order_by("pk")
    statuses = list(attempts.values_list("status", flat=True))
    if {"open", "paid", "refused"} & set(statuses) or statuses[-1:] == ["cancelled"]:
        return False
    begin(order, "off-session")
    return True


def open_attempt(order: Order) -> Attempt | None:
    """Ask the provider about the open attempt of ``order``, and replace it if it has expired.

    Called outside any transaction.

    Returns:
        An open attempt; ``None`` if the order is paid, refused or cancelled.

    Raises:
        client.ProviderUnavailableError: the provider could not be asked.
    """
    for attempt in order.subscription_attempts.open():
        # The member is about to pay: no charge may run at the same time.
        if attempt.is_off_session:
            attempt = off_session.close_order(attempt)
        elif attempt.provider_id:
            attempt = reconcile(attempt)
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


def hosted_page(attempt: Attempt, success_url: str, cancel_url: str) -> str:
    """Return the address of the provider's page for ``attempt``, created on the first call.

    The reference is the idempotency key: asked again, after a time-out for instance, the same page
    is returned, in the language and with the end that it was first asked for.

    Args:
        attempt: open.
        success_url: the browser returns here; may hold ``{CHECKOUT_SESSION_ID}``.
        cancel_url: the browser returns here when the member gives up.

    Raises:
        AttemptClosedError: the attempt was closed meanwhile; there is nothing to pay.
        client.ProviderUnavailableError: no answer; call again.
        client.CustomerUnknownError: the member's customer is gone, and is now forgotten here as
            well; another attempt creates a new one.
        client.RequestRefusedError: the provider does not accept the parameters.
    """
    if attempt.session_id:
        return attempt.url
    params = page_params.session_params(attempt, success_url, cancel_url)
    try:
        session = _session(attempt, params)
    except client.CustomerUnknownError:
        stored.forget_customer(params["customer"], attempt.livemode)
        raise
    rows = type(attempt).objects.filter(pk=attempt.pk)
    # A page that was made before and completed since has no address.
    values = {"session_id": session.id, "url": session.url or ""}
    unmade = rows.filter(session_id__isnull=True)
    if values["url"] and unmade.filter(status=attempt.OPEN).update(**values):
        attempt.session_id, attempt.url = session.id, values["url"]
        return attempt.url
    is_first = bool(unmade.update(**values))
    attempt.refresh_from_db(fields=["session_id", "url", "status"])
    if attempt.session_id != session.id:  # another request was faster; its page counts
        sessions.expire_session(session.id)
    elif attempt.status == attempt.OPEN and not attempt.url:
        reconcile(attempt)
    elif attempt.status != attempt.OPEN and is_first:
        # Closed while the page was being created (cancelled in another tab): nobody may pay there.
        # If the member has, the next run finds out.
        rows.mark_due()
        sessions.expire_session(session.id)
    if attempt.status != attempt.OPEN or not attempt.url:
        raise AttemptClosedError
    return attempt.url


def _session(attempt: Attempt, params: SessionCreateParams) -> Session:
    """The page that ``attempt`` has at the provider, made if there is none.

    Raises the same as :func:`hosted_page`.
    """
    reference = str(attempt.reference)

    def find() -> Session | None:
        made = sessions.find_session(reference, attempt.created_at - CLOCKS)
        return None if made is None or made.status == "expired" else made

    try:
        return client.create_once(lambda key: sessions.create_session(params, key), reference, find)
    except client.RequestRefusedError as refusal:
        if refusal.param not in page_params.CONVENIENCES or refusal.param not in params:
            raise
        logger.warning("Page of order %s without %s: %s", attempt.order, refusal.param, refusal)
        rest = {name: value for name, value in params.items() if name != refusal.param}
        return _session(attempt, cast("SessionCreateParams", rest))


def is_outdated(attempt: Attempt) -> bool:
    """Return whether ``attempt`` has no page and can't get one: the provider may have forgotten
    whether it made one, or the shop's key is of another mode."""
    is_forgotten = attempt.created_at < timezone.now() - KEY_LIFETIME
    return attempt.session_id is None and (is_forgotten or attempt.livemode != client.is_livemode())


def renew(attempt: Attempt) -> Attempt:
    """Close an attempt that never had a page, and begin another.

    Raises:
        AttemptClosedError: it was closed, or got a page, meanwhile.
    """
    with transaction.atomic():
        locked(get_model("order", "Order"), attempt.order_id)
        unused = type(attempt).objects.filter(pk=attempt.pk, status=attempt.OPEN)
        if not unused.filter(session_id__isnull=True).update(status=attempt.EXPIRED):
            raise AttemptClosedError
        return begin(attempt.order)
