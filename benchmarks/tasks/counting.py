"""What was written, and how large this process is."""

from __future__ import annotations

from django.db import connection


def rows_written() -> int:
    """Return how many rows were written in this database so far, whoever wrote them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables")
        return int(cursor.fetchone()[0])


def peak_memory() -> float:
    """Return the most memory that this process ever had, in MB."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
