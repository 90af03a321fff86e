"""Fixtures of the walks through payments."""

from tests.functional.renewals.fixtures import announced, bought, offered, renewing  # noqa: F401
