"""A part of the money was given back at the provider: the operator is told, and decides."""

from typing import Any

from oscar.core.loading import get_model
from playwright.sync_api import expect

from tests.browser.operating import DASHBOARD, opens_in_the_menu
from tests.browser.walk import ChromiumVisitor

NOTES = {"fr": "Remise convenue par téléphone.", "en": "A discount, agreed on the phone."}


def gives_sixty_euros_back(standin: Any) -> None:
    """Refund a part of the only payment, as somebody with an account at the provider would."""
    attempt = get_model("oscar_subscriptions_payments", "Attempt").objects.get()
    standin.control(f"charges/{attempt.charge_id}/refund", amount=6000)
    standin.flush()


def is_alerted(operator: ChromiumVisitor, member: ChromiumVisitor) -> None:
    """On the list, on the page of the subscription, and on the page of the alert."""
    opens_in_the_menu(operator, "alerts/")
    expect(operator.page.locator("tbody tr")).to_have_count(1)
    operator.must_see(operator.words("1 ouverte", "1 open"), member.person.name)
    operator.look("alerts")
    operator.page.locator("tbody td").get_by_role("link", name=member.person.name).click()
    operator.must_see(operator.words("60,00 €", "€60.00"))
    operator.look("subscription-refunded")
    operator.page.locator("[aria-labelledby=open_alerts] a").click()
    operator.must_see(
        operator.words("a été rendu ou repris", "was given or taken back"),
        operator.price,
        operator.words("60,00 €", "€60.00"),
        operator.words("effectué", "done"),
    )
    operator.look("alert")


def forgets_to_say_what_was_done(operator: ChromiumVisitor) -> None:
    operator.page.click("#resolve_form [type=submit]")
    expect(operator.page.locator("#id_note_error")).to_be_visible()
    operator.look("alert-without-note")


def resolves_it(operator: ChromiumVisitor, shown_name: str) -> None:
    """The list is empty then; what was resolved is still found, with who did it and the note."""
    note = operator.words(NOTES["fr"], NOTES["en"])
    operator.page.fill("#id_note", note)
    operator.page.click("#resolve_form [type=submit]")
    operator.page.wait_for_url(operator.walk.shop + DASHBOARD + "alerts/")
    operator.must_see(operator.words("L’alerte est résolue.", "The alert is resolved."))
    operator.must_see(operator.words("Rien ne vous attend.", "Nothing waits for you."))
    operator.look("alerts-none")
    operator.page.select_option("#id_status", "resolved")
    operator.page.click("#search_form [type=submit]")
    operator.page.locator("tbody th a").click()
    operator.must_see(note, shown_name)
    expect(operator.page.locator("[data-status]")).to_have_attribute("data-status", "resolved")
    operator.look("alert-resolved")
