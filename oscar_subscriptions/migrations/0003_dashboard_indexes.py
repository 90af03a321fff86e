from django.contrib.auth import get_user_model
from django.db import migrations

# Operators search by the beginning of a name or an e-mail address, as ``istartswith`` compares it.
# Accounts are another app's table, but no other index of it answers; Oscar looks for an account by
# its e-mail in the same way. An account of a shop's own without one of the fields is left alone.
EXPRESSION = "UPPER({}::text) text_pattern_ops"
SUBSCRIPTION = {
    "oscar_subs_subscription_email": "member_email",
    "oscar_subs_subscription_name": "member_name",
    # What follows the first space.
    "oscar_subs_subscription_last": "SUBSTRING(member_name, (STRPOS(member_name, ' ') + 1))",
}
ACCOUNT = {
    "oscar_subs_account_email": "email",
    "oscar_subs_account_first": "first_name",
    "oscar_subs_account_last": "last_name",
}
# The longest grace of all; as Django subtracts days.
GRACE = "oscar_subs_term_grace"
DAYS = "(interval '1 day' * (covered_until - ends_on))"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, column in SUBSCRIPTION.items():
        schema_editor.execute(create(name, "oscar_subscriptions_subscription", column))
    schema_editor.execute(f"CREATE INDEX {GRACE} ON oscar_subscriptions_term ({DAYS})")
    user = get_user_model()._meta
    with schema_editor.connection.cursor() as cursor:
        table = schema_editor.connection.introspection.get_table_description(cursor, user.db_table)
    columns = {column.name for column in table}
    for name, column in ACCOUNT.items():
        if column in columns:
            schema_editor.execute(create(name, schema_editor.quote_name(user.db_table), column))


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in [*SUBSCRIPTION, *ACCOUNT, GRACE]:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


def create(name, table, column):
    return f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({EXPRESSION.format(column)})"


class Migration(migrations.Migration):
    dependencies = [("oscar_subscriptions", "0002_terms_never_overlap")]

    operations = [migrations.RunPython(add, drop)]
