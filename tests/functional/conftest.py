"""Which of these tests this run's database can answer."""

from typing import Any

import pytest
from django.conf import settings
from oscar.core.loading import get_model

from tests.functional import pages

collect_ignore: list[str] = []
# Only PostgreSQL can hold the constraint, or let two writers look at once. Not collected elsewhere
# rather than skipped, so that a skipped test always means that something is wrong.
if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    collect_ignore += ["test_overlap.py", "test_two_senders.py"]


@pytest.fixture
def order(shop: Any, member: Any, client: Any, standin: Any) -> Any:
    """An order of the plan that waits for its payment."""
    pages.add_to_basket(client, shop.plan.product)
    pages.place_order(client)
    return get_model("order", "Order").objects.get()
