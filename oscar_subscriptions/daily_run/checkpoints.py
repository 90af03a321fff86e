"""Named marks: up to which moment, day or row something is done, or when it last succeeded."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from oscar_subscriptions.loading import registered

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Checkpoint

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


def get(name: str) -> Checkpoint | None:
    """Return the mark of ``name``, or ``None`` before the first."""
    return registered.Checkpoint.objects.filter(name=name).first()


def live_through(name: str, day: date, row: int, since: datetime) -> None:
    """Set the day, the row and the moment of ``name``, forwards or backwards."""
    Checkpoint = registered.Checkpoint
    values = {"day": day, "row": row, "at": since}
    if not Checkpoint.objects.filter(name=name).update(**values):
        Checkpoint.objects.update_or_create(name=name, defaults=values)
