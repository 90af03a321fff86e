"""A member is made nameless: names go, evidence stays; refused while money is open."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, journal, privacy, receipts, sellers
from oscar_subscriptions.mail.kinds import KINDS
from tests.functional import pages
from tests.rows import NAMES, our_rows

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
JournalEntry = get_model("oscar_subscriptions", "JournalEntry")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
ParkedListing = get_model("oscar_subscriptions", "ParkedListing")
PartnerAddress = get_model("partner", "PartnerAddress")
Product = get_model("catalogue", "Product")
Receipt = get_model("oscar_subscriptions", "Receipt")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")
Seller = get_model("oscar_subscriptions", "Seller")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


@pytest.fixture
def boss(shop):
    return shop.make_user("boss", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def lapsed(shop, member, client, order, standin, time_machine):
    """A member who paid, sold, and whose term is over since."""
    hosted = client.get(pages.pay_url(order)).url
    _, back, _ = standin.submit_card(hosted)
    client.get(back)
    seller = sellers.get_seller(member)
    shop.make_service(seller)
    shop.make_service(seller, "Withdrawn", is_public=False)
    PartnerAddress.objects.create(partner=seller.partner, line1="At home", country=shop.country)
    time_machine.move_to(timezone.now() + timedelta(days=400))
    return member


def anonymise(user, boss, **options):
    privacy.anonymise(user, reason="Asked on 3 May", actor=boss, **options)


def test_no_name_and_no_address_is_left_but_on_the_receipt(lapsed, boss):
    anonymise(lapsed, boss)
    rows = our_rows()
    assert "Ada Martin" in rows.pop("Receipt")
    found = [(model, name) for model, text in rows.items() for name in NAMES if name in text]
    assert found == []


def test_the_names_were_there_before_control(lapsed):
    rows = our_rows()
    rows.pop("Receipt")
    assert {"Subscription", "OutboxMail"} <= {
        model for model, text in rows.items() if any(name in text for name in NAMES)
    }


def test_the_evidence_is_kept(lapsed, boss, order):
    def evidence():
        rows = our_rows()
        return {name: rows[name] for name in ("Term", "Consent", "Attempt", "Receipt")}

    before, number = evidence(), receipts.issue(order).number
    anonymise(lapsed, boss)
    assert evidence() == before
    order.refresh_from_db()
    assert (order.user, order.billing_address.last_name) == (lapsed, "Martin")
    assert receipts.issue(order).number == number
    assert JournalEntry.objects.filter(kind=journal.TERM_STARTED).exists()


def test_the_journal_says_who_did_it_and_why(lapsed, boss):
    anonymise(lapsed, boss)
    line = JournalEntry.objects.get(kind=journal.ANONYMISED)
    assert (line.actor, line.reason) == (boss, "Asked on 3 May")


def test_the_seller_leaves_the_shop_for_good(lapsed, boss, client):
    partner = sellers.get_seller(lapsed).partner
    page = reverse("subscriptions:seller", args=[partner.code])
    assert client.get(page).status_code == 200
    call_command("subscriptions_run", verbosity=0)
    assert ParkedListing.objects.count() == 1
    anonymise(lapsed, boss)
    partner.refresh_from_db()
    assert partner.name == f"Consultant {sellers.get_seller(lapsed).pk}"
    assert partner.code.startswith("seller-")
    assert client.get(page).status_code == 404
    assert not partner.addresses.exists()
    assert not ParkedListing.objects.exists()
    assert not Product.objects.filter(stockrecords__partner=partner, is_public=True).exists()


def test_services_that_the_run_has_not_parked_yet_leave_as_well(lapsed, boss):
    assert Product.objects.filter(title="Coaching", is_public=True).exists()
    anonymise(lapsed, boss)
    assert not Product.objects.filter(title="Coaching", is_public=True).exists()


def test_an_e_mail_that_waits_is_not_sent_any_more(lapsed, boss, mailoutbox):
    OutboxMail.objects.update(sent_at=None)
    anonymise(lapsed, boss)
    assert not OutboxMail.objects.filter(user=lapsed).exists()


def test_an_alert_about_an_undelivered_e_mail_forgets_the_address(lapsed, boss):
    message = OutboxMail.objects.filter(user=lapsed).first()
    mail = alerts.mail_kind(message.kind)
    alerts.raise_alert(
        alerts.UNDELIVERED,
        f"undelivered-{message.pk}",
        detail={"lines": [alerts.line("undelivered", mail=mail, email=message.email)]},
        reason=f"order-confirmed {message.email}: SMTPRecipientsRefused",
    )
    anonymise(lapsed, boss)
    alert = Alert.objects.get()
    assert alert.reason == "order-confirmed –: SMTPRecipientsRefused"
    assert alerts.text(alert) == f"{KINDS[message.kind].name}, to –."


def test_done_twice_it_changes_nothing_more(lapsed, boss):
    anonymise(lapsed, boss)
    code = sellers.get_seller(lapsed).partner.code
    anonymise(lapsed, boss)
    assert Subscription.objects.get().member_name == f"#{Subscription.objects.get().pk}"
    assert Product.objects.filter(is_public=True, stockrecords__partner__code=code).count() == 0


# Either order with Oscar's own deletion.


def state():
    subscription = Subscription.objects.get()
    return {
        "user": subscription.user,
        "name": subscription.member_name,
        "email": subscription.member_email,
        "e-mails": sorted(OutboxMail.objects.values_list("email", flat=True)),
        "seller": Seller.objects.get().partner.name,
        "public": Product.objects.filter(is_public=True, subscription_plan=None).count(),
        "journal": sorted(
            (line.kind, json.dumps(line.detail, sort_keys=True))
            for line in JournalEntry.objects.all()
        ),
        "terms": Term.objects.count(),
        "receipts": Receipt.objects.count(),
    }


def test_anonymised_and_deleted_in_either_order_the_same_is_left(lapsed, boss, shop):
    from django.db import transaction

    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        anonymise(lapsed, boss)
        type(lapsed).objects.get(pk=lapsed.pk).delete()
        first = state()
        raise Undo
    type(lapsed).objects.get(pk=lapsed.pk).delete()
    assert state()["email"] == "member@example.com"
    anonymise(privacy.find("member@example.com", deleted=True), boss)
    assert state() == first
    assert first["seller"] == f"Consultant {Seller.objects.get().pk}"
    assert first["public"] == 0


def test_deleting_a_nameless_account_brings_its_name_back_nowhere(lapsed, boss):
    anonymise(lapsed, boss)
    type(lapsed).objects.get(pk=lapsed.pk).delete()
    rows = our_rows()
    rows.pop("Receipt")
    assert [(model, name) for model, text in rows.items() for name in NAMES if name in text] == []


def test_an_address_that_changed_before_the_account_was_deleted_is_left_nowhere(lapsed, boss):
    JournalEntry.objects.create(
        subscription=Subscription.objects.get(), kind="note", reason="wrote to member@example.com"
    )
    lapsed.email = "new@example.com"
    lapsed.save()
    lapsed.delete()
    anonymise(privacy.find("new@example.com", deleted=True), boss)
    rows = our_rows()
    assert "Ada Martin" in rows.pop("Receipt")
    names = (*NAMES, "new@example.com")
    assert [(model, name) for model, text in rows.items() for name in names if name in text] == []


def test_nobody_is_found_by_an_address_that_is_empty(lapsed, boss):
    anonymise(lapsed, boss)
    type(lapsed).objects.get(pk=lapsed.pk).delete()
    assert privacy.find("", deleted=True) is None


def test_a_deleted_account_with_open_money_is_refused_too(client, boss, order, standin):
    """Its orders have forgotten their member; the journal has not."""
    client.get(pages.pay_url(order))
    order.user.delete()
    person = privacy.find("member@example.com", deleted=True)
    with pytest.raises(privacy.RefusedError, match=f"order {order.number} is under way"):
        anonymise(person, boss)


# Refused.


def refusal(user, boss, **options):
    before = our_rows()
    with pytest.raises(privacy.RefusedError) as refused:
        anonymise(user, boss, **options)
    assert our_rows() == before
    return refused.value.reasons


def test_refused_while_a_term_runs_and_done_once_it_is_given_up(shop, boss):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    [reason] = refusal(seller.user, boss)
    assert reason.startswith("A term of “Silver” runs until ")
    anonymise(seller.user, boss, give_up_terms=True)
    assert Term.objects.get().revoked_at is not None
    assert not sellers.is_seller(type(seller.user).objects.get(pk=seller.user.pk))
    service.refresh_from_db()
    assert not service.is_public
    kinds = list(JournalEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[0] == journal.TERM_REVOKED
    assert kinds[-1] == journal.ANONYMISED


def test_refused_while_days_of_grace_or_a_later_term_are_left(shop, boss):
    user = shop.make_user()
    shop.grant(user, starts_on=conf.today() + timedelta(days=30))
    assert len(refusal(user, boss)) == 1


def test_refused_while_the_provider_s_page_is_open(client, boss, order, standin):
    client.get(pages.pay_url(order))
    reasons = refusal(order.user, boss, give_up_terms=True)
    assert f"A payment of order {order.number} is under way." in reasons


def test_refused_while_an_event_is_not_followed(lapsed, boss):
    Attempt.objects.mark_due()
    [reason] = refusal(lapsed, boss)
    assert "is under way" in reason


def test_refused_while_an_order_can_still_be_paid(shop, member, boss, order):
    Attempt.objects.update(status="expired")
    assert f"Order {order.number} waits for its payment. Cancel it first." in refusal(member, boss)


def test_refused_while_an_alert_is_open(lapsed, boss, order):
    alerts.raise_alert(alerts.REVERSAL, "a", order=order)
    [reason] = refusal(lapsed, boss)
    assert f"Money of order {order.number} was given or taken back" in reason
    alerts.settle("a", "decided")
    anonymise(lapsed, boss)


@pytest.mark.parametrize(
    ("status", "refused"),
    [("needs_response", True), ("new_to_us", True), ("won", False), ("lost", False)],
)
def test_refused_while_a_dispute_goes_on(lapsed, boss, status, refused):
    Reversal.objects.create(
        attempt=Attempt.objects.get(),
        provider_id="dp_1",
        kind="dispute",
        status=status,
        amount=24000,
        currency="EUR",
    )
    if refused:
        assert "is disputed" in refusal(lapsed, boss)[0]
    else:
        anonymise(lapsed, boss)


def test_refused_without_a_reason(lapsed, boss):
    with pytest.raises(privacy.RefusedError, match="Please give a reason"):
        privacy.anonymise(lapsed, reason=" ", actor=boss)


@pytest.fixture
def objection():
    """Stands for another app's; gone after the test."""

    @privacy.add_objection
    def has_a_book(person):
        yield f"{person.email} has a book of ours."

    yield has_a_book
    if has_a_book in privacy.anonymising._OBJECTIONS:
        privacy.anonymising._OBJECTIONS.remove(has_a_book)


def test_another_app_objects_once_and_nothing_was_erased_then(shop, boss, objection):
    user = shop.make_user()
    privacy.add_objection(objection)
    assert refusal(user, boss) == ["member@example.com has a book of ours."]
    privacy.anonymising._OBJECTIONS.remove(objection)
    anonymise(user, boss)


# The operator's door.


def command(*args):
    call_command("subscriptions_anonymise", *args, "--reason", "Asked", verbosity=0)


def test_the_command_does_it(lapsed, boss):
    command("member@example.com", "--actor", "boss")
    assert Subscription.objects.get().member_email == ""
    assert JournalEntry.objects.get(kind=journal.ANONYMISED).actor == boss


def test_the_command_gives_up_terms_when_told(shop, boss):
    user = shop.make_user()
    shop.grant(user)
    with pytest.raises(CommandError, match=r"Nothing was changed\.\nA term of “Silver” runs"):
        command("member", "--actor", "boss")
    command("member", "--actor", "boss", "--give-up-terms")
    assert Subscription.objects.get().member_email == ""


def test_the_command_finds_what_is_left_of_a_deleted_account(lapsed, boss):
    lapsed.delete()
    with pytest.raises(CommandError, match="No account"):
        command("member@example.com", "--actor", "boss")
    command("member@example.com", "--deleted", "--actor", "boss")
    assert Subscription.objects.get().member_email == ""


@pytest.mark.parametrize("actor", ["nobody", "member"])
def test_the_command_wants_a_member_of_staff(lapsed, boss, actor):
    with pytest.raises(CommandError, match="No member of staff"):
        command("member", "--actor", actor)


def test_rows_are_only_json(lapsed, boss):
    anonymise(lapsed, boss)
    assert json.dumps(privacy.export(lapsed))
