"""Make and serve the sandbox shop: what ``make sandbox`` runs.

Environment: ``PORT`` (8000; the payment stand-in takes the next one), ``STRIPE_SECRET_KEY`` (a test
key: talk to Stripe itself), ``PUBLIC_URL`` (where Stripe reaches this shop), ``DATABASE_URL``
(PostgreSQL instead of SQLite), ``SANDBOX_VAR`` (where the data is).

Exit status: 0 when stopped, 2 when something outside must be put right first.
"""

import os
import signal
import sys
from contextlib import nullcontext

from runner import data, payments, ports, shop
from runner.console import SandboxError, complain, say, stage
from shop import environment as env


def main() -> None:
    """Run all stages, then serve until told to stop."""
    standin_wanted = not env.STRIPE_SECRET_KEY
    payments.check_key()
    data.check_database()
    ports.require_free(env.PORT, "the shop")
    if standin_wanted:
        ports.require_free(env.STANDIN_PORT, "the payment stand-in")
    claimed = data.lock()
    data.discard_unusable()

    os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
    import django

    with stage("loading Django and Oscar"):
        django.setup()
    data.prepare()
    with payments.standin() if standin_wanted else nullcontext():
        if standin_wanted or env.PUBLIC_URL:
            with stage("payment webhook"):
                shop.connect_webhook()
        shop.serve()
    claimed.close()


def _stop(signum: int, frame: object) -> None:
    # As Ctrl-C does: every `finally` runs, and so the stand-in ends.
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        main()
    except SandboxError as error:
        complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        say("stopped")
