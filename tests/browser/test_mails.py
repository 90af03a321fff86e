"""Every e-mail to a member as a mail program shows it: in both languages, wide and on a phone.

The pictures are kept in ``tests/browser/shots/mails``.
"""

from typing import Any

import pytest
from django.core import mail
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment
from oscar_subscriptions.mail import kinds, outbox, sending
from tests.browser import chromium, page_checks
from tests.browser.conftest import SHOTS
from tests.mails import bring_about, facts_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def term(shop: Any) -> Any:
    """Renewed at another price; its plan has grace, and its member a service."""
    plan = shop.make_plan("Abonnement Silver", grace_days=10)
    user = shop.make_user(first_name="Zoé")
    fulfilment.order_paid(shop.make_order(user, plan))
    shop.make_service(get_model("oscar_subscriptions", "Seller").objects.get())
    plan.product.stockrecords.update(price=225)
    return get_model("oscar_subscriptions", "Term").objects.get()


def write(kind: str, language: str, term: Any, shop: Any) -> Any:
    """Return the e-mail as it was received."""
    facts = facts_of(kind, term, shop)
    if language == "fr":  # the words that the member agreed to, in the language of the day
        agreed = get_model("oscar_subscriptions", "AutoRenewal").objects
        agreed.update(text="Renouvelez mon abonnement.")
    user = term.subscription.user
    row = outbox.queue(kind, "mail", user=user, language=language, context=facts)
    assert sending.send(row.pk)
    return mail.outbox[-1]


@pytest.mark.parametrize("kind", kinds.KINDS)
@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("fr", 640),
        pytest.param("en", 390, marks=pytest.mark.slow),
        pytest.param("fr", 390, marks=pytest.mark.slow),
        pytest.param("en", 640, marks=pytest.mark.slow),
    ],
)
def test_mail(
    browser: Any, shop: Any, term: Any, time_machine: Any, kind: str, language: str, width: int
) -> None:
    before = get_model("oscar_subscriptions", "OutboxMail").objects
    before.filter(kind=kind).delete()
    bring_about(kind, term, lambda moment: time_machine.move_to(moment, tick=True))
    message = write(kind, language, term, shop)
    context = browser.new_context(viewport={"width": width, "height": 800})
    try:
        page = context.new_page()
        noise = page_checks.Noise(page)
        page.set_content(message.alternatives[0][0])
        shots = SHOTS / "mails" / f"{language}-{width}"
        shots.mkdir(parents=True, exist_ok=True)
        chromium.screenshot(page, shots / f"{kind}.png")
        # Oscar's frame of all e-mails has no language.
        facts = page_checks.facts(page) | {"language": language}
        found = page_checks.problems(facts, language, width) + noise.since_last_time(200)
    finally:
        context.close()
    found += page_checks.untranslated(message.body.splitlines(), language)
    if language == "fr":
        found += page_checks.badly_spaced(message.subject + "\n" + message.body)
    assert found == []
