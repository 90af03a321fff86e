"""Fixtures of the walks through privacy."""

from tests.functional.renewals.fixtures import offered  # noqa: F401
