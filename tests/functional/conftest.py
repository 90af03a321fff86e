"""Which of these tests this run's database can answer."""

from django.conf import settings

collect_ignore: list[str] = []
# Only PostgreSQL can hold the constraint, or let two writers look at once. Not collected elsewhere
# rather than skipped, so that a skipped test always means that something is wrong.
if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    collect_ignore += ["test_sqlite.py"]
else:
    collect_ignore += ["test_overlap.py", "test_receipt_numbers.py", "test_two_senders.py"]
