"""``python -m tests.soak``: exit status 0 if every figure is right, 1 if not."""

import argparse
import os
import secrets
import signal
import sys

from tests import smtp
from tests.soak.place import Place


def main() -> int:
    """Run one soak; return the exit status."""
    options = _options()
    print(
        f"soak: {options.purchases} purchases, {options.at_once} at a time, {options.kills} kills; "
        f"--seed {options.seed}",
        flush=True,
    )
    os.environ["SOAK_RECEIVER_RAISES"] = str(options.receiver_raises)
    with smtp.MailServer() as mail_server, Place(options.keep) as place:
        os.environ["SOAK_MAIL_PORT"] = str(mail_server.port)
        if options.keep:
            print(f"soak: everything is kept in {place.directory}")
        # The shop's settings read the environment that the place has made.
        import django

        django.setup()
        from tests.soak.run import soak

        return 0 if soak(options, mail_server) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--purchases", type=int, default=200, help="default 200")
    parser.add_argument("--at-once", type=int, default=20, help="default 20")
    parser.add_argument("--kills", type=int, default=6, help="of the shop's server; default 6")
    parser.add_argument(
        "--mail-seconds",
        type=float,
        default=0,
        help="how long the mail server takes for each e-mail to the second half; default 0",
    )
    parser.add_argument(
        "--receiver-raises",
        type=int,
        default=0,
        metavar="N",
        help="a receiver of the shop raises at the term of every N-th order, until operators have "
        "been told; default: never",
    )
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(10**6), help="default: a new one"
    )
    parser.add_argument("--keep", action="store_true", help="do not remove the directory")
    options = parser.parse_args()
    if options.purchases < 20 or not 0 <= options.kills <= options.purchases // 5:
        parser.error("at least 20 purchases, and at most one kill for five of them")
    if options.at_once < 2:
        parser.error("at least two at once: somebody has to overtake somebody")
    return options


def _stop(signum: int, frame: object) -> None:
    # As Ctrl-C does: every `finally` runs, and so all processes end.
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("soak: stopped")
