"""Evidence: rows that are written once, of which only named fields may change later."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImmutableModel(models.Model):
    """A row whose facts can't be edited once saved.

    ``MUTABLE_FIELDS`` names what a later ``save(update_fields=…)`` may write.
    """

    MUTABLE_FIELDS: frozenset[str] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the row.

        Raises:
            ValidationError: the row exists and anything but ``MUTABLE_FIELDS`` would be written.
        """
        if not self._state.adding:
            written: Iterable[str] | None = kwargs.get("update_fields")
            if written is None or not set(written) <= self.MUTABLE_FIELDS:
                raise ValidationError(
                    _("%(model)s is a record and can't be edited.")
                    % {"model": self._meta.verbose_name}
                )
        super().save(*args, **kwargs)
