"""When a member's payment method are forgotten: as soon as nothing needs them any more.

The row loses its member in the transaction that ends the keeping, and nobody is charged by it from
then on. The customer is deleted at the provider after commit, or else by the next run.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings as django_settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.loading import registered, registered_payments
from oscar_subscriptions.payments.payment_methods import customers
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.privacy import Person
from oscar_subscriptions.transactions import after_commit, for_update, transactional


@receiver(
    pre_delete,
    sender=django_settings.AUTH_USER_MODEL,
    dispatch_uid="oscar_subscriptions_payments.account_deleted",
)
def forget_deleted_account(instance: Any, **kwargs: Any) -> None:
    """Forget what is kept of an account that is being deleted."""
    _delete_after_commit(_release(_rows().filter(user=instance)))


def forget_anonymised(person: Person) -> None:
    """Forget what is kept of ``person``. Of a deleted account it was forgotten with that."""
    if person.user is not None:
        _delete_after_commit(_release(_rows().filter(user=person.user)))


def forget_unneeded(user: Any) -> bool:
    """Forget the payment method of ``user`` unless automatic renewal, or an open payment, needs it.

    Called outside of any transaction.

    Returns:
        Whether one was kept, and is deleted by now.
    """
    released = _release_unneeded(user)
    _delete_after_commit(released)
    left = _rows().filter(pk__in=[row.pk for row in released])
    return any(row.payment_method_id for row in released) and not left.exists()


def forget_payment_method(day: date, dry_run: bool) -> Iterator[runner.Outcome]:
    """Forget what nothing needs any more, such as after a subscription that has lapsed; and have
    the provider delete what it has not deleted yet."""
    rows = _rows().filter(Q(user__isnull=True) | Q(pk__in=_unneeded().values("pk")))
    yield from runner.for_each_row(
        runner.in_batches(rows.select_related("user")),
        runner.with_circuit_breaker(_forget, client.ProviderUnavailableError),
        lambda row: f"customer {row.customer_id} deleted at the provider",
        dry_run,
    )


def _forget(row: Any) -> bool:
    if row.user is not None:
        _release_unneeded(row.user)
    return customers.delete(row.pk)


@transactional
def _release_unneeded(user: Any) -> list[Any]:
    subscriptions = registered.Subscription.objects.filter(user=user)
    # Whoever consents or orders takes these locks too.
    list(for_update(subscriptions.order_by("pk")))
    return _release(_unneeded().filter(user=user))


def _release(methods: Any) -> list[Any]:
    """Take the member off each of ``methods``; return them."""
    rows = list(methods)
    _rows().filter(pk__in=[row.pk for row in rows]).update(user=None)
    return rows


def _delete_after_commit(released: Iterable[Any]) -> None:
    for row in released:
        after_commit(customers.delete, row.pk)


def _unneeded() -> Any:
    """Means of members that no consent and no payment under way needs."""
    consents = registered.AutoRenewal.objects.filter(subscription__user=OuterRef("user"))
    # A consent given with an order counts once that gives its term; it may be paid by now.
    about_to_count = consents.filter(
        ended_at__isnull=True, order__subscription_attempts__status__in=("open", "paid")
    )
    opened = registered_payments.Attempt.objects.open()
    under_way = opened.filter(
        Q(kind="off-session") | Q(keeps_payment_method=True), order__user=OuterRef("user")
    )
    return _rows().filter(
        ~Exists(consents.in_force()),
        ~Exists(about_to_count),
        ~Exists(under_way),
        user__isnull=False,
    )


def _rows() -> Any:
    return registered_payments.StoredPaymentMethod.objects.all()
