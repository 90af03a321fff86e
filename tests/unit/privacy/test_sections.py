"""What the sections of the export say of account, e-mails, seller and alerts."""

from datetime import UTC, date, datetime

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, sellers
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.privacy import people, sections

Alert = get_model("oscar_subscriptions", "Alert")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")

NOON = datetime(2017, 2, 3, 11, tzinfo=UTC)


@pytest.fixture
def person(ada, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    return people.as_person(ada)


def test_an_account_is_told_with_its_moments(person, ada):
    ada.date_joined, ada.last_login = NOON, None
    assert sections.account(person) == {
        "user_name": "ada",
        "name": "Ada Martin",
        "email": "ada@example.com",
        "joined_at": "2017-02-03T11:00:00+00:00",
        "last_login_at": None,
    }


def test_of_a_deleted_account_the_address_is_told_and_that_it_is_deleted():
    person = people.Person(None, "ada@example.com")
    assert sections.account(person) == {"email": "ada@example.com", "deleted": True}


def test_e_mails_are_told_sent_or_not_without_what_they_say(shop, person, ada):
    outbox.put("granted", "a", user=ada, language="fr", context={"term": 1})
    outbox.put("renewed", "b", user=ada)
    OutboxMail.objects.filter(kind="granted").update(sent_at=NOON)
    outbox.put("granted", "c", user=shop.make_user("other"))
    common = {"email": "ada@example.com", "created_at": "2017-02-03T11:00:00+00:00"}
    assert sections.notifications(person) == [
        common | {"kind": "granted", "language": "fr", "sent_at": "2017-02-03T11:00:00+00:00"},
        common | {"kind": "renewed", "language": "en", "sent_at": None},
    ]


def test_somebody_who_never_sold_has_no_seller(person):
    assert sections.seller(person) is None


def test_a_seller_is_told_with_the_services_in_the_shop_and_outside(shop, person, ada):
    seller = sellers.ensure_seller(ada)
    shop.make_service(seller, "Coaching", description="<p>One hour</p>")
    shop.make_service(seller, "Withdrawn", is_public=False)
    shop.make_service(shop.make_seller("other"), "Another's")
    told = sections.seller(person)
    assert (told["name"], told["code"]) == ("Ada Martin", seller.partner.code)
    services = [(one["title"], one["price"], one["is_in_the_shop"]) for one in told["services"]]
    assert services == [("Coaching", "50.00", True), ("Withdrawn", "50.00", False)]
    assert told["services"][0]["description"] == "<p>One hour</p>"


def test_alerts_are_told_with_what_was_decided(shop, person, ada):
    order = shop.make_order(ada)
    alerts.raise_alert(alerts.REVERSAL, "a", order=order, reason="re_1: pending")
    alerts.settle("a", "decided")
    [told] = sections.alerts_about(person)
    assert told == {
        "what": f"Money of order {order.number} was given or taken back",
        "reason": "re_1: pending",
        "raised_at": "2017-02-03T11:00:00+00:00",
        "resolved_at": "2017-02-03T11:00:00+00:00",
        "note": "decided",
    }


def test_the_reason_of_an_alert_about_a_handover_is_left_out_because_it_names_another(
    shop, person, ada
):
    order = shop.make_order(ada)
    alerts.raise_alert(alerts.HANDED_OVER_UNPAID, "a", order=order, reason="to Bea Roy")
    [told] = sections.alerts_about(person)
    assert (told["reason"], order.number in told["what"]) == ("", True)
    assert Alert.objects.get().reason == "to Bea Roy"


@pytest.mark.parametrize(
    ("value", "text"),
    [(date(2017, 2, 3), "2017-02-03"), (NOON, "2017-02-03T11:00:00+00:00"), (None, None)],
)
def test_days_and_moments_are_iso_text(value, text):
    assert sections.iso(value) == text
