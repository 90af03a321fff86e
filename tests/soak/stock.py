"""The shop before the crowd comes in: tables, plans, terms of sale, members without any term."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from oscar.core.loading import get_model

from shop.demo_data import catalogue, site
from tests.soak.script import Member

PASSWORD = "soaking-wet-2026"


def fill(members: Iterable[Member]) -> None:
    """Make the tables and write what the shop sells, and the members."""
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    site.load()
    catalogue.load()
    call_command("rebuild_index", verbosity=0, interactive=False)
    _let_the_plans_have_been_seen()
    User, password = get_user_model(), make_password(PASSWORD)
    User.objects.bulk_create(
        User(username=f"member-{member.number}", email=member.email, password=password)
        for member in members
    )


def _let_the_plans_have_been_seen() -> None:
    """Oscar's statistics fail, and the page with them, if the first two visitors of a product come
    at the same moment. Not ours, and no shop's plan is seen for the first time by a crowd."""
    ProductRecord = get_model("analytics", "ProductRecord")
    for plan in get_model("oscar_subscriptions", "Plan").objects.all():
        ProductRecord.objects.create(product=plan.product)
