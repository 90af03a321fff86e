"""The checks of database and mail server, by a shop whose servers can't keep a promise."""

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection

from tests.checking import ids


def test_fault_40_e003_a_database_on_which_the_promises_are_not_tested(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "mysql")
    assert ids() == ["E003"]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, ["W008"]),
        ({"transaction_mode": "DEFERRED", "timeout": 20}, ["W008"]),
        ({"transaction_mode": "IMMEDIATE"}, ["W008"]),
        ({"transaction_mode": "IMMEDIATE", "timeout": 5}, ["W008"]),
        ({"transaction_mode": "immediate", "timeout": 10}, []),
        ({"transaction_mode": "EXCLUSIVE", "timeout": 20}, []),
    ],
)
def test_fault_40_w008_sqlite_that_can_t_wait_for_its_turn(monkeypatch, options, found):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    assert ids() == found


def test_postgresql_needs_no_options(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "postgresql")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    assert ids() == []


class OwnBackend(EmailBackend):
    """A shop's own."""


@pytest.mark.parametrize(
    "backend", ["django.core.mail.backends.smtp.EmailBackend", f"{__name__}.OwnBackend"]
)
def test_fault_38_w009_a_mail_server_that_hangs(settings, backend):
    settings.EMAIL_BACKEND = backend
    assert ids() == ["W009"]
    settings.EMAIL_TIMEOUT = 10
    assert ids() == []
