"""The operator sets the shop up in the dashboard, and sees who became a seller."""

from playwright.sync_api import expect

from tests.browser.walk import ChromiumVisitor

TERMS = {
    "fr": "L’abonnement dure douze mois, de date à date.\n\nIl n’est pas remboursable.",
    "en": "A subscription runs for twelve months, date to date.\n\nIt is not refunded.",
}
VERSION = "2026-1"
DASHBOARD = "/dashboard/subscriptions/"


def signs_in_at_the_dashboard(
    operator: ChromiumVisitor, email: str, password: str
) -> ChromiumVisitor:
    """Return the operator, at Oscar's first page of the dashboard."""
    operator.open("/dashboard/")
    operator.fill("username", email)
    operator.fill("password", password)
    operator.page.click("#dashboard_login_form [type=submit]")
    operator.page.wait_for_url(operator.walk.shop + "/dashboard/")
    return operator


def opens_in_the_menu(operator: ChromiumVisitor, path: str) -> None:
    """Choose an entry below "Subscriptions"; on a phone the menu is behind a button."""
    if operator.on_phone:
        operator.page.click("[data-target='#bottom_nav_bar']")
    menu = operator.page.locator(
        ".navbar-primary .dropdown", has=operator.page.locator(".fa-id-card")
    )
    menu.locator(".dropdown-toggle").click()
    menu.locator(f"a[href='{DASHBOARD}{path}']").click()
    operator.page.wait_for_url(operator.walk.shop + DASHBOARD + path)


def finds_no_plan_and_no_terms(operator: ChromiumVisitor) -> None:
    opens_in_the_menu(operator, "plans/")
    expect(operator.page.locator(".alert-warning a")).to_be_visible()
    operator.look("plans-none")


def publishes_the_terms_in_both_languages(operator: ChromiumVisitor) -> None:
    operator.page.click(".alert-warning a")
    operator.look("terms-form")
    _publish(operator, "fr")
    # The list asks for the language that is missing, and its link fills in the version.
    operator.must_see(VERSION)
    operator.look("terms-one-language")
    operator.page.click(".alert-warning a[href*='language=en']")
    expect(operator.page.locator("#id_version")).to_have_value(VERSION)
    _publish(operator, "en")
    expect(operator.page.locator("tbody tr")).to_have_count(2)
    expect(operator.page.locator(".alert-warning")).to_have_count(0)
    operator.look("terms")


def _publish(operator: ChromiumVisitor, language: str) -> None:
    operator.page.select_option("#id_language", language)
    operator.page.fill("#id_version", VERSION)
    operator.page.fill("#id_text", TERMS[language])
    operator.page.click("#terms_of_sale_form [type=submit]")
    operator.page.wait_for_url(operator.walk.shop + DASHBOARD + "terms-of-sale/")


def forgets_who_sells(operator: ChromiumVisitor) -> None:
    """A plan without a vendor is refused with a reason; what was typed stays."""
    operator.open(DASHBOARD + "plans/create/")
    operator.look("plan-form")
    operator.page.fill("#id_title", operator.person.plan)
    operator.page.fill("#id_price", operator.words("400,00", "400.00"))
    operator.page.fill("#id_listing_limit", "10")
    operator.page.click("#plan_form [type=submit]")
    expect(operator.page.get_by_role("alert").first).to_be_visible()
    expect(operator.page.locator("#id_new_vendor_error")).to_be_visible()
    expect(operator.page.locator("#id_title")).to_have_value(operator.person.plan)
    operator.look("plan-form-refused")


def makes_the_plan(operator: ChromiumVisitor) -> None:
    operator.page.fill("#id_new_vendor", "Intras Consultants")
    operator.page.fill("#id_line1", "10 rue de la République")
    operator.page.fill("#id_postcode", "75011")
    operator.page.fill("#id_line4", "Paris")
    operator.page.select_option("#id_country", "FR")
    operator.page.click("#plan_form [type=submit]")
    operator.page.wait_for_url(operator.walk.shop + DASHBOARD + "plans/")
    operator.must_see(operator.person.plan, operator.price, "Intras Consultants")
    expect(operator.page.locator("tbody .badge-success")).to_have_count(1)
    operator.look("plans")


def finds_the_member_as_a_seller(operator: ChromiumVisitor, member: ChromiumVisitor) -> None:
    """With the last day, in the list and on the member's page; found by name."""
    opens_in_the_menu(operator, "")
    person = member.person
    operator.must_see(person.name, person.email, person.plan, member.days[1])
    operator.look("subscriptions")
    operator.page.fill("#id_q", person.name)
    operator.page.click("#search_form [type=submit]")
    expect(operator.page.locator("tbody tr")).to_have_count(1)
    operator.page.get_by_role("link", name=person.name).first.click()
    operator.must_see(*member.days, member.price, person.email)
    expect(operator.page.locator("[data-status]")).to_have_attribute("data-status", "active")
    operator.look("subscription")


def sees_which_text_was_accepted(operator: ChromiumVisitor, member: ChromiumVisitor) -> None:
    opens_in_the_menu(operator, "terms-of-sale/")
    # Published second, so the newest: English.
    row = operator.page.locator("tbody tr").nth(operator.words(1, 0))
    row.get_by_role("link").first.click()
    operator.must_see(VERSION, member.person.name, member.person.plan)
    operator.look("terms-accepted")
