"""Who may open each address of ours, and who may change something there."""

import pytest
from django.test import Client

from oscar_subscriptions.dashboard import permissions
from tests.functional import pages
from tests.functional.doors import every_page

OUTSIDERS = ["member", "seller", "partner", "staff"]
OPERATORS = ["read", "desk", "manager", "root"]
READ, DESK, MANAGER = OPERATORS, OPERATORS[1:], OPERATORS[2:]
EVERYBODY, SIGNED_IN = ["anonymous", *OUTSIDERS, *OPERATORS], [*OUTSIDERS, *OPERATORS]
SELLER = ["seller"]  # and whoever owns the row, who is the seller here

# Who may look, who may change something, and how others are refused.
TABLE = {
    "subscriptions-dashboard:subscription-list": (READ, [], 403),
    "subscriptions-dashboard:subscription-list-export": (DESK, [], 403),
    "subscriptions-dashboard:subscription-detail": (READ, [], 403),
    **{
        f"subscriptions-dashboard:{name}": (DESK, DESK, 403)
        for name in (
            "subscription-give",
            "subscription-extend",
            "subscription-stop-renewal",
            "subscription-export",
            "subscription-receipt",
            "subscription-ask-provider",
            "subscription-send-again",
            "subscription-show-paid",
            "service-take-down",
            "service-lift",
            "seller-page-take-down",
            "seller-page-lift",
            "subscription-sell-to",
            "term-suspend",
            "term-resume",
        )
    },
    **{
        f"subscriptions-dashboard:{name}": (MANAGER, MANAGER, 403)
        for name in (
            "subscription-hand-over",
            "subscription-take-back",
            "subscription-anonymise",
            "subscription-refund",
            "term-revoke",
            "term-restore",
        )
    },
    "subscriptions-dashboard:subscription-sell": (DESK, [], 403),
    "subscriptions-dashboard:subscription-sell-link": (DESK, [], 403),
    "subscriptions-dashboard:goodwill-give": (MANAGER, MANAGER, 403),
    "subscriptions-dashboard:goodwill": (MANAGER, [], 403),
    "subscriptions-dashboard:goodwill-undo": (MANAGER, MANAGER, 403),
    "subscriptions-dashboard:plan-list": (READ, [], 403),
    "subscriptions-dashboard:plan-create": (MANAGER, MANAGER, 403),
    "subscriptions-dashboard:plan-update": (READ, MANAGER, 403),
    "subscriptions-dashboard:plan-retire": (MANAGER, MANAGER, 403),
    "subscriptions-dashboard:plan-offer": (MANAGER, MANAGER, 403),
    "subscriptions-dashboard:alert-list": (READ, [], 403),
    "subscriptions-dashboard:alert-detail": (READ, DESK, 403),
    "subscriptions-dashboard:terms-of-sale-list": (READ, [], 403),
    "subscriptions-dashboard:terms-of-sale-create": (MANAGER, MANAGER, 403),
    "subscriptions-dashboard:terms-of-sale-detail": (READ, [], 403),
    "subscriptions-payments:pay": (SELLER, [], 404),
    "subscriptions-payments:return": (SELLER, [], 404),
    "subscriptions-payments:cancel-return": (SELLER, [], 404),
    "subscriptions-payments:order-cancel": ([], SELLER, 404),
    "subscriptions:guide": (EVERYBODY, [], None),
    "subscriptions:plan-list": (EVERYBODY, [], None),
    "subscriptions:seller": (EVERYBODY, [], None),
    "subscriptions:terms-of-sale": (EVERYBODY, [], None),
    # The link of an e-mail, signed.
    "subscriptions:reminders": (EVERYBODY, EVERYBODY, None),
    "subscriptions:my-data": (SIGNED_IN, [], None),
    "subscriptions:my-subscription": (SIGNED_IN, [], None),
    "subscriptions:receipt": ([*SELLER, *READ], [], 404),
    "subscriptions:last-day": (SELLER, [], 404),
    "subscriptions:order-link": (SELLER, SELLER, 403),
    "subscriptions:renew": (SELLER, SELLER, 404),
    "subscriptions:renewal-on": ([], SELLER, 404),
    "subscriptions:renewal-off": ([], SELLER, 404),
    "subscriptions:switch-reminders": ([], SELLER, 404),
    "subscriptions:member-space": (SELLER, [], 403),
    "subscriptions:service-add": (SELLER, SELLER, 403),
    "subscriptions:service-choose": (SELLER, SELLER, 403),
    "subscriptions:service-edit": (SELLER, SELLER, 403),
    "subscriptions:service-publish": ([], SELLER, 403),
    "subscriptions:service-withdraw": ([], SELLER, 403),
    "subscriptions:seller-orders": (SELLER, [], 404),
    "subscriptions:line-served": ([], SELLER, 404),
}
NO_SUCH_METHOD = 405


@pytest.fixture
def browsers(shop, seller):
    """A browser of each kind of visitor."""
    users = {
        "anonymous": None,
        "member": shop.make_user("nobody"),
        "partner": shop.let_in(shop.make_user("partner")),
        "staff": shop.make_operator("staff", ""),
        "read": shop.make_operator("reader", "read"),
        "desk": shop.make_operator("clerk", "desk"),
        "manager": shop.make_operator("manager", "manager"),
        "root": shop.make_user("root", is_staff=True, is_superuser=True),
        "seller": seller.user,  # last, because what is the seller's may change
    }
    found = {kind: Client() for kind in users}
    for kind, user in users.items():
        if user is not None:
            found[kind].force_login(user)
    return found


def is_refused(kind, response, status):
    if kind == "anonymous":
        return response.status_code == 302 and "login" in response.url
    return response.status_code == status


@pytest.mark.parametrize("name", every_page.NAMES)
def test_fault_111_each_address_is_open_to_those_who_may_and_to_nobody_else(rows, browsers, name):
    may_look, may_change, refusal = TABLE[name]
    url = every_page.address(name, rows)
    for kind, browser in browsers.items():
        for send, allowed in ((browser.get, may_look), (browser.post, may_change)):
            response = send(url)
            if kind in allowed:
                assert response.status_code in (200, 302), (kind, send, response.status_code)
                assert not is_refused("anonymous", response, None), (kind, send)
            elif not allowed and response.status_code == NO_SUCH_METHOD:
                pass  # nobody may
            else:
                assert is_refused(kind, response, refusal), (kind, send, response.status_code)


def test_fault_111_every_page_of_the_operators_names_its_permissions():
    assert {f"subscriptions-dashboard:{name}" for name in permissions.PAGES} == {
        name for name in every_page.NAMES if every_page.is_for_staff(name)
    }


@pytest.mark.parametrize(
    ("name", "hidden", "shown"),
    [
        ("plan-list", ["plan-create", "plan-retire"], ["plan-update"]),
        ("terms-of-sale-list", ["terms-of-sale-create"], ["terms-of-sale-detail"]),
    ],
)
def test_fault_111_who_may_only_look_is_offered_nothing_else(rows, browsers, name, hidden, shown):
    names = [f"subscriptions-dashboard:{each}" for each in (name, *hidden, *shown)]
    addresses = [every_page.address(each, rows) for each in names]
    page, *others = addresses
    for kind, expected in (("read", False), ("manager", True)):
        text = browsers[kind].get(page).content.decode()
        for number, each in enumerate(others):
            is_there = f'href="{each}' in text
            assert is_there == (expected or number >= len(hidden)), (kind, each)


@pytest.mark.parametrize("name", ["plan-update", "alert-detail"])
def test_fault_111_a_form_that_may_not_be_sent_has_no_button(rows, browsers, name):
    url = every_page.address(f"subscriptions-dashboard:{name}", rows)
    form = {"plan-update": "plan_form", "alert-detail": "resolve_form"}[name]
    for kind, has_button in (("manager", True), ("read", False)):
        page = pages.soup(browsers[kind].get(url))
        assert bool(page.select(f"#{form} button[type=submit]")) == has_button, kind
