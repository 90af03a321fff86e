"""Fault 35: ``kill -9`` at every commit from the order button to the e-mail."""

from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions.fulfilment import term_notices
from oscar_subscriptions.payments.provider import client
from oscar_subscriptions.payments.reconciliation import event_backlog
from tests.faults import crash, invariants
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = {term_notices.ORDER_CONFIRMED: 1, term_notices.SELLER_ACTIVATED: 1}


@pytest.fixture
def mailbox(settings, tmp_path):
    """``mailbox(user)`` – how many e-mails were sent to the member, by whatever process."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"

    def sent(user):
        sent_mails = (path.read_text() for path in (tmp_path / "mail").glob("*"))
        return sum(message.count(f"\nTo: {user.email}\n") for message in sent_mails)

    return sent


class Buyer:
    """A member on the order page, and all that follows the click.

    The first one has walked there; for the others, who see the same page, that is copied.
    """

    def __init__(self, shop, standin, number, first=None):
        self.standin = standin
        self.user = shop.make_user(f"member{number}")
        self.browser = Client()
        self.browser.force_login(self.user)
        self.browser.post(reverse("basket:add", args=[shop.plan.product.pk]), {"quantity": 1})
        if first is None:
            shown = pages.form_values(pages.order_page(self.browser), "place_order_form")
            self.values = shown | pages.ADDRESS | {"accept_terms": "on"}
            self.checkout_data = dict(self.browser.session["checkout_data"])
        else:
            self.values, self.checkout_data = first.values, first.checkout_data
            session = self.browser.session
            session["checkout_data"] = self.checkout_data
            session.save()

    def buy(self):
        """Order, pay and come back; a second time, go on from where the first one ended."""
        pay = self.browser.post(reverse("checkout:preview"), self.values).url
        page = self.browser.get(pay)
        assert page.status_code == 302, pages.text(page)
        if page.url.startswith(self.standin.url):
            _, back, _ = self.standin.submit_card(page.url)
            page = self.browser.get(back)
        assert page.url == reverse("checkout:thank-you")

    @property
    def has_paid(self):
        sessions = client.connect().v1.checkout.sessions.list({"limit": 1})
        return any(
            session["payment_status"] == "paid"
            and Attempt.objects.filter(session_id=session["id"], order__user=self.user).exists()
            for session in sessions
        )

    def is_served(self):
        """Whether the money has become a term, the order says so, and the e-mails are sent."""
        sent = OutboxMail.objects.filter(user=self.user, sent_at__isnull=False)
        orders = Order.objects.filter(user=self.user).values_list("status", flat=True)
        return (
            Term.objects.of(self.user).count() == 1
            and list(orders) == ["Paid"]
            and Counter(sent.values_list("kind", flat=True)) == MAILS
        )


@pytest.mark.parametrize(
    ("after", "step"),
    [
        pytest.param(True, 5, id="some"),
        pytest.param(False, 1, id="before", marks=pytest.mark.slow),
    ],
)
def test_fault_35_kill_9_at_every_commit_and_the_next_run_finishes_the_work(
    shop, standin, mailbox, monkeypatch, after, step
):
    # Each of the many runs need not read again what the one before has read.
    monkeypatch.setattr(event_backlog, "OVERLAP", timedelta(0))
    first = Buyer(shop, standin, 0)
    for number in count(1, step):
        buyer = Buyer(shop, standin, number, first)
        was_killed = crash.killed(buyer.buy, commit=number, after=after)
        # An e-mail that the dead process was about to send is free again after ten minutes.
        OutboxMail.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
        call_command("subscriptions_run", verbosity=0)
        assert buyer.is_served() == buyer.has_paid, f"killed at commit {number}"
        if not buyer.is_served():
            buyer.buy()
        assert buyer.is_served(), f"killed at commit {number}"
        assert Order.objects.filter(user=buyer.user).count() == 1
        # An e-mail was sent, and its process dead before it could say so: no outbox can tell that
        # from an e-mail that was not sent. But never more than the one that was under way.
        assert mailbox(buyer.user) - len(MAILS) in (0, 1), f"killed at commit {number}"
        if not was_killed:
            break
    assert number > 10, "so few commits are not the whole way"
    invariants.check(shop)
