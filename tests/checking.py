"""What the system checks of the extension find, for the tests of each of them."""

from typing import Any

from django.core import checks


def found(databases: Any = None) -> list[checks.CheckMessage]:
    """Return the messages; without ``databases`` no data is read. Each says how to put it right."""
    messages = checks.run_checks(tags=["oscar_subscriptions"], databases=databases)
    assert all(message.hint for message in messages)
    return messages


def ids() -> list[str]:
    """Return the numbers of what the settings alone show, such as ``"E001"``."""
    return [message.id.removeprefix("oscar_subscriptions.") for message in found()]


def messages() -> list[str]:
    """Return the texts of what the settings alone show."""
    return [message.msg for message in found()]


def found_in_data(*, databases: Any = ("default",)) -> dict[str, str]:
    """Return what settings and data show: the text for each number."""
    return {
        message.id.removeprefix("oscar_subscriptions."): message.msg for message in found(databases)
    }
