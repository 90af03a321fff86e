"""Forget a member's payment method as soon as nothing needs it.

A transaction takes the member off the row, and the payment method is never charged again. After
commit, or else in the next run, the customer is deleted at the provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.db.models import OuterRef, Q, Subquery
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from oscar_subscriptions.daily_run import turns, work
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.payment_methods import customers
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.privacy import Person
from oscar_subscriptions.sql.key_lists import among
from oscar_subscriptions.transactions import after_commit, for_update, transactional

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from oscar_subscriptions.payments.models import StoredPaymentMethod
    from oscar_subscriptions.protocols import User


CHECKPOINT = "payment-methods"


@receiver(
    pre_delete,
    sender=django_settings.AUTH_USER_MODEL,
    dispatch_uid="oscar_subscriptions_payments.account_deleted",
)
def forget_deleted_account(instance: User, **kwargs: object) -> None:
    """Forget the payment method of an account that is being deleted."""
    _delete_after_commit(_release(_rows().filter(user=instance)))


def forget_anonymised(person: Person) -> None:
    """Forget the payment method of ``person``; that of a deleted account went with it."""
    if person.user is not None:
        _delete_after_commit(_release(_rows().filter(user=person.user)))


def forget_unneeded(user: User) -> bool:
    """Forget the payment method of ``user`` unless automatic renewal or an open payment needs it.

    Called outside any transaction.

    Returns:
        Whether one was stored, and the provider has deleted it.
    """
    released = _release_unneeded(user)
    _delete_after_commit(released)
    left = _rows().filter(pk__in=[row.pk for row in released])
    return any(row.payment_method_id for row in released) and not left.exists()


def forget_payment_method(day: date, dry_run: bool) -> Iterator[work.Outcome]:
    """Forget payment methods that nothing needs, and repeat deletions that the provider has not
    confirmed."""
    turn = turns.begin(CHECKPOINT, day, _rows())
    yield from work.for_each_row(
        chain(
            work.in_batches(_rows().filter(user__isnull=True)),
            _unneeded_now(turn),
        ),
        work.with_circuit_breaker(_forget, client.ProviderUnavailableError),
        _line,
        dry_run,
    )
    if not dry_run:
        turn.done()


def _unneeded_now(turn: turns.Turn) -> Iterator[StoredPaymentMethod]:
    """Yield those of members that something happened to, and some others in turn; all, in the first
    run."""
    rows = _unneeded().select_related("user")
    if turn.days is None:
        yield from work.in_batches(rows)
        return
    news = registered.Subscription.objects.filter(pk__in=turn.subscriptions_with_news())
    seen: set[int] = set()
    # Two statements: no index answers both at once, so that PostgreSQL would read all rows.
    for some in (rows.filter(user__in=news.values("user")), rows.filter(pk__in=among(turn.keys))):
        for row in work.in_batches(some):
            if row.pk not in seen:
                seen.add(row.pk)
                yield row


def _line(row: StoredPaymentMethod) -> str:
    return f"customer {row.customer_id} deleted at the provider"


def _forget(row: StoredPaymentMethod) -> bool:
    if row.user is not None:
        _release_unneeded(row.user)
    return customers.delete(row.pk)


@transactional
def _release_unneeded(user: User) -> list[StoredPaymentMethod]:
    subscriptions = registered.Subscription.objects.filter(user=user)
    # Consenting and ordering take these locks too.
    list(for_update(subscriptions.order_by("pk")))
    return _release(_unneeded().filter(user=user))


def _release(methods: QuerySet[StoredPaymentMethod]) -> list[StoredPaymentMethod]:
    """Take the member off each of ``methods``; return them as they were."""
    rows = list(methods)
    _rows().filter(pk__in=[row.pk for row in rows]).update(user=None)
    return rows


def _delete_after_commit(released: Iterable[StoredPaymentMethod]) -> None:
    for row in released:
        after_commit(customers.delete, row.pk)


def _unneeded() -> QuerySet[StoredPaymentMethod]:
    """Payment methods of members that no consent and no payment under way needs."""
    consents = registered.AutoRenewal.objects.filter(subscription__user=OuterRef("user"))
    # A consent given with an order is in force once the order gives its term: it may be paid now.
    about_to_count = consents.filter(
        ended_at__isnull=True, order__subscription_attempts__status__in=("open", "paid")
    )
    opened = registered_payments.Attempt.objects.open()
    under_way = opened.filter(
        Q(kind="off-session") | Q(keeps_payment_method=True), order__user=OuterRef("user")
    )
    # Not EXISTS: PostgreSQL would read all consents and payments at once for a few members.
    reasons = {
        "in_force": consents.in_force(),
        "about_to_count": about_to_count,
        "under_way": under_way,
    }
    first = {name: Subquery(rows.order_by().values("pk")[:1]) for name, rows in reasons.items()}
    absent = {f"{name}__isnull": True for name in reasons}
    return _rows().alias(**first).filter(user__isnull=False, **absent)


def _rows() -> QuerySet[StoredPaymentMethod]:
    return registered_payments.StoredPaymentMethod.objects.all()
