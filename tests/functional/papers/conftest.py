"""Fixtures of what people are told about a payment or a renewal."""

from tests.functional.renewals.fixtures import (  # noqa: F401
    announced,
    bought,
    elsewhere,
    offered,
    renewing,
)
