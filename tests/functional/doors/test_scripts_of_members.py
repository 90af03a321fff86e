"""A script that clicks as fast as it can: rows and pages stay bounded."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.checkout import placement
from oscar_subscriptions.dashboard.subscriptions import history
from oscar_subscriptions.members.views import renewal
from oscar_subscriptions.sellers import listings, parking, withdrawn
from tests.functional import pages
from tests.functional.doors import every_page

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
Order = get_model("order", "Order")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Product = get_model("catalogue", "Product")
Term = get_model("oscar_subscriptions", "Term")

TIMES = 3 * renewal.MAX_TURNS


def test_fault_116_reminders_switched_as_fast_as_possible(rows, seller, member_browser):
    url = every_page.address("subscriptions:switch-reminders", rows)
    for _ in range(TIMES):
        for value in ("off", "on"):
            page = member_browser.post(url, {"reminders": value}, follow=True)
    turns = JournalEntry.objects.filter(kind__in=[journal.REMINDERS_ON, journal.REMINDERS_OFF])
    assert turns.count() == 2 * renewal.MAX_TURNS + 1
    assert "very often today" in pages.text(page)
    # Off is what counts, and it stays.
    assert seller.user.oscar_subscriptions.get().reminders_off_at is not None


def test_fault_116_another_day_it_can_be_switched_on(rows, seller, member_browser, time_machine):
    test_fault_116_reminders_switched_as_fast_as_possible(rows, seller, member_browser)
    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    url = every_page.address("subscriptions:switch-reminders", rows)
    member_browser.post(url, {"reminders": "on"})
    assert seller.user.oscar_subscriptions.get().reminders_off_at is None


def test_fault_116_the_same_click_again_writes_nothing(rows, member_browser):
    url = every_page.address("subscriptions:switch-reminders", rows)
    for _ in range(TIMES):
        member_browser.post(url, {"reminders": "off"})
    assert JournalEntry.objects.filter(kind=journal.REMINDERS_OFF).count() == 1


def test_fault_116_automatic_renewal_is_not_switched_on_without_end(
    rows, seller, member_browser, monkeypatch
):
    """The journal says that it was on often today; the page posts what it shows."""
    from oscar_subscriptions.members import renewal_offer

    subscription = seller.user.oscar_subscriptions.get()
    for _ in range(renewal.MAX_TURNS):
        journal.record(subscription, journal.RENEWAL_ON)
    can_be_chosen = property(lambda offer: True)
    monkeypatch.setattr(renewal_offer.Offer, "can_be_chosen", can_be_chosen)
    url = every_page.address("subscriptions:renewal-on", rows)
    page = member_browser.post(url, follow=True)
    assert "very often today" in pages.text(page)


def service(shop, title):
    return {
        "title": title,
        "description": "One day.",
        "price": "350",
        "category": shop.category.pk,
    }


def test_fault_116_services_added_and_withdrawn_as_fast_as_possible(
    shop, seller, member_browser, monkeypatch
):
    monkeypatch.setattr(withdrawn, "MAX_WITHDRAWN", 3)
    add = reverse("subscriptions:service-add")
    for number in range(6):
        page = member_browser.post(add, service(shop, f"Service {number}"))
        for product in listings.services(seller).filter(is_public=True):
            withdraw = reverse("subscriptions:service-withdraw", args=[product.pk])
            member_browser.post(withdraw)
    assert listings.services(seller).count() == 3
    assert "You keep 3 services that are not in the shop" in pages.text(page)
    # One of them is changed and published instead.
    again = listings.services(seller).first()
    member_browser.post(reverse("subscriptions:service-publish", args=[again.pk]))
    assert member_browser.post(add, service(shop, "New")).status_code == 302


def test_fault_116_parked_services_are_not_counted(shop, seller, member_browser, monkeypatch):
    monkeypatch.setattr(withdrawn, "MAX_WITHDRAWN", 1)
    shop.make_service(seller)
    Term.objects.update(listing_limit=0)
    parking.park(seller)
    Term.objects.update(listing_limit=1)
    add = reverse("subscriptions:service-add")
    assert member_browser.post(add, service(shop, "New")).status_code == 302


def test_fault_116_nor_does_a_partner_user_fill_the_catalogue(
    shop, seller, member_browser, monkeypatch
):
    from tests.functional.holes.catalogue import create_product

    monkeypatch.setattr(withdrawn, "MAX_WITHDRAWN", 1)
    shop.let_in(seller.user)
    shop.make_service(seller, is_public=False)
    page = create_product(member_browser, shop, seller.partner, title="Second", is_public="")
    assert "You keep 1 services" in pages.text(page)
    assert not Product.objects.filter(title="Second").exists()


def test_fault_116_clicks_on_one_service_leave_no_rows(rows, seller, member_browser):
    before = [model.objects.count() for model in (JournalEntry, OutboxMail, Product)]
    for _ in range(TIMES):
        for name in ("withdraw", "withdraw", "publish", "publish"):
            member_browser.post(every_page.address(f"subscriptions:service-{name}", rows))
        chosen = {"service": rows["subscriptions:service-edit"]}
        member_browser.post(reverse("subscriptions:service-choose"), chosen)
    assert before == [model.objects.count() for model in (JournalEntry, OutboxMail, Product)]
    assert not seller.parked_listings.exists()


def test_fault_116_a_long_journal_is_shown_in_pages(rows, seller, staff_browser):
    subscription = seller.user.oscar_subscriptions.get()
    for number in range(history.ENTRIES_PER_PAGE + 5):
        journal.record(subscription, journal.REMINDERS_ON, reason=f"entry {number}.")
    url = every_page.address("subscriptions-dashboard:subscription-detail", rows)
    first, second = (pages.text(staff_browser.get(url, {"page": page})) for page in (1, 2))
    assert "entry 54." in first and "entry 54." not in second
    assert "entry 0." in second and "entry 0." not in first


def test_fault_116_orders_and_cancellations_of_a_day_are_counted(
    shop, member, client, standin, monkeypatch
):
    monkeypatch.setattr(placement, "ORDERS_A_DAY", 3)
    for _ in range(3):
        pages.add_to_basket(client, shop.plan.product)
        placed = pages.place_order(client)
        assert placed.status_code == 302
        number = Order.objects.latest("pk").number
        client.post(reverse("subscriptions-payments:order-cancel", args=[number]))
    pages.add_to_basket(client, shop.plan.product)
    page = pages.place_order(client)
    assert "You have placed many orders today" in pages.text(page)
    assert Order.objects.count() == 3
