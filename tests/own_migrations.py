"""Which migrations run when the tables are made on PostgreSQL."""


class OnlyOurs(dict):
    """For ``MIGRATION_MODULES``: our migrations run; Oscar's and dj-stripe's hundreds become
    tables directly."""

    def __contains__(self, app_label: object) -> bool:
        return not str(app_label).startswith("oscar_subscriptions")

    def __getitem__(self, app_label: str) -> None:
        return None
