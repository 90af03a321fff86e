"""The daily run as Celery tasks, for shops that need more than one machine; extra ``[celery]``.

``celery worker`` finds this module by autodiscovery; nothing else imports it, or Celery. The tasks
call the functions that ``manage.py subscriptions_run`` calls::

    daily_run ─► run_steps ─► run_steps ─► … ─► run_steps    one step after the other
                    │             ▲             marks the end of the run
                    └► run_share ─┘             a large step is shared out by primary key; the
                       run_share                share that is done last starts the next step
                       …

No result backend is needed: how far a run has come is written to the shop's database.
"""

from oscar_subscriptions.tasks.run import daily_run, run_share, run_steps

__all__ = ["daily_run", "run_share", "run_steps"]
