"""Oscar's own migrations: this app adds no column, so a shop can come and go without a change."""

from oscar.apps.basket import migrations

__path__ = migrations.__path__
