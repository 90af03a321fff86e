"""What the shop knows of a member, as JSON: all of it, and nothing of anybody else."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, privacy, sellers
from oscar_subscriptions.fulfilment import clawback_alerts, grants, handovers
from tests.functional import pages

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Receipt = get_model("oscar_subscriptions", "Receipt")

URL = reverse("subscriptions:my-data")


@pytest.fixture
def known(shop, member, client, order, standin):
    """A member who has done everything: paid, sells, was refunded; beside another who has too."""
    other = shop.make_seller("stranger")
    shop.make_service(other, "Stranger's service")
    fulfilment.order_paid(shop.make_order(other.user))
    hosted = client.get(pages.pay_url(order)).url
    _, back, _ = standin.submit_card(hosted)
    client.get(back)
    shop.make_service(sellers.get_seller(member), "Coaching", description="<p>One hour</p>")
    operator = shop.make_user("boss", first_name="Olga", last_name="Petit", is_staff=True)
    grants.extend(member.oscar_subscriptions.get(), 10, reason="Late start", actor=operator)
    alerts.raise_alert(alerts.REVERSAL, "a-key", order=order, reason="re_1: pending")
    return member


def test_the_export_says_everything_in_plain_json(known, order):
    data = json.loads(json.dumps(privacy.export(known)))
    assert list(data) == [
        "format",
        "exported_on",
        "account",
        "subscriptions",
        "orders",
        "notifications",
        "seller",
        "alerts",
        "payments",
        "payment_methods",
    ]
    assert data["account"]["name"] == "Ada Martin"
    [subscription] = data["subscriptions"]
    paid, granted = subscription["terms"]
    assert (paid["order"], paid["price"], paid["first_day"]) == (
        order.number,
        "240.000",
        data["orders"][0]["receipt"]["facts"]["starts_on"],
    )
    assert (granted["order"], granted["grant_reason"]) == (None, "Late start")
    assert [(line["what"], line["by"]) for line in subscription["journal"]] == [
        ("term-started", "automatic"),
        ("term-granted", "shop"),
    ]
    [bought] = data["orders"]
    assert (bought["number"], bought["total"], bought["tax"]) == (order.number, "240.00", "40.00")
    assert bought["billing_address"][0] == "Ada Martin"
    assert bought["consent"]["terms_of_sale"] == "2026-1"
    assert bought["consent"]["text"] == "No refund during use."
    assert bought["receipt"]["number"] == Receipt.objects.get(order=order).number
    assert {message["email"] for message in data["notifications"]} == {"member@example.com"}
    assert data["seller"]["services"][0]["title"] == "Coaching"
    assert [alert["reason"] for alert in data["alerts"]] == ["re_1: pending"]
    [payment] = data["payments"]
    attempt = Attempt.objects.get()
    assert (payment["amount"], payment["currency"], payment["status"]) == ("240.00", "EUR", "paid")
    assert (payment["session"], payment["payment"], payment["charge"]) == (
        attempt.session_id,
        attempt.payment_intent_id,
        attempt.charge_id,
    )


def test_the_export_says_nothing_of_other_people(known):
    text = json.dumps(privacy.export(known))
    for word in ("stranger", "Stranger", "Olga", "Petit", "boss"):
        assert word not in text


def test_the_export_of_a_handover_does_not_name_the_other_member(shop, known):
    boss = type(known).objects.get(username="boss")
    friend = shop.make_user("friend", first_name="Bea", last_name="Roy")
    handovers.hand_over(known.oscar_subscriptions.get(), friend, reason="Gift", actor=boss)
    assert "Roy" not in json.dumps(privacy.export(known))
    assert "Martin" not in json.dumps(privacy.export(friend))


def test_the_export_of_an_alert_about_a_handover_does_not_name_the_other_member(shop, known):
    boss = type(known).objects.get(username="boss")
    friend = shop.make_user("friend", first_name="Bea", last_name="Roy")
    handovers.hand_over(known.oscar_subscriptions.get(), friend, reason="Gift", actor=boss)
    term = known.oscar_subscriptions.get().terms.filter(order_line__isnull=False).get()
    clawback_alerts.alert_if_unfunded(term, clawback_alerts.REVOKED, reason="refunded")
    for user, other in ((known, "Roy"), (friend, "Martin")):
        data = privacy.export(user)
        assert "was handed over" in data["alerts"][-1]["what"]
        assert other not in json.dumps(data)


def test_the_export_is_the_same_when_nothing_happened(known, time_machine):
    time_machine.move_to("2026-11-23")
    assert json.dumps(privacy.export(known)) == json.dumps(privacy.export(known))
    assert privacy.export(known)["exported_on"] == date(2026, 11, 23).isoformat()


def test_somebody_who_never_subscribed_is_told_so(shop):
    data = privacy.export(shop.make_user())
    empty = {"subscriptions": [], "orders": [], "notifications": [], "alerts": [], "payments": []}
    empty["payment_methods"] = []
    assert data.items() >= empty.items()
    assert data["seller"] is None


def test_an_order_that_was_never_paid_is_known_too(client, order):
    [bought] = privacy.export(order.user)["orders"]
    assert (bought["number"], bought["receipt"]) == (order.number, None)
    assert privacy.export(order.user)["payments"][0]["status"] == "open"


def test_the_queries_do_not_grow_with_what_is_known(known, shop, django_assert_num_queries):
    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            privacy.export(known)
        return len(queries)

    before = count()
    fulfilment.order_paid(shop.make_order(known))
    fulfilment.order_paid(shop.make_order(known, shop.make_plan("Gold")))
    shop.make_service(sellers.get_seller(known), "Another")
    assert count() == before


@pytest.fixture
def section():
    """Stands for another app's; gone after the test."""
    privacy.add_section("wishes", lambda person: [f"to {person.email}"])
    yield "wishes"
    del privacy.exporting._SECTIONS["wishes"]


def test_another_app_adds_an_entry_of_its_own(shop, section):
    user = shop.make_user()
    assert privacy.export(user)[section] == ["to member@example.com"]
    privacy.add_section(section, lambda person: [])
    assert privacy.export(user)[section] == []


# At the doors.


def command(*args):
    out = StringIO()
    call_command("subscriptions_export", *args, stdout=out)
    return json.loads(out.getvalue())


def test_an_operator_exports_by_user_name_or_e_mail(known):
    assert command("member") == command("Member@example.com") == privacy.export(known)


@pytest.mark.parametrize(
    "args", [["nobody"], ["member@example.com", "--deleted"], ["", "--deleted"]]
)
def test_an_operator_who_means_nobody_is_told_so(known, args):
    with pytest.raises(CommandError, match=r"No (account|subscription)"):
        command(*args)


def test_two_accounts_with_one_address_are_not_told_apart_by_it(shop):
    shop.make_user("first")
    type(shop.make_user("second")).objects.update(email="same@example.com")
    with pytest.raises(CommandError, match="more than one"):
        command("same@example.com")
    assert command("second")["account"]["user_name"] == "second"


def test_what_is_left_of_a_deleted_account_is_exported_by_its_address(client, known, order):
    before = privacy.export(known)
    known.delete()
    after = command("member@example.com", "--deleted")
    assert after["account"] == {"email": "member@example.com", "deleted": True}
    assert after["orders"] == before["orders"]
    assert after["payments"] == before["payments"]
    assert after["seller"] == before["seller"]
    assert [line["what"] for line in after["subscriptions"][0]["journal"]][-1] == "account-deleted"


def test_a_new_account_with_the_address_of_a_deleted_one_learns_nothing(shop, client, known):
    """Oscar does not check that an address is the member's own."""
    known.delete()
    impostor = shop.make_user("impostor")
    type(impostor).objects.filter(pk=impostor.pk).update(email="member@example.com")
    client.force_login(impostor)
    assert client.get(URL).json()["subscriptions"] == []
    assert client.get(URL).json()["orders"] == []
