from django.db import migrations

# Terms of one subscription never overlap. The lock on the subscription sees to that everywhere;
# where the database can promise it as well, it does. int8range needs no btree_gist, an extension
# that many servers do not have.
ADD = """
ALTER TABLE oscar_subscriptions_term
ADD CONSTRAINT oscar_subscriptions_terms_never_overlap EXCLUDE USING gist (
    int8range(subscription_id, subscription_id, '[]') WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (revoked_at IS NULL)
"""
DROP = (
    "ALTER TABLE oscar_subscriptions_term DROP CONSTRAINT oscar_subscriptions_terms_never_overlap"
)


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [("oscar_subscriptions", "0001_initial")]

    operations = [migrations.RunPython(on_postgresql(ADD), on_postgresql(DROP))]
