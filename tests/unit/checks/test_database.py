"""When the checks that read the database do so."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from tests.checking import found_in_data


def test_nothing_is_read_unless_django_is_told_which_database(shop, django_assert_num_queries):
    for databases in (None, [], ["replica"]):
        with django_assert_num_queries(0):
            assert found_in_data(databases=databases) == {}


@pytest.mark.parametrize(
    "table",
    ["oscar_subscriptions_plan", "djstripe_webhookendpoint", "djstripe_apikey", "partner_partner"],
)
def test_tables_that_are_not_there_yet_are_no_finding(db, endpoint, table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
    assert found_in_data() == {}


def test_check_with_a_database_says_it_and_refuses_a_hole(shop, endpoint, capsys):
    type(endpoint).objects.update(djstripe_validation_method="none")
    call_command("check", "--tag", "oscar_subscriptions")
    with pytest.raises(SystemCheckError, match="E104"):
        call_command("check", "--database", "default", "--tag", "oscar_subscriptions")
    with pytest.raises(SystemCheckError, match="E104"):
        call_command("check", "--database", "default", "--tag", "database")
