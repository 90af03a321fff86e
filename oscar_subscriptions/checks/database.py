"""How a check reads the shop's data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError, router, transaction

TAG = "oscar_subscriptions"
# The apps that a check is restricted to; ``None``: all.
AppConfigs: TypeAlias = "Sequence[AppConfig] | None"
Check: TypeAlias = Callable[..., list[CheckMessage]]
Reader: TypeAlias = Callable[[], Iterable[CheckMessage]]


def database_check(app_label: str, model_name: str) -> Callable[[Reader], Check]:
    """Register a function without arguments that reads the table of the model.

    It runs only when Django is told to check that table's database. Missing tables or columns
    (``migrate`` checks before it creates them) are no finding.
    """

    def decorate(read: Reader) -> Check:
        def check(
            app_configs: AppConfigs, databases: Sequence[str] | None = None, **kwargs: object
        ) -> list[CheckMessage]:
            alias = router.db_for_read(apps.get_model(app_label, model_name))
            if alias not in (databases or ()):
                return []
            try:
                with transaction.atomic(using=alias):
                    return list(read())
            except DatabaseError:
                return []

        # Not functools.wraps: Django would look for **kwargs in the wrapped function.
        check.__name__, check.__doc__ = read.__name__, read.__doc__
        register(check, TAG, Tags.database)
        return check

    return decorate
