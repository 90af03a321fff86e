"""An operator sells for a member: finds the account, chooses the plan, and sends the link."""

import pytest
from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, journal
from oscar_subscriptions.plans import order_links
from tests.functional import pages
from tests.functional.dashboard import acting

Basket = get_model("basket", "Basket")
Line = get_model("basket", "Line")
Order = get_model("order", "Order")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Plan = get_model("oscar_subscriptions", "Plan")

pytestmark = pytest.mark.django_db(transaction=True)

SEARCH = "subscriptions-dashboard:subscription-sell"


@pytest.fixture
def member(shop):
    return shop.make_user("ada", first_name="Ada", last_name="Martin")


@pytest.fixture
def url(member):
    return acting.address("subscription-sell-to", account=member.pk)


def chosen(shop, language="en"):
    return {"plan": shop.plan.pk, "language": language}


def plans_offered(desk, url):
    return [option.get_text() for option in pages.soup(desk.get(url)).select("#id_plan option")][1:]


def test_the_member_is_found_and_chosen(desk, member, url):
    page = desk.get(reverse(SEARCH), {"q": "mart"})
    assert pages.soup(page).find("a", href=url).get_text() == member.email
    assert "No open account begins like this." in pages.text(desk.get(reverse(SEARCH), {"q": "x"}))
    assert "begins like this" not in pages.text(desk.get(reverse(SEARCH)))


def test_the_preview_tells_price_days_and_mail_and_does_nothing(
    desk, shop, member, url, time_machine
):
    time_machine.move_to("2026-11-27T12:00:00+01:00")
    found = acting.effects(desk.post(url, chosen(shop)))
    offered, told = found
    assert offered == (
        "Nothing is ordered. Today “Silver” costs the member €240.00 incl. tax, "
        "from Nov. 27, 2026 to Nov. 27, 2027."
    )
    assert told == "This e-mail goes out to ada@example.com: Your link to order “Silver”"
    assert not OutboxMail.objects.exists() and not mail.outbox
    assert not Basket.objects.filter(owner=member).exists()


def test_the_link_is_sent_once_and_shown_to_copy(desk, operator, shop, member, url):
    page = desk.post(url, chosen(shop))
    done = acting.confirm(desk, url, page)
    row = OutboxMail.objects.get(kind=order_links.ORDER_LINK)
    link = order_links.link_of(row)
    assert pages.soup(done).find("textarea").get_text().strip() == link.url
    assert "Olga Petit" in pages.text(done) and member.email in pages.text(done)
    [message] = mail.outbox
    assert message.to == [member.email] and link.url in message.body
    again = acting.confirm(desk, url, page)
    assert "was sent to the member today" in pages.text(again)
    shown = acting.address("subscription-sell-link", pk=row.pk)
    assert pages.soup(again).find("a", href=shown)
    assert len(mail.outbox) == 1
    assert not Order.objects.exists() and not Line.objects.exists()


def test_what_the_preview_showed_is_not_sent_if_the_price_has_changed(desk, shop, url):
    page = desk.post(url, chosen(shop))
    shop.plan.product.stockrecords.update(price=250)
    changed = acting.confirm(desk, url, page)
    assert pages.soup(changed).find(id="changed_meanwhile")
    assert "costs the member €300.00 incl. tax," in acting.effects(changed)[0]
    assert not OutboxMail.objects.exists()


def test_the_journal_of_a_subscription_tells_who_sent_it(desk, operator, shop, member, url):
    subscription = shop.grant(member).subscription
    acting.confirm(desk, url, desk.post(url, chosen(shop)))
    assert subscription.journal.get(kind=journal.ORDER_LINK_SENT).actor == operator
    detail = acting.address("subscription-detail", pk=subscription.pk)
    assert "Link to order sent" in pages.text(desk.get(detail))


@pytest.mark.parametrize("known", ["", "fr"])
def test_the_mail_is_in_the_language_that_the_operator_leaves_or_chooses(
    desk, shop, member, url, known
):
    if known:
        subscription = shop.grant(member, shop.make_plan("Gold")).subscription
        subscription.language = known
        subscription.save()
    option = pages.soup(desk.get(url)).select_one("#id_language option[selected]")
    assert option["value"] == (known or "en")
    acting.confirm(desk, url, desk.post(url, chosen(shop, "fr")))
    assert mail.outbox[-1].subject == "Votre lien pour commander «\u00a0Silver\u00a0»"


def test_who_has_no_address_gets_no_link(desk, shop, member, url):
    member.email = ""
    member.save()
    assert "The member has no e-mail address." in pages.text(desk.post(url, chosen(shop)))


def test_only_what_the_member_may_buy_is_offered(desk, shop, member, url):
    gold = shop.make_plan("Gold")
    assert plans_offered(desk, url) == ["Gold", "Silver"]
    Plan.objects.filter(pk=gold.pk).update(is_on_sale=False, is_renewable=True)
    assert plans_offered(desk, url) == ["Silver"]
    shop.grant(member, gold)
    assert plans_offered(desk, url) == ["Gold", "Silver"]
    Plan.objects.update(is_on_sale=False, is_renewable=False)
    page = desk.post(url, chosen(shop))
    assert "Select a valid choice" in pages.text(page)


def test_a_suspended_subscription_is_settled_first(desk, shop, member, url):
    fulfilment.suspend(shop.grant(member), reason="disputed")
    page = desk.post(url, chosen(shop))
    assert "is suspended. Settle that first." in pages.text(page)


def test_without_a_price_there_is_nothing_to_sell(desk, shop, url):
    shop.plan.product.stockrecords.update(price=None)
    page = desk.post(url, chosen(shop))
    assert "The shop has no price of this plan for this member." in pages.text(page)


def test_another_mail_has_no_link_to_copy(desk, shop, member):
    fulfilment.order_paid(shop.make_order(member))
    other = OutboxMail.objects.exclude(kind=order_links.ORDER_LINK).first()
    assert other is not None
    shown = acting.address("subscription-sell-link", pk=other.pk)
    assert desk.get(shown).status_code == 404


def test_who_may_only_read_sells_nothing(client, shop, url):
    client.force_login(shop.make_operator("reader", "read"))
    assert client.get(url).status_code == client.get(reverse(SEARCH)).status_code == 403
    assert reverse(SEARCH) not in client.get(reverse("dashboard:index")).content.decode()
