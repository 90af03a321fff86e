"""O3, O13, O14 and O15: what sellers, staff and members may do to orders, rights and accounts."""

from decimal import Decimal as D

import pytest
from django.core.management import call_command
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, receivers, sellers
from oscar_subscriptions.fulfilment import paid_order
from oscar_subscriptions.payments.projections import order_status
from tests.factories import PASSWORD
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Alert = get_model("oscar_subscriptions", "Alert")
Order = get_model("order", "Order")
Partner = get_model("partner", "Partner")
PaymentEventType = get_model("order", "PaymentEventType")
Source = get_model("payment", "Source")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bait(shop, seller, settings):
    """The seller's unpaid order of a year and of his own service, from a checkout that mixes."""
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ["Paid"]
    return shop.make_order(seller.user, extra=[shop.make_service(seller)])


def dashboard(order):
    return reverse("dashboard:order-detail", kwargs={"number": order.number})


def flip_to_paid(browser, order):
    response = browser.post(
        dashboard(order), {"order_action": "change_order_status", "new_status": "Paid"}
    )
    order.refresh_from_db()
    return response


def years(user):
    return Term.objects.filter(subscription__user=user).count()


def test_fault_61_o03_a_seller_who_flips_his_order_to_paid_gets_nothing(bait, seller, desk):
    flip_to_paid(desk, bait)
    assert bait.status == "Paid"  # Oscar lets him
    call_command("subscriptions_run", verbosity=0)
    assert years(seller.user) == 1


def test_o03_without_the_guards_the_click_pays(bait, seller, desk, monkeypatch):
    monkeypatch.setattr(receivers, "_has_seller_line", lambda order: False)
    monkeypatch.setattr(paid_order, "_problem", lambda *args: "")
    flip_to_paid(desk, bait)
    assert years(seller.user) == 2


PAYMENT_EVENTS = {
    "order_action": "create_order_payment_event",
    "line_action": "create_payment_event",
}


@pytest.mark.parametrize("action", PAYMENT_EVENTS)
def test_fault_61_o03_nor_does_he_by_a_payment_event(bait, seller, desk, action):
    kind = PaymentEventType.objects.create(name="Paid", code="paid")
    lines = {f"selected_line_qty_{line.pk}": 1 for line in bait.lines.all()}
    data = {
        action: PAYMENT_EVENTS[action],
        "payment_event_type": kind.code,
        "amount": bait.total_incl_tax,
        "selected_line": [line.pk for line in bait.lines.all()],
    }
    desk.post(dashboard(bait), data | lines)
    assert bait.payment_events.get().amount == bait.total_incl_tax  # Oscar lets him
    call_command("subscriptions_run", verbosity=0)
    assert years(seller.user) == 1


def test_fault_61_o03_nor_by_a_source_that_says_that_it_was_debited(bait, seller):
    kind = get_model("payment", "SourceType").objects.create(name="Stripe Checkout")
    source = Source.objects.create(order=bait, source_type=kind, currency="EUR")
    source.allocate(D("300.00"))
    source.debit(D("300.00"), reference="pi_forged", status="paid")
    call_command("subscriptions_run", verbosity=0)
    assert years(seller.user) == 1


def test_o03_forged_money_on_an_order_of_ours_pays_nothing_either(
    shop, seller, desk, client, standin
):
    pages.add_to_basket(client, shop.plan.product)
    pages.place_order(client)
    order = Order.objects.get()
    kind = get_model("payment", "SourceType").objects.create(name="Stripe Checkout")
    Source.objects.create(order=order, source_type=kind, amount_debited=order.total_incl_tax)
    client.get(pages.pay_url(order))
    call_command("subscriptions_run", verbosity=0)
    assert Attempt.objects.get().status == "open"
    assert years(seller.user) == 1


def test_o03_an_order_of_a_plan_alone_is_none_of_his_in_the_dashboard(shop, seller, desk, settings):
    settings.OSCAR_SUBSCRIPTIONS_PAID_ORDER_STATUSES = ["Paid"]
    order = shop.make_order(seller.user)
    assert flip_to_paid(desk, order).status_code == 404
    assert order.status == "Pending"


@pytest.fixture
def paid(shop, member):
    """An order that gave a term, shown as paid."""
    order = shop.make_order(member)
    fulfilment.order_paid(order)
    order_status.show_paid(order.pk)
    return order


def edit_meanwhile(monkeypatch, order, **values):
    """Let staff change ``order`` after our code has first looked at it."""
    lock = fulfilment.lock_subscription

    def slow(seen):
        Order.objects.filter(pk=order.pk).update(**values)
        return lock(seen)

    monkeypatch.setattr(order_status.fulfilment, "lock_subscription", slow)


def test_o13_what_staff_write_while_the_payment_arrives_is_not_lost(shop, member, monkeypatch):
    order = shop.make_order(member)
    edit_meanwhile(monkeypatch, order, guest_email="staff@example.com", status="Cancelled")
    order_status.show_paid(order.pk)
    order.refresh_from_db()
    assert (order.status, order.guest_email) == ("Paid", "staff@example.com")


def test_o13_oscars_set_status_on_what_was_read_before_loses_it(shop, member):
    order = shop.make_order(member)
    Order.objects.filter(pk=order.pk).update(guest_email="staff@example.com")
    order.set_status("Paid")
    order.refresh_from_db()
    assert order.guest_email != "staff@example.com"


def test_fault_60_o13_a_status_that_staff_overwrite_changes_nothing_that_was_bought(
    paid, member, staff_desk
):
    data = {"order_action": "change_order_status", "new_status": "Cancelled"}
    staff_desk.post(dashboard(paid), data)
    paid.refresh_from_db()
    assert paid.status == "Cancelled"
    assert sellers.is_seller(member)
    call_command("subscriptions_run", verbosity=0)
    assert years(member) == 1


def delete_profile(client):
    url = reverse("customer:profile-delete")
    return client.post(url, {"password": PASSWORD})


def test_fault_56_o14_the_profile_goes_and_what_was_bought_stays_known(paid, member, client):
    subscription = Subscription.objects.get()
    delete_profile(client)
    assert not type(member).objects.filter(pk=member.pk).exists()
    subscription.refresh_from_db()
    assert (subscription.user, subscription.member_email) == (None, "member@example.com")
    assert subscription.member_name == "Ada Martin"
    assert subscription.terms.get().order_line.order == paid
    paid.refresh_from_db()
    assert paid.user is None  # all that Oscar keeps


def test_fault_56_o14_money_of_a_member_who_left_meanwhile_is_reported(
    shop, member, client, order, standin
):
    hosted = client.get(pages.pay_url(order)).url
    delete_profile(client)
    standin.submit_card(hosted)
    call_command("subscriptions_run", verbosity=0)
    assert not Term.objects.exists()
    told = Alert.objects.open().get()
    assert told.order == order


def unlink(browser, user, partner):
    kwargs = {"user_pk": user.pk, "partner_pk": partner.pk}
    return browser.post(reverse("dashboard:partner-user-unlink", kwargs=kwargs))


def link(browser, user, partner):
    kwargs = {"user_pk": user.pk, "partner_pk": partner.pk}
    return browser.post(reverse("dashboard:partner-user-link", kwargs=kwargs))


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def test_fault_63_o15_staff_who_take_oscars_permission_away_take_nothing_that_was_bought(
    seller, desk, staff_desk
):
    user = seller.user
    link(staff_desk, user, Partner.objects.create(name="Other"))
    assert user.user_permissions.get().codename == "dashboard_access"
    for partner in list(user.partners.all()):
        unlink(staff_desk, user, partner)
    assert not user.user_permissions.exists()  # a stored right would be gone by now
    assert sellers.is_seller(fresh(user)) and fresh(user).has_perm("oscar_subscriptions.sell")
    assert not fresh(user).has_perm("partner.dashboard_access")
    assert desk.get(reverse("subscriptions:member-space")).status_code == 200


def test_fault_64_o15_what_staff_gave_stays_when_the_term_ends(seller, staff_desk):
    user, other = seller.user, Partner.objects.create(name="Other")
    link(staff_desk, user, other)
    fulfilment.revoke(user.oscar_subscriptions.get().terms.get(), reason="refund")
    call_command("subscriptions_run", verbosity=0)
    assert not sellers.is_seller(fresh(user))
    assert fresh(user).has_perm("partner.dashboard_access")
    assert set(user.partners.all()) == {other, seller.partner}
