"""A member's automatic renewal in tests: its calendar, and the steps through it."""

from datetime import date, datetime, time
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import runner
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import client as provider_client
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.functional import pages

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
PlannedRenewal = get_model("oscar_subscriptions", "PlannedRenewal")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

PARIS = ZoneInfo("Europe/Paris")
# With the defaults: announced 45 days before the charge, which is 7 days before the last day.
LAST_DAY = date(2018, 2, 3)
ANNOUNCED = date(2017, 12, 13)
CHARGED = date(2018, 1, 27)
SECOND_TRY = date(2018, 1, 30)
THIRD_TRY = date(2018, 2, 3)


class Renewing:
    """The member's subscription, the calendar, and the provider."""

    def __init__(
        self, shop: Any, member: Any, client: Any, standin: Any, time_machine: Any
    ) -> None:
        self.shop, self.member, self.client, self.standin = shop, member, client, standin
        self._time_machine = time_machine

    def go_to(self, day: date, hour: int = 3) -> None:
        """Let it be ``day``, at ``hour`` in Paris."""
        self._time_machine.move_to(datetime.combine(day, time(hour), PARIS))

    def run(self, day: date | None = None) -> list[str]:
        """Carry out the daily run, on ``day``; return what failed."""
        if day is not None:
            self.go_to(day)
        return [outcome.message for outcome in runner.run() if outcome.failed]

    def die_in(self, module: Any, name: str) -> Any:
        """Let the run of the day of the charge be killed when it calls ``module.name``; return the
        attempt that is under way."""
        with mock.patch.object(module, name, side_effect=SystemExit), pytest.raises(SystemExit):
            self.run(CHARGED)
        return Attempt.objects.get(kind="off-session")

    def buy(self, card: str = "4242424242424242", *, bank: str | None = None, **form: str) -> Any:
        """Order the plan with automatic renewal, and pay it; return the subscription.

        Args:
            form: what is typed on the order page; without any, no page is walked.
        """
        session = self._order_on_the_pages(form) if form else self._order()
        paid = self.standin.pay(session, card=card, bank=bank)
        assert paid["problem"] is None
        attempt = reconcile(Attempt.objects.get(session_id=session))
        assert attempt.status == "paid"
        return self.subscription

    def _order(self) -> str:
        order = self.shop.place_order(self.member, is_renewed=True)
        attempt = order.subscription_attempts.get()
        hosted.hosted_page(attempt, "https://shop.example/", "https://shop.example/")
        return Attempt.objects.get(pk=attempt.pk).session_id

    def _order_on_the_pages(self, form: dict[str, str]) -> str:
        pages.add_to_basket(self.client, self.shop.plan.product)
        placed = pages.place_order(self.client, **form)
        return self.client.get(placed.url).url.rsplit("/", 1)[-1]

    @property
    def subscription(self) -> Any:
        """As it is now."""
        return Subscription.objects.get(plan=self.shop.plan)

    @property
    def planned(self) -> Any:
        """The newest planned renewal."""
        return PlannedRenewal.objects.order_by("-pk").first()

    @property
    def terms(self) -> list[tuple[date, date]]:
        """First and last days."""
        return list(Term.objects.order_by("starts_on").values_list("starts_on", "ends_on"))

    def charges(self) -> list[str]:
        """What became of every charge that the provider knows, the oldest first."""
        return [one["status"] for one in provider_client.connect().v1.charges.list({"limit": 100})][
            ::-1
        ]

    def turn_bad(self, card: str) -> None:
        """Let the member's card behave as the test card ``card`` from now on."""
        method = StoredPaymentMethod.objects.get().payment_method_id
        self.standin.control(f"payment_methods/{method}", card=card)

    def mails(self) -> list[str]:
        """The kinds of the e-mails that were sent, renewals' alone, in order."""
        sent = OutboxMail.objects.filter(kind__startswith="renewal", sent_at__isnull=False)
        return list(sent.order_by("pk").values_list("kind", flat=True))
