"""An operator finds a member and acts: gives days, suspends, hands over, takes a service down, and
undoes all of it; a colleague of the desk does his part and is offered no more.

The pictures are kept in ``tests/browser/shots/desk``.
"""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from oscar.core.loading import get_model
from playwright.sync_api import expect

from oscar_subscriptions.dashboard import permissions
from shop.demo_data.people import MEMBER, OPERATOR, PASSWORD, SELLER
from tests.browser import operating
from tests.browser.walk import ChromiumVisitor, ChromiumWalk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Subscription = get_model("oscar_subscriptions", "Subscription")


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_desk(walk: ChromiumWalk, demo_shop: None, language: str, width: int) -> None:
    # Each page once in each language and at each width; the audit takes most of the time.
    walk.audit = (language, width) in {("fr", 390), ("en", 1280)}
    operator = walk.visitor()
    operating.signs_in_at_the_dashboard(operator, OPERATOR.email, PASSWORD)
    finds(operator, SELLER.email)
    operator.look("subscription")

    acts(operator, "give", days="30")
    acts(operator, "extend", days="7")
    acts(operator, "suspend")
    acts(operator, "resume")
    acts(operator, "hand-over", to=MEMBER.email)
    acts(operator, "take-back")
    acts(operator, "take-down")
    operator.must_see(operator.words("retirée par la boutique", "taken down by the shop"))
    acts(operator, "lift")
    acts(operator, "revoke")
    acts(operator, "restore")
    operator.look("subscription-after")
    assert Subscription.objects.get(user__email=SELLER.email).terms.valid().count() == 3

    gives_days_to_all_that_is_filtered(operator)
    exports(operator)
    refuses_what_is_not_his(walk)
    walk.must_be_flawless()


def finds(operator: ChromiumVisitor, word: str) -> None:
    """Search a subscription, and open it."""
    operator.open(operating.DASHBOARD)
    operator.page.fill("#search_form [name=q]", word)
    operator.page.click("#search_form button")
    operator.page.click("tbody th a")


def acts(operator: ChromiumVisitor, name: str, **values: str) -> None:
    """Take the three steps of an action, and come back to the subscription."""
    before = operator.page.url
    below = "/services/" if name in ("take-down", "lift") else "/"
    operator.page.locator(f"a[href*='{below}'][href$='/{name}/']").first.click()
    for field, value in values.items():
        operator.page.fill(f"#action_form [name={field}]", value)
    operator.page.fill("#action_form [name=reason]", "Sophie called")
    operator.look(f"{name}-form")
    operator.page.click("#action_form [type=submit]")
    expect(operator.page.locator("#preview_form")).to_be_visible()
    operator.look(f"{name}-preview")
    operator.page.locator("#preview_form [type=submit]").first.click()
    operator.page.wait_for_url(before)


def gives_days_to_all_that_is_filtered(operator: ChromiumVisitor) -> None:
    """Give a day to whoever has the plan now, and take it back."""
    operator.open(f"{operating.DASHBOARD}?q={SELLER.email}")
    operator.look("list")
    operator.page.click("a[href*='/goodwill/']")
    operator.page.fill("#action_form [name=days]", "1")
    operator.page.fill("#action_form [name=reason]", "The shop was down")
    operator.page.click("#action_form [type=submit]")
    operator.look("goodwill-preview")
    operator.page.locator("#preview_form [type=submit]").first.click()
    operator.look("goodwill")
    operator.page.click("a[href$='/undo/']")
    operator.page.fill("#action_form [name=reason]", "It was not")
    operator.page.click("#action_form [type=submit]")
    operator.page.locator("#preview_form [type=submit]").first.click()
    operator.must_see(operator.words("repris", "taken back"))


def exports(operator: ChromiumVisitor) -> None:
    """Save the list as a file."""
    operator.open(operating.DASHBOARD)
    with operator.page.expect_download() as download:
        operator.page.click("a[href*='/export/']")
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert SELLER.email in text
    assert (";" in text.splitlines()[0]) is (operator.walk.language == "fr")


def refuses_what_is_not_his(walk: ChromiumWalk) -> None:
    """A colleague with the group "desk" suspends and resumes; he is not offered to revoke."""
    accounts = type(Subscription.objects.get(user__email=SELLER.email).user)
    clerk = accounts.objects.create_user(
        "clerk", "clerk@example.com", PASSWORD, is_staff=True, first_name="Cyril"
    )
    permissions.make_groups(apps.get_app_config("oscar_subscriptions"), using="default")
    clerk.groups.set([Group.objects.get(name="Memberships: desk")])
    desk = walk.visitor()
    operating.signs_in_at_the_dashboard(desk, clerk.email, PASSWORD)
    finds(desk, SELLER.email)
    desk.look("subscription-of-the-desk")
    for name in ("revoke", "hand-over", "anonymise"):
        expect(desk.page.locator(f"a[href$='/{name}/']")).to_have_count(0)
    acts(desk, "suspend")
    acts(desk, "resume")
