"""A term is suspended, resumed, revoked and restored from its subscription's page."""

from datetime import timedelta

import pytest
from django.core import mail

from oscar_subscriptions import conf, fulfilment, journal, sellers
from oscar_subscriptions.fulfilment import ledger
from tests.functional import pages
from tests.functional.dashboard import acting


@pytest.fixture
def term(shop, time_machine):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    user = shop.make_user("ada", first_name="Ada", last_name="Martin")
    return fulfilment.order_paid(shop.make_order(user)).term


@pytest.fixture
def service(shop, term):
    return shop.make_service(sellers.get_seller(term.subscription.user))


def is_public(service):
    service.refresh_from_db()
    return service.is_public


def test_a_preview_says_what_will_change_and_changes_nothing(desk, term, service):
    url = acting.address("term-suspend", pk=term.pk)
    assert acting.effects(acting.preview(desk, url)) == [
        "Last day of Silver: none is left; before, it was Feb. 3, 2018.",
        "The member is no longer a seller; until now, that was until Feb. 3, 2018.",
        "Suspended: Silver, Feb. 3, 2017 – Feb. 3, 2018.",
        "1 service leaves the shop: “Coaching”.",
        "This e-mail goes out to ada@example.com: “Silver” is suspended",
    ]
    term.refresh_from_db()
    assert term.suspended_at is None and is_public(service)
    assert not term.journal.filter(kind=journal.TERM_SUSPENDED).exists()


def test_the_text_of_the_mail_can_be_read_before_it_leaves(desk, term):
    page = pages.soup(acting.preview(desk, acting.address("term-suspend", pk=term.pk)))
    assert "Hello Ada," in page.find("details").get_text()
    assert mail.outbox == []


def test_what_was_suspended_is_resumed_and_all_is_as_before(desk, operator, term, service):
    acting.carry_out(desk, acting.address("term-suspend", pk=term.pk))
    term.refresh_from_db()
    assert term.suspended_at is not None and not is_public(service)
    url = acting.address("term-resume", pk=term.pk)
    found, page = acting.carry_out(desk, url, reason="settled")
    assert "1 service comes back into the shop: “Coaching”." in found
    assert "The term counts again." in pages.text(page)
    term.refresh_from_db()
    assert term.suspended_at is None and is_public(service)
    entry = term.journal.get(kind=journal.TERM_RESTORED)
    assert (entry.actor, entry.reason) == (operator, "settled")


def test_what_was_revoked_is_restored_and_all_is_as_before(desk, term, service):
    acting.carry_out(desk, acting.address("term-revoke", pk=term.pk), tell="on")
    sellers.forget(term.subscription.user)
    assert not sellers.is_seller(term.subscription.user) and not is_public(service)
    acting.carry_out(desk, acting.address("term-restore", pk=term.pk))
    term.refresh_from_db()
    assert term.revoked_at is None and is_public(service)


@pytest.mark.parametrize("tell", [True, False])
def test_a_member_who_asked_for_it_need_not_be_told(desk, term, tell):
    url = acting.address("term-revoke", pk=term.pk)
    found, _page = acting.carry_out(desk, url, **({"tell": "on"} if tell else {}))
    assert any("e-mail goes out" in words for words in found) is tell


def test_days_that_were_sold_again_are_not_restored(desk, shop, term):
    ledger.revoke(term, reason="refunded")
    fulfilment.order_paid(shop.make_order(term.subscription.user))
    page = acting.preview(desk, acting.address("term-restore", pk=term.pk))
    assert "Its days were sold again since." in pages.text(page)
    assert not term.subscription.alerts.exists()


def test_a_second_click_does_nothing_a_second_time(desk, term):
    url = acting.address("subscription-extend", pk=term.subscription_id)
    page = acting.preview(desk, url, days="30")
    acting.confirm(desk, url, page)
    again = acting.confirm(desk, url, page)
    assert pages.soup(again).find(id="changed_meanwhile")
    assert term.subscription.terms.count() == 2


def test_what_somebody_else_did_meanwhile_is_seen_first(desk, term):
    url = acting.address("term-suspend", pk=term.pk)
    page = acting.preview(desk, url)
    ledger.revoke(term, reason="refunded")
    again = acting.confirm(desk, url, page)
    assert pages.soup(again).find(id="changed_meanwhile")
    term.refresh_from_db()
    assert term.suspended_at is None


def test_the_form_can_be_changed_after_the_preview(desk, term):
    url = acting.address("term-suspend", pk=term.pk)
    page = acting.preview(desk, url, reason="a typo")
    values = pages.form_values(page, "preview_form") | {"change": "1"}
    form = desk.post(url, values)
    assert pages.form_values(form, "action_form")["reason"] == "a typo"
    term.refresh_from_db()
    assert term.suspended_at is None


def test_without_a_reason_there_is_no_preview(desk, term):
    url = acting.address("term-suspend", pk=term.pk)
    assert "Please say why" in pages.text(acting.preview(desk, url, reason=" "))


def test_a_term_offers_what_makes_sense(desk, term, time_machine):
    url = acting.address("subscription-detail", pk=term.subscription_id)

    def offered():
        text = desk.get(url).content.decode()
        return [
            name
            for name in ("suspend", "resume", "revoke", "restore")
            if f'href="{acting.address(f"term-{name}", pk=term.pk)}"' in text
        ]

    assert offered() == ["suspend", "revoke"]
    ledger.suspend(term, reason="dispute")
    assert offered() == ["resume", "revoke"]
    ledger.revoke(term, reason="refunded")
    assert offered() == ["restore"]
    time_machine.move_to(term.covered_until + timedelta(days=2))

    assert term.covered_until < conf.today() and offered() == []
