"""The search index in tests: only those that look into it pay for writing it."""

from django.apps import apps

from oscar_subscriptions.sellers import search_index

_write = search_index._write
# Now, because tests pretend that it is missing. (One of the projects does without, really.)
_processor = (
    apps.get_app_config("haystack").signal_processor if apps.is_installed("haystack") else None
)


def _forget(ids: list[int]) -> None:
    """Write nothing."""


def disconnect() -> None:
    """From now on neither saving a product nor the extension writes to the index."""
    search_index._write = _forget
    if _processor is not None:
        _processor.teardown()


def empty() -> None:
    """Forget every product. (The index outlives the rows of a test.)"""
    from haystack import connections

    connections["default"].get_backend().clear()


def connect() -> None:
    """From now on the index is written as in a shop."""
    assert _processor is not None
    search_index._write = _write
    _processor.setup()
