"""Which of these tests this run's database can answer."""

from django.conf import settings

collect_ignore = []
# Only PostgreSQL can hold the constraint. Not collected elsewhere rather than skipped, so that a
# skipped test always means that something is wrong.
if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    collect_ignore.append("test_overlap.py")
