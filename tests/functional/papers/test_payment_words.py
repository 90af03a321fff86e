"""The sentences about money on every page, in every state of a payment: see ``words``."""

import re
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.mail import rendering
from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.attempts.cancellation import cancel_order
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.functional import pages
from tests.functional.papers import words

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Plan = get_model("oscar_subscriptions", "Plan")

pytestmark = pytest.mark.django_db(transaction=True)
BACK = "https://shop.example/"


def squeezed(text):
    return re.sub(r"<[^>]+>|\s", "", text)


def pattern(text):
    return re.sub(r"%\\\(\w+\\\)[sd]", "[^¶]{1,90}?", re.escape(squeezed(gettext(text))))


def said(page, claims):
    """Return the names of the claims that stand in ``page`` (text), in the active language."""
    page, found = squeezed(page), set()
    # A sentence may hold a shorter one.
    for name, claim in sorted(claims.items(), key=lambda item: -len(gettext(item[1].text))):
        page, times = re.subn(pattern(claim.text), "¶", page)
        found |= {name} if times else set()
    return found


def written(kinds, language, user, facts):
    """Return the text of the mails of ``kinds`` as they would leave now."""
    texts = []
    with translation.override(language):
        for kind in kinds:
            made = rendering.render(kind, language, user, facts)
            texts += made.messages.values() if made else []
    return " ¶ ".join(texts)


class Situation:
    """An order whose payment is in one of the states; each method brings one about."""

    NAMES = count()

    def __init__(self, shop, standin):
        self.shop, self.standin = shop, standin
        self.user = shop.make_user(f"member{next(self.NAMES)}")
        self.client = Client()
        self.client.force_login(self.user)
        self.order = shop.place_order(self.user)
        staff = get_user_model().objects.filter(is_staff=True)
        self.operator = staff.first() or shop.make_operator()

    @property
    def attempt(self):
        return Attempt.objects.filter(order=self.order).latest("pk")

    def open_page(self):
        hosted.hosted_page(self.attempt, BACK, BACK)

    def heard(self):
        return reconcile(self.attempt)

    def no_page(self):
        pass

    def page_open(self):
        self.open_page()

    def paid_unheard(self):
        self.open_page()
        self.standin.pay(self.attempt.session_id)

    def debit_unheard(self):
        self.standin.control("settings", async_delay=86_400)
        self.open_page()
        self.standin.pay(self.attempt.session_id, method="sepa_debit")

    def debit(self):
        self.debit_unheard()
        assert self.heard().url == ""

    def paid(self):
        self.paid_unheard()
        assert self.heard().status == "paid"

    def order_refused(self):
        self.order.lines.update(quantity=2)
        self.paid()

    def mismatch(self):
        self.paid_unheard()
        Attempt.objects.filter(order=self.order).update(amount=1)
        assert self.heard().status == "refused"

    def nothing_collected(self):
        self.mismatch()
        Attempt.objects.filter(order=self.order).update(received=0)

    def expired(self):
        self.open_page()
        self.standin.control(f"sessions/{self.attempt.session_id}/expire")
        assert self.heard().status == "expired"

    def expired_unheard(self):
        self.open_page()
        self.standin.control(f"sessions/{self.attempt.session_id}/expire")

    def cancelled(self):
        self.open_page()
        assert cancel_order(self.order)

    def off_sale(self):
        Plan.objects.filter(pk=self.shop.plan.pk).update(is_on_sale=False)

    def off_sale_open(self):
        self.open_page()
        self.off_sale()

    def off_sale_debit(self):
        self.debit()
        self.off_sale()

    def not_accepted(self):
        self.standin.fault(path="checkout/sessions$", method="POST", status=400, times=None)
        self.client.get(pages.pay_url(self.order))

    def not_accepted_due(self):
        self.expired()
        self.attempt.order.subscription_attempts.mark_due()
        self.not_accepted()

    def paid_twice(self):
        self.paid()
        attempt = hosted.begin(self.order)
        hosted.hosted_page(attempt, BACK, BACK)
        self.standin.pay(self.attempt.session_id)
        assert self.heard().is_surplus

    def refund(self, **how):
        self.standin.control(f"charges/{self.attempt.session_id}/refund", **how)
        self.heard()

    def refunded(self):
        self.paid()
        self.refund()

    def refunded_in_part(self):
        self.paid()
        self.refund(amount=100)

    def refused_and_refunded(self):
        self.order_refused()
        self.refund()

    def disputed(self):
        self.paid()
        self.standin.control(f"charges/{self.attempt.session_id}/dispute")
        self.heard()

    def at(self, door, language):
        """Return the text of what is read at ``door``; an address, if it leaves the shop."""
        headers = {"accept-language": language}
        if door in ("alerts", "operator"):
            return self.at_the_desk(door, headers)
        if door == "mails":
            return self.in_mails(language)
        if door in ("pay", "order-cancel"):
            url = reverse(f"subscriptions-payments:{door}", args=[self.order.number])
        elif door in ("return", "cancel-return"):
            url = reverse(f"subscriptions-payments:{door}", args=[self.attempt.reference])
        elif door == "history":
            url = reverse("customer:order", args=[self.order.number])
        elif door == "member-space":
            url = reverse("subscriptions:member-space")
        else:
            url = reverse("subscriptions:my-subscription")
        ask = self.client.post if door == "order-cancel" else self.client.get
        answer = ask(url, headers=headers)
        while answer.status_code == 302 and answer.url.startswith("/"):
            answer = self.client.get(answer.url, headers=headers)
        return answer.url if answer.status_code == 302 else pages.text(answer)

    def at_the_desk(self, door, headers):
        desk = Client()
        desk.force_login(self.operator)
        if door == "alerts":
            url = reverse("subscriptions-dashboard:alert-list") + f"?q={self.order.number}"
        else:
            subscription = self.user.oscar_subscriptions.get()
            url = reverse("subscriptions-dashboard:subscription-detail", args=[subscription.pk])
        return pages.text(desk.get(url, headers=headers))

    def in_mails(self, language):
        """All that would be written about the order now, if it were to be written."""
        term = fulfilment.term_of(self.order)
        facts = {"order": self.order.pk} | ({"term": term.pk} if term else {})
        kinds = ["order-unpaid", "order-cancelled"] + (["order-confirmed"] if term else [])
        return written(kinds, language, self.user, facts)


PAGES = words.table(words.PAGES)
STATES = list(dict.fromkeys(state for state, _provider, _door in PAGES))
DOORS = list(dict.fromkeys(door for _state, _provider, door in PAGES))
PROVIDERS = ("answers", "silent")
# What is read there changes nothing.
READ = ("history", "my-subscription", "member-space", "mails", "alerts", "operator")
# The member has paid, or may have; nothing else is asked by the quick test.
PAID = ("paid_unheard", "debit_unheard", "debit", "paid", "mismatch")


def check(shop, standin, state, provider, languages):
    """Bring about ``state``, and look at each of the doors in its language."""
    situation = Situation(shop, standin)
    getattr(situation, state)()
    if provider == "silent":
        standin.fault(status=500, times=None)
    for door, language in languages.items():
        with translation.override(language):
            page = situation.at(door, language)
            found = {"to-provider"} if page.startswith("http") else said(page, words.CLAIMS)
        _money, _term, says = PAGES[state, provider, door]
        assert found == says, (state, provider, door, language)
    standin.control("faults", "DELETE")
    Plan.objects.update(is_on_sale=True)


def test_fault_78_what_is_not_known_of_a_payment_is_not_said(shop, standin):
    for state in PAID:
        for door in ("pay", "return", "history"):
            check(shop, standin, state, "silent", {door: "fr" if door == "return" else "en"})


@pytest.mark.slow
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("state", STATES)
def test_fault_78_every_page_says_what_the_table_says(shop, standin, state, provider):
    # Each door in both languages: in one while the provider answers, in the other while it is
    # silent.
    turn = PROVIDERS.index(provider)
    languages = {door: ("en", "fr")[(place + turn) % 2] for place, door in enumerate(DOORS)}
    check(shop, standin, state, provider, {door: languages.pop(door) for door in READ})
    for door, language in languages.items():
        check(shop, standin, state, provider, {door: language})
