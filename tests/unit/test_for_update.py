"""The lock of a row, in the words of each database."""

import pytest
from django.db import connections, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from oscar.core.loading import get_model

from oscar_subscriptions.transactions import for_update

Subscription = get_model("oscar_subscriptions", "Subscription")


@pytest.fixture
def elsewhere(db):
    """PostgreSQL under the alias of the same name, as far as SQL is written for it; no server is
    asked."""
    connection = DatabaseWrapper(connections["default"].settings_dict, "elsewhere")
    # As inside of a transaction.
    connection.connection, connection.autocommit = object(), False
    connections["elsewhere"] = connection
    yield connection
    del connections["elsewhere"]


def sql(queryset):
    text, _ = queryset.query.get_compiler(queryset.db).as_sql()
    return text


def test_postgresql_locks_a_row_and_lets_others_refer_to_it(elsewhere):
    assert sql(for_update(Subscription.objects.using("elsewhere"))).endswith(" FOR NO KEY UPDATE")


def test_a_database_without_that_lock_takes_the_plain_one(elsewhere):
    elsewhere.features.has_select_for_no_key_update = False
    assert sql(for_update(Subscription.objects.using("elsewhere"))).endswith(" FOR UPDATE")


def test_the_lock_changes_neither_which_rows_are_read_nor_their_order(elsewhere):
    some = Subscription.objects.using("elsewhere").filter(member_email="a@b.c").order_by("-pk")
    assert sql(for_update(some)) == f"{sql(some)} FOR NO KEY UPDATE"


def test_a_database_that_locks_no_rows_reads_them_all_the_same(shop):
    subscription = shop.grant(shop.make_user()).subscription
    with transaction.atomic():
        assert for_update(Subscription.objects.all()).get() == subscription
