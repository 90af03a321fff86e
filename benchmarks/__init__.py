"""Measurements of what the extension costs, each beside its peer or its limit: ``make bench``.

A controller (``__main__``) starts a PostgreSQL server and, for each size and each side that is
compared, a worker process with settings of its own. It asks the sides in turn (A B B A …), so that
whatever else the machine does falls on both. Statements are exact; CPU is that of the worker and of
its connection's PostgreSQL process. Wall-clock times are never used.

``figures`` decides what is measured and which goal it has, ``tasks`` is what workers carry out,
``seeding`` fills the databases, ``peers`` are the settings and rows of the packages we are compared
with.
"""
