"""Long lists of primary keys in a statement."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models.expressions import RawSQL

# So few are parameters, as ever: the driver remembers a short statement, and it stays the same.
FEW = 100


def among(keys: Collection[int]) -> RawSQL | Collection[int]:
    """Return what to compare with a key: ``filter(pk__in=among(keys))``.

    As ``pk__in=keys``, but more than ``FEW`` numbers are written into the statement. As parameters
    each of them passes through Django and the driver by itself: of a batch of products that takes
    more time than anything the database does with them.

    Args:
        keys: whole numbers, as Oscar's rows and ours have them; a shop's accounts need not.

    Raises:
        TypeError: one of them is no whole number.
    """
    if not all(type(key) is int for key in keys):
        raise TypeError("whole numbers only")
    return RawSQL(",".join(map(str, keys)), ()) if len(keys) > FEW else keys  # noqa: S611
