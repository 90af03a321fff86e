"""Faults 56 to 66: what members, sellers and staff do to accounts, plans, orders and rights."""

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal as D
from unittest import mock

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, receivers, sellers
from oscar_subscriptions.fulfilment import goodwill, paid_order
from oscar_subscriptions.mail import outbox, sending
from oscar_subscriptions.members import services
from oscar_subscriptions.sellers import bulk_parking, parking
from tests.factories import PASSWORD
from tests.faults import controls, interleave, invariants
from tests.faults.moments import at
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
Partner = get_model("partner", "Partner")
PaymentEventType = get_model("order", "PaymentEventType")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)

SPACE = "subscriptions:member-space"
DASHBOARD = "partner.dashboard_access"


def run():
    call_command("subscriptions_run", verbosity=0)


def pay(client, standin, hosted):
    _, back, _ = standin.submit_card(hosted)
    return client.get(back)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def days_later(time_machine, days):
    time_machine.move_to(timezone.now() + timedelta(days=days))


@pytest.fixture
def staff_desk(shop):
    """The browser of somebody who may do everything."""
    browser = Client()
    browser.force_login(shop.make_user("boss", is_staff=True, is_superuser=True))
    return browser


def test_renewal_paid_while_days_for_many_are_undone_leaves_no_gap_in_front_of_it(shop):
    clerk, member = shop.make_user("clerk", is_staff=True), shop.make_user()
    subscription = shop.grant(member).subscription
    order = shop.make_order(member)
    gift = goodwill.give([subscription], 7, reason="we were down", actor=clerk)
    with interleave.run_after(goodwill, "_must_stay", lambda: fulfilment.order_paid(order)):
        goodwill.undo(gift.batch, reason="a mistake", actor=clerk)
    first, *rest = Term.objects.not_revoked().order_by("starts_on")
    assert Term.objects.filter(order_line__order=order).exists()
    for term in rest:
        assert term.starts_on == first.ends_on + timedelta(days=1)
        first = term


def test_days_undone_while_their_mail_is_about_to_leave_are_told_by_no_mail(shop, mailoutbox):
    clerk = shop.make_user("clerk", is_staff=True)
    subscription = shop.grant(shop.make_user()).subscription
    gift = goodwill.give([subscription], 7, reason="we were down", actor=clerk)
    waiting = OutboxMail.objects.get()
    # The row was found free; a sender that comes now waits, and finds it gone.
    with interleave.run_before(OutboxMail, "delete", lambda: sending.send(waiting.pk)):
        goodwill.undo(gift.batch, reason="a mistake", actor=clerk)
    assert mailoutbox == []
    assert not OutboxMail.objects.exists()


# 56


def delete_profile(client):
    client.post(reverse("customer:profile-delete"), {"password": PASSWORD})


def test_fault_56_profile_deleted_during_the_term_leaves_its_evidence_and_closes_its_services(
    shop, member, client, order, standin, hosted
):
    pay(client, standin, hosted)
    service = shop.make_service(sellers.get_seller(member))
    delete_profile(client)
    assert not type(member).objects.filter(pk=member.pk).exists()
    subscription = Subscription.objects.get()
    assert (subscription.user, subscription.member_email) == (None, "member@example.com")
    assert subscription.member_name == "Ada Martin"
    assert subscription.terms.get().order_line.order == order
    assert Attempt.objects.get().status == "paid"
    run()
    assert not fresh(service).is_public
    invariants.check(shop, swept=True)


def test_fault_56_profile_deleted_during_the_payment_and_the_money_is_flagged(
    shop, client, standin, told
):
    delete_profile(client)
    standin.submit_card(told)
    standin.flush()
    assert not Term.objects.exists()
    assert invariants.problems_about(Attempt.objects.get())
    invariants.check(shop)


def delete_while_the_term_is_written(member, client, standin, hosted):
    """The member deletes the profile when the term is there but not yet committed."""

    def delete():
        # What the payment writes meanwhile refers to the member: he may have to click again.
        with suppress(IntegrityError):
            fresh(member).delete()

    with interleave.run_before(outbox, "to_members", delete):
        pay(client, standin, hosted)
    type(member).objects.filter(pk=member.pk).delete()


def test_fault_56_profile_deleted_while_the_term_is_written_leaves_money_and_term_together(
    shop, member, client, standin, hosted
):
    delete_while_the_term_is_written(member, client, standin, hosted)
    assert Term.objects.get().subscription.user is None
    assert Term.objects.get().subscription.member_email == "member@example.com"
    invariants.check(shop)


def test_fault_56_without_locks_the_payment_fails_on_its_way_control(
    member, client, standin, hosted
):
    with controls.without_locks():
        delete_while_the_term_is_written(member, client, standin, hosted)
    assert not Term.objects.exists()


# 57, 58, 59


def test_fault_57_product_of_a_plan_can_not_be_deleted_even_if_nobody_has_bought_it(shop):
    with pytest.raises(models.ProtectedError), transaction.atomic():
        fresh(shop.plan.product).delete()
    with pytest.raises(models.ProtectedError), transaction.atomic():
        Product.objects.filter(pk=shop.plan.product.pk).delete()
    assert fresh(shop.plan).product == shop.plan.product


def test_fault_57_plan_that_waits_for_its_payment_can_not_be_deleted(
    shop, client, order, standin, hosted
):
    with pytest.raises(models.ProtectedError), transaction.atomic():
        fresh(shop.plan).delete()
    pay(client, standin, hosted)
    assert Term.objects.get().subscription.plan == shop.plan
    invariants.check(shop)


def test_fault_58_vendor_deleted_during_the_term_and_the_term_survives(
    shop, member, client, order, standin, hosted
):
    pay(client, standin, hosted)
    shop.vendor.delete()
    assert Term.objects.get().is_valid
    assert sellers.is_seller(fresh(member))
    run()
    invariants.check(shop)


def test_fault_58_vendor_deleted_during_the_payment_and_the_money_is_an_alert(
    shop, client, order, standin, hosted
):
    shop.vendor.delete()
    pay(client, standin, hosted)
    assert not Term.objects.exists()
    assert invariants.problems_about(Attempt.objects.get())
    invariants.check(shop)


def test_fault_58_partner_of_a_seller_can_not_be_deleted(shop):
    seller = shop.make_seller()
    with pytest.raises(models.ProtectedError), transaction.atomic():
        seller.partner.delete()
    assert sellers.is_seller(seller.user)


def test_fault_59_plan_edited_during_the_term_changes_nothing_that_was_sold(
    shop, client, time_machine
):
    type(shop.plan).objects.update(listing_limit=3, grace_days=10)
    seller = sellers.ensure_seller(shop.make_user("seller"))
    order = shop.make_order(seller.user)
    term = fulfilment.order_paid(order).term
    before = Term.objects.values().get()
    type(shop.plan).objects.update(months=1, listing_limit=0, grace_days=0, is_on_sale=False)
    shop.plan.product.stockrecords.update(price=D("1.00"))
    run()
    assert Term.objects.values().get() == before
    assert sellers.listing_limit(seller.user) == 3
    days_later(time_machine, (term.covered_until - timezone.localdate()).days)
    assert sellers.is_seller(fresh(seller.user))
    days_later(time_machine, 1)
    assert not sellers.is_seller(fresh(seller.user))


# 60, 61, 62


def order_page(order):
    return reverse("dashboard:order-detail", kwargs={"number": order.number})


def set_status(browser, order, status):
    data = {"order_action": "change_order_status", "new_status": status}
    return browser.post(order_page(order), data)


def test_fault_60_staff_cancel_a_paid_order_and_nothing_is_lost_in_silence(
    shop, member, client, order, standin, hosted, staff_desk
):
    pay(client, standin, hosted)
    set_status(staff_desk, order, "Cancelled")
    assert fresh(order).status == "Cancelled"
    Attempt.objects.mark_due()
    run()
    assert sellers.is_seller(fresh(member))
    assert Attempt.objects.get().status == "paid"
    assert "your order is confirmed" in pages.text(client.get(pages.pay_url(order), follow=True))
    invariants.check(shop)


@pytest.fixture
def bait(shop, settings):
    """A seller's unpaid order of another year and of his own service, as a careless shop takes it.

    A seller may open, in Oscar's dashboard, every order in which he has a line.
    """
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ["Paid"]
    seller = shop.make_seller()
    shop.let_in(seller.user)
    return shop.make_order(seller.user, extra=[shop.make_service(seller)])


def test_fault_61_seller_who_sets_his_order_to_paid_gets_nothing(bait, client):
    client.force_login(bait.user)
    set_status(client, bait, "Paid")
    assert fresh(bait).status == "Paid"  # Oscar lets him
    run()
    assert fulfilment.term_of(bait) is None


def test_fault_61_without_looking_at_the_lines_the_click_pays_control(bait, client):
    client.force_login(bait.user)
    with (
        mock.patch.object(receivers, "_has_seller_line", lambda order: False),
        mock.patch.object(paid_order, "_problem", lambda paid: ""),
    ):
        set_status(client, bait, "Paid")
    assert fulfilment.term_of(bait) is not None


def test_fault_61_seller_who_forges_a_payment_event_gets_nothing(bait, client):
    client.force_login(bait.user)
    kind = PaymentEventType.objects.create(name="Paid", code="paid")
    client.post(
        order_page(bait),
        {
            "order_action": "create_order_payment_event",
            "payment_event_type": kind.code,
            "amount": bait.total_incl_tax,
        },
    )
    assert bait.payment_events.get().amount == bait.total_incl_tax  # Oscar lets him
    run()
    assert fulfilment.term_of(bait) is None


def test_fault_62_seller_who_clones_a_plan_has_an_ordinary_product(shop, member, client):
    seller = shop.make_seller()
    clone = Product.objects.create(
        title=shop.plan.title, product_class=shop.plan.product.product_class
    )
    StockRecord.objects.create(
        product=clone, partner=seller.partner, partner_sku="clone", price=D("0.00")
    )
    pages.add_to_basket(client, clone)
    pages.order_page(client)
    client.post(reverse("checkout:preview"), {"action": "place_order"})
    order = Order.objects.get()
    assert order.lines.get().product == clone
    assert fulfilment.order_paid(order) == fulfilment.Fulfilment()
    assert not Attempt.objects.exists()
    assert not sellers.is_seller(fresh(member))


# 63, 64, 65, 66


def rights(user):
    """All that staff can give a user by hand."""
    user = fresh(user)
    return {
        "flags": (user.is_active, user.is_staff, user.is_superuser),
        "permissions": set(user.user_permissions.values_list("codename", flat=True)),
        "groups": set(user.groups.values_list("name", flat=True)),
    }


def live_through_a_term(shop, user, time_machine):
    """Buy, sell, lapse; every step with the run that follows it."""
    term = fulfilment.order_paid(shop.make_order(user)).term
    shop.make_service(sellers.get_seller(user), "Another")
    run()
    assert sellers.is_seller(fresh(user))
    days_later(time_machine, (term.covered_until - timezone.localdate()).days + 1)
    run()
    assert not sellers.is_seller(fresh(user))


def test_fault_63_rights_given_or_taken_by_hand_are_left_as_they_are(shop, time_machine):
    user = shop.make_user()
    user.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    user.groups.add(Group.objects.create(name="Editors"))
    before = rights(user)
    live_through_a_term(shop, user, time_machine)
    assert rights(user) == before
    assert fresh(user).has_perm(DASHBOARD)
    user.user_permissions.clear()
    fulfilment.order_paid(shop.make_order(user))
    run()
    assert not fresh(user).has_perm(DASHBOARD)
    assert fresh(user).has_perm("oscar_subscriptions.sell")


def test_fault_63_seller_whom_staff_took_from_the_partner_is_not_put_back(shop, time_machine):
    seller = shop.make_seller()
    seller.partner.users.remove(seller.user)
    live_through_a_term(shop, seller.user, time_machine)
    fulfilment.order_paid(shop.make_order(seller.user))
    run()
    assert not seller.partner.users.exists()


def test_fault_64_user_of_two_partners_loses_only_what_the_term_gave(shop, time_machine):
    seller = shop.make_seller()
    other = Partner.objects.create(name="Publisher")
    other.users.add(seller.user)
    book = Product.objects.create(title="Book", product_class=shop.product_class)
    StockRecord.objects.create(
        product=book, partner=other, partner_sku="book", price=D("9.00"), price_currency="EUR"
    )
    service = shop.make_service(seller)
    live_through_a_term(shop, seller.user, time_machine)
    assert set(seller.user.partners.all()) == {other, seller.partner}
    assert (fresh(service).is_public, fresh(book).is_public) == (False, True)
    assert shop.strategy().fetch_for_product(fresh(book)).availability.is_available_to_buy
    invariants.check(shop, by_hand=Order.objects.all(), swept=True)


@pytest.mark.parametrize("flags", [{"is_staff": True}, {"is_staff": True, "is_superuser": True}])
def test_fault_65_staff_who_buy_keep_their_rights_when_the_term_ends(
    shop, client, time_machine, flags
):
    user = shop.make_user(**flags)
    user.user_permissions.add(Permission.objects.get(codename="change_order"))
    before = rights(user)
    live_through_a_term(shop, user, time_machine)
    assert rights(user) == before
    client.force_login(user)
    assert client.get(reverse("dashboard:index")).status_code == 200
    assert client.get(reverse(SPACE)).status_code == 403


def test_fault_66_session_that_is_open_when_the_term_ends_is_refused_at_the_next_request(
    shop, client, time_machine
):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    last = seller.user.oscar_subscriptions.get().terms.get().covered_until
    time_machine.move_to(at(last, 23, 58))
    client.force_login(seller.user)
    assert client.get(reverse(SPACE)).status_code == 200
    assert client.get(reverse("dashboard:index")).status_code in (302, 403)
    days_later(time_machine, 1)
    assert client.get(reverse(SPACE)).status_code == 403
    withdraw = reverse("subscriptions:service-withdraw", args=[service.pk])
    assert client.post(withdraw).status_code == 403
    assert client.get(reverse("dashboard:index")).status_code in (302, 403)
    assert fresh(service).is_public


# Besides the numbered ones: a seller decides while the daily run parks.


def test_service_withdrawn_while_it_is_being_parked_does_not_come_back_by_itself(shop):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    Term.objects.update(listing_limit=0)

    def withdraw():
        services.withdraw(Product.objects.get(pk=service.pk), seller)

    with interleave.run_before(bulk_parking, "_park", withdraw):
        assert parking.park(seller) == [service]
    Term.objects.update(listing_limit=None)
    assert parking.restore(seller) == []
    assert not Product.objects.get(pk=service.pk).is_public
