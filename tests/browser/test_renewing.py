"""From the links of a reminder: renew at a new price, and stop the reminders.

The pictures are kept in ``tests/browser/shots/renewing``.
"""

from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model

from demo import ordering
from oscar_subscriptions import conf, terms
from oscar_subscriptions.mail import context
from oscar_subscriptions.reminders.mails import unsubscribe_url
from shop.demo_data.people import MEMBER, PASSWORD, account
from tests.browser.walk import ChromiumWalk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def subscription(demo_shop: None) -> Any:
    """Of a member who paid €200 last year, on its last day."""
    plan = get_model("oscar_subscriptions", "Plan").objects.get(product__upc="plan-silver")
    subscription = get_model("oscar_subscriptions", "Subscription").objects.create(
        user=account(MEMBER), plan=plan
    )
    first = terms.months_after(conf.today(), -plan.months)
    span = terms.bought(first, plan.months, plan.grace_days)
    subscription.terms.create(
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        covered_until=span.covered_until,
        anchor=span.anchor,
        plan_title=plan.title,
        months=plan.months,
        price=Decimal("200.00"),
        currency="EUR",
        grant_reason="paid by cheque",
    )
    return subscription


@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("fr", 390),
        pytest.param("fr", 1280, marks=pytest.mark.slow),
        pytest.param("en", 390, marks=pytest.mark.slow),
        pytest.param("en", 1280, marks=pytest.mark.slow),
    ],
)
def test_renewing(walk: ChromiumWalk, subscription: Any, language: str, width: int) -> None:
    walk.audit = (language, width) in [("fr", 1280), ("en", 390)]
    member = walk.visitor()

    # The link of the e-mail, without being signed in.
    member.open(context.renew_url(subscription))
    member.must_be_at("/accounts/login/")
    member.sign_in(MEMBER.email, PASSWORD)
    member.must_see(subscription.plan.title)
    member.look("renew")
    member.click("#renew_form button")
    member.must_be_at("/basket/")
    member.must_see(
        subscription.plan.title,
        member.words("Prolonge votre abonnement", "Extends your subscription"),
        member.words(
            "il était de 200,00 €, il est maintenant de 240,00 € TTC",
            "it was €200.00, now it is €240.00 incl. tax",
        ),
    )
    member.look("basket")
    ordering.proceeds(member)
    member.must_see(member.words("il était de 200,00 €", "it was €200.00"))
    member.look("order")

    stranger = walk.visitor()
    stranger.open(unsubscribe_url(subscription))
    stranger.must_see(subscription.plan.title)
    stranger.look("unsubscribe")
    stranger.page.click("#unsubscribe_form button")
    stranger.must_see(member.words("ne recevrez plus de rappels", "no more reminders"))
    stranger.look("unsubscribed")

    member.open("/members/subscription/")
    member.must_see(member.words("Vous ne recevez pas de rappels", "You get no reminders"))
    member.look("my-subscription-without-reminders")
    walk.must_be_flawless()
