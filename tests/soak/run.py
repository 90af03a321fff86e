"""One soak: fill the shop, let the crowd in, run the day's work once, count."""

import argparse
import random
import time
from collections import Counter

import stripe
from django.conf import settings
from oscar.core.loading import get_model

from runner import payments, shop
from shop import environment as env
from standin.testing import Standin
from tests.smtp import MailServer
from tests.soak import aftermath, crowd, figures, receiver, script, stock, timing, weather
from tests.soak.figures import Figure
from tests.soak.reload import Tally
from tests.soak.server import LOG, Server

# Each notification comes so often, and so many come at the same time.
COPIES, PARALLEL = 2, 4
# What is said of a run that is not right: so many examples, so many characters of each.
EXAMPLES, LONGEST = 20, 2000


def soak(options: argparse.Namespace, mail_server: MailServer) -> bool:
    """Run it as asked; return whether every figure is right.

    Args:
        mail_server: the shop's; it becomes slow once half of the members have been there.
    """
    begun: list[tuple[float, str]] = []
    mail_server.on_begin = lambda to: begun.append((time.time(), to))
    chance = random.Random(options.seed)
    members = script.members(chance, options.purchases)
    kills = script.kills(chance, options.kills, options.purchases)
    clock = _Clock()
    stock.fill(members)
    tally, standin = Tally(), Standin(env.STANDIN_URL)
    executioner = crowd.Executioner(kills, tally)
    with payments.standin(), Server(executioner.died) as server:
        shop.connect_webhook()
        standin.delivery(duplicate=COPIES, reorder="random", parallel=PARALLEL)
        clock.lap(f"{env.BASE_URL} is open")
        half = len(members) // 2
        broken = crowd.let_in(members[:half], options.at_once, standin, tally, executioner)
        slow_since, mail_server.seconds = time.time(), options.mail_seconds
        broken += crowd.let_in(members[half:], options.at_once, standin, tally, executioner)
        end = time.time()
        seconds = clock.lap(f"{options.purchases} members have been there")
        aftermath.drain(standin)
        clock.lap("the last notifications have come")
        aftermath.let_mails_leave(mail_server)
        clock.lap(f"the shop's server has sent {len(mail_server.taken)} e-mails by itself")
        _say_what_is_left()
        run = aftermath.command("subscriptions_run")
        clock.lap(f"subscriptions_run: {run.stdout.strip().splitlines()[-1:]}")
        complaints = aftermath.ask_doctor()
        sent_mails = Counter(to for to, _ in mail_server.taken)
        deliveries = standin.control("deliveries", "GET")["data"]
        found = [
            *weather.of_the_server(executioner.done, len(kills), len(server.deaths), tally),
            *weather.of_notifications(deliveries),
            Figure("purchases that did not come to their end", len(broken), 0),
            Figure(
                "confirmations seen by those who came back",
                tally["confirmed"] + tally["looked after"],
                sum(member.comes_back for member in members),
            ),
            Figure(
                "members looked after whom nobody refused",
                max(0, tally["looked after"] - len(receiver.refused())),
                0,
            ),
            *figures.of_the_shop(options.purchases),
            *figures.of_the_money(_charges(), options.purchases),
            *figures.of_the_refused(receiver.refused()),
            *timing.of_the_mails(timing.read(), begun, slow_since, end),
            Figure(
                "members who received both e-mails",
                sum(sent_mails[member.email] >= 2 for member in members),
                options.purchases,
            ),
            Figure("exit status of subscriptions_run", run.returncode, 0),
            Figure("complaints of the doctor", len(complaints), 0),
        ]
    print()
    for figure in found:
        print(f"  {figure}")
    right = all(figure.is_right for figure in found)
    to_members = sum(sent_mails[member.email] for member in members)  # alerts go to managers
    print(
        f"\n  {options.purchases / seconds:.1f} purchases a second; {tally['refused']} requests "
        f"refused and sent again; {tally['detours']} members had to look for their order; "
        f"{to_members - 2 * options.purchases} e-mails came a second time."
    )
    if not right:
        _explain([*broken, *tally.server_errors, *complaints, run.stdout + run.stderr])
    print(f"\nsoak: {'every figure is right' if right else 'NOT right'}", flush=True)
    return right


class _Clock:
    def __init__(self) -> None:
        self._last = time.monotonic()

    def lap(self, what: str) -> float:
        """Say ``what`` has come to its end; return the seconds since the lap before."""
        now = time.monotonic()
        seconds, self._last = now - self._last, now
        print(f"soak: {what} ({seconds:.1f} s)", flush=True)
        return seconds


def _say_what_is_left() -> None:
    Attempt = get_model("oscar_subscriptions_payments", "Attempt")
    unpaid = Attempt.objects.exclude(status=Attempt.PAID).count()
    sending = aftermath.let_leases_end()
    print(
        f"soak: left to the daily run: {unpaid} payments that nobody told of, {sending} e-mails "
        "of a server killed while it sent them",
        flush=True,
    )


def _charges() -> list:
    client = stripe.StripeClient(
        settings.STRIPE_TEST_SECRET_KEY, base_addresses={"api": env.STANDIN_URL}
    )
    return list(client.v1.charges.list({"limit": 100}).auto_paging_iter())


def _explain(lines: list[str]) -> None:
    for line in lines[:EXAMPLES]:
        print(f"  {line[-LONGEST:]}")
    print(f"\nThe end of what the server had to warn of:\n{LOG.read_text()[-2 * LONGEST :]}")
