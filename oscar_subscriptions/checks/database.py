"""How a check reads the shop's data."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError, router, transaction
from oscar.core.loading import get_model

TAG = "oscar_subscriptions"


def database_check(
    app_label: str, model_name: str
) -> Callable[[Callable[[], Iterable[CheckMessage]]], Any]:
    """Register a function without arguments that reads the table of the model.

    It is asked only when Django is told which databases may be read. Tables or columns that are
    missing (``migrate`` checks before it makes them) are no finding.
    """

    def decorate(read: Callable[[], Iterable[CheckMessage]]) -> Any:
        def check(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
            alias = router.db_for_read(get_model(app_label, model_name))
            if alias not in (databases or ()):
                return []
            try:
                with transaction.atomic(using=alias):
                    return list(read())
            except DatabaseError:
                return []

        # Not functools.wraps: Django looks through it for **kwargs.
        check.__name__, check.__doc__ = read.__name__, read.__doc__
        return register(check, TAG, Tags.database)

    return decorate
