"""Fixtures of the walks through automatic renewal."""

from tests.functional.renewals.fixtures import (  # noqa: F401
    announced,
    bought,
    elsewhere,
    offered,
    renewing,
)
