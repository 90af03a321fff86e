"""Which of these tests this run's database can answer."""

from django.conf import settings

collect_ignore: list[str] = []
# Not collected rather than skipped, so that a skipped test always means that something is wrong.
if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    collect_ignore += ["test_sqlite.py"]
