"""A list of keys finds the same rows as Django's own, without a parameter for each."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oscar_subscriptions.sql import key_lists
from oscar_subscriptions.sql.key_lists import among

User = get_user_model()


@pytest.fixture
def many(monkeypatch):
    """One key is a long list."""
    monkeypatch.setattr(key_lists, "FEW", 0)


@pytest.fixture
def keys(db):
    return [User.objects.create(username=name).pk for name in ("ada", "grace", "emmy")]


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("few", [0, 1, 2])
def test_it_finds_the_rows_whose_key_is_in_the_list(keys, number, few, monkeypatch):
    monkeypatch.setattr(key_lists, "FEW", few)
    rows = User.objects.filter(pk__in=among(keys[:number])).order_by("pk")
    assert list(rows.values_list("pk", flat=True)) == keys[:number]
    others = User.objects.exclude(pk__in=among(keys[:number])).order_by("pk")
    assert list(others.values_list("pk", flat=True)) == keys[number:]


@pytest.mark.usefixtures("many")
def test_rows_are_written_and_deleted_by_it(keys):
    assert User.objects.filter(pk__in=among(set(keys[1:]))).update(first_name="Ada") == 2
    assert User.objects.filter(pk__in=among(keys[:2])).delete()[0] == 2
    assert [user.first_name for user in User.objects.all()] == ["Ada"]


def test_of_a_long_list_the_numbers_are_no_parameters(keys, monkeypatch):
    for few, number in ((2, 0), (3, 3)):
        monkeypatch.setattr(key_lists, "FEW", few)
        _sql, parameters = User.objects.filter(pk__in=among(keys)).query.sql_with_params()
        assert len(parameters) == number


@pytest.mark.usefixtures("many")
def test_no_keys_are_no_statement(db):
    with CaptureQueriesContext(connection) as queries:
        assert not User.objects.filter(pk__in=among([])).exists()
    assert len(queries) == 0


@pytest.mark.parametrize("key", ["1", "1) OR (1=1", 1.5, True, None])
def test_nothing_but_whole_numbers_gets_into_a_statement(key):
    with pytest.raises(TypeError):
        among([1, key])
