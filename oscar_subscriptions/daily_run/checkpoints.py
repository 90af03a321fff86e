"""Named moments: up to which something is done, or when it last succeeded."""

from datetime import datetime

from django.utils import timezone

from oscar_subscriptions.loading import registered

RUN = "run"


def reached(name: str) -> datetime | None:
    """Return the moment that ``name`` has reached; ``None`` before the first."""
    rows = registered.Checkpoint.objects.filter(name=name)
    return rows.values_list("at", flat=True).first()


def reach(name: str, moment: datetime) -> None:
    """Move ``name`` forward to ``moment``; never back, whichever process writes last."""
    Checkpoint = registered.Checkpoint
    row, created = Checkpoint.objects.get_or_create(name=name, defaults={"at": moment})
    if not created:
        Checkpoint.objects.filter(pk=row.pk, at__lt=moment).update(at=moment)


def touch(name: str) -> None:
    """Set ``name`` to now."""
    Checkpoint = registered.Checkpoint
    if not Checkpoint.objects.filter(name=name).update(at=timezone.now()):
        Checkpoint.objects.update_or_create(name=name, defaults={"at": timezone.now()})
