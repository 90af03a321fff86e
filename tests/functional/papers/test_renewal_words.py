"""The sentences about money while an automatic renewal is charged: see ``words``."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import translation

from oscar_subscriptions.payments.attempts import off_session
from oscar_subscriptions.payments.provider import intents
from tests.functional import pages
from tests.functional.papers import words
from tests.functional.papers.test_payment_words import PROVIDERS, said, written
from tests.functional.renewals.renewing import ANNOUNCED, CHARGED

pytestmark = pytest.mark.django_db(transaction=True)

BAD_CARD = "4000000000009995"


def announced(renewing, settings):
    """The renewal is announced, and nothing was charged."""


def cut(renewing, settings):
    """The process died before it asked the bank: the payment waits at the provider."""
    renewing.die_in(intents, "confirm_intent")


def charged_unheard(renewing, settings):
    """The process died after it had asked the bank."""
    renewing.die_in(off_session, "reconcile")


def refused(renewing, settings):
    renewing.turn_bad(BAD_CARD)
    renewing.run(CHARGED)


def paid(renewing, settings):
    renewing.run(CHARGED)


def paused(renewing, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = False


def paused_while_charging(renewing, settings):
    cut(renewing, settings)
    paused(renewing, settings)


STATES = {
    one.__name__: one
    for one in (announced, cut, charged_unheard, refused, paid, paused, paused_while_charging)
}
ROWS = words.table(words.RENEWALS)


def get(client, url, language):
    return pages.text(client.get(url, headers={"accept-language": language}))


def post(client, url, language, **values):
    headers = {"accept-language": language}
    return pages.text(client.post(url, values, headers=headers, follow=True))


def at(door, renewing, shop, language):
    """Return the text of what is read at ``door``."""
    pk, planned = renewing.subscription.pk, renewing.planned
    about = {"planned": planned.pk, "consent": planned.auto_renewal_id}
    client, desk = Client(), Client()
    client.force_login(renewing.member)
    desk.force_login(get_user_model().objects.filter(is_staff=True).first())
    if door == "page":
        return get(client, reverse("subscriptions:my-subscription"), language)
    if door == "mails":
        kinds = ["renewal-announced", "renewal-failed"]
        return written(kinds, language, renewing.member, about)
    if door == "off":
        return post(client, reverse("subscriptions:renewal-off", args=[pk]), language)
    if door == "stop":
        url = reverse("subscriptions-dashboard:subscription-stop-renewal", args=[pk])
        headers = {"accept-language": language}
        preview = desk.post(url, {"reason": "asked by phone"}, headers=headers)
        if pages.soup(preview).find(id="preview_form") is None:
            return pages.text(preview)
        return post(desk, url, language, **pages.form_values(preview, "preview_form"))
    if door == "mail":
        changed = {"consent": planned.auto_renewal_id, "is_changed": True}
        kind = ["renewal-stopped"]
        mails = [written(kind, language, renewing.member, facts) for facts in (about, changed)]
        return " ¶ ".join(mails)
    renewing.standin.control("faults", "DELETE")
    renewing.run()
    return get(desk, reverse("subscriptions-dashboard:alert-list"), language)


def check(bought, shop, standin, settings, state, provider, doors, language):
    shop.make_operator()
    bought.run(ANNOUNCED)
    STATES[state](bought, settings)
    if provider == "silent":
        standin.fault(status=500, times=None)
    for door in doors:
        with translation.override(language):
            found = said(at(door, bought, shop, language), words.CLAIMS)
        _money, _term, says = ROWS[state, provider, door]
        assert found == says, door


def test_fault_93_what_is_not_known_of_a_charge_is_not_said(bought, shop, standin, settings):
    check(bought, shop, standin, settings, "charged_unheard", "silent", ["off"], "en")


@pytest.mark.slow
@pytest.mark.parametrize("switch", ["off", "stop"])
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("state", STATES)
def test_fault_93_every_page_and_mail_says_what_the_table_says(
    bought, shop, standin, settings, state, provider, switch
):
    # Each door in both languages.
    language = "en" if (switch == "off") == (provider == "answers") else "fr"
    doors = ["page", "mails", switch, "mail", "alerts"]
    check(bought, shop, standin, settings, state, provider, doors, language)
