"""An alert offers on its page what settles it, and the action leads back there."""

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, fulfilment
from oscar_subscriptions.dashboard.actions.registry import ACTIONS
from oscar_subscriptions.dashboard.alerts import answers
from oscar_subscriptions.fulfilment import handovers, ledger
from oscar_subscriptions.mail import hooks
from tests.functional import pages
from tests.functional.dashboard import acting

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")


@pytest.fixture
def term(shop):
    """A paid term of Ada Martin."""
    user = shop.make_user("ada", first_name="Ada", last_name="Martin")
    order = shop.make_order(user)
    Attempt.objects.create(
        order=order, amount=24000, received=24000, currency="EUR", status="paid",
        session_id="cs_test_1", payment_intent_id="pi_1",
    )  # fmt: skip
    return fulfilment.order_paid(order).term


def raised(kind, term, **facts):
    order = term.order_line.order
    alerts.raise_alert(kind, "key", order=order, subscription=term.subscription, **facts)
    return Alert.objects.get()


def offered(operator, alert):
    return [offer.name for offer in answers.answers(operator, alert)]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (alerts.ORDER_REFUSED, ["subscription-ask-provider", "subscription-give"]),
        (alerts.REVERSAL, ["term-suspend", "term-revoke", "subscription-ask-provider"]),
        (alerts.DISPUTE, ["subscription-ask-provider", "term-suspend", "term-revoke"]),
        (alerts.NOT_APPLIED, ["subscription-ask-provider"]),
        (alerts.NOT_PAYABLE, ["subscription-ask-provider", "subscription-give"]),
        (alerts.DAYS_SOLD_AGAIN, ["subscription-give"]),
        (alerts.GIVEN_UP, ["subscription-give"]),
        (alerts.CREDIT_UNPAID, ["term-revoke"]),
        (alerts.PROVIDER_KEY, []),
        (alerts.MAIL_MISTAKE, []),
    ],
)
def test_each_kind_offers_what_may_settle_it(operator, term, kind, names):
    found = offered(operator, raised(kind, term))
    assert [name for name in found if name != answers.REFUND] == names


def test_every_kind_has_an_answer_or_settles_itself():
    itself = {
        alerts.PROVIDER_KEY,
        alerts.CUSTOMER_KEPT,
        alerts.UNCLAIMED_PAYMENT,
        alerts.MAIL_MISTAKE,
    }
    assert answers.ANSWERS.keys() | itself == alerts.KINDS.keys()
    offered = {name for names in answers.ANSWERS.values() for name in names}
    assert offered <= ACTIONS.keys()


@pytest.mark.parametrize(
    ("happened", "name"), [(ledger.revoke, "term-restore"), (ledger.suspend, "term-resume")]
)
@pytest.mark.parametrize("kind", [alerts.REVERSAL_ENDED, alerts.PAID_AGAIN])
def test_money_that_is_back_offers_the_term_back(operator, term, kind, happened, name):
    happened(term, reason="disputed")
    assert name in offered(operator, raised(kind, term))


def test_days_that_were_handed_over_are_revoked_where_they_are_now(shop, operator, term):
    [new] = handovers.hand_over(
        term.subscription, shop.make_user("bea"), reason="gift", actor=operator
    )
    alerts.raise_alert(
        alerts.HANDED_OVER_UNPAID,
        "key",
        order=term.order_line.order,
        subscription=new.subscription,
    )
    [offer] = answers.answers(operator, Alert.objects.get())
    assert offer.url.startswith(acting.address("term-revoke", pk=new.pk))


def test_fault_92_a_paid_order_that_was_cancelled_asks_which_was_meant(desk, operator, term):
    order = term.order_line.order
    get_model("order", "Order").objects.update(status=conf.settings.CANCELLED_STATUS)
    alert = raised(alerts.PAID_AND_CANCELLED, term)
    url = reverse("subscriptions-dashboard:alert-detail", args=[alert.pk])
    page = desk.get(url)
    assert "Which of the two was meant?" in pages.text(page)
    names = [name for name in offered(operator, alert) if name != answers.REFUND]
    assert names == ["subscription-show-paid", "term-revoke"]
    [show_paid] = [
        offer.url
        for offer in answers.answers(operator, alert)
        if offer.name == "subscription-show-paid"
    ]
    _found, there = acting.carry_out(desk, show_paid)
    assert there.redirect_chain == [(url, 302)]
    order.refresh_from_db()
    assert order.status == conf.settings.PAID_STATUS


def test_a_mail_that_can_not_be_delivered_is_sent_again(desk, operator, term):
    row = OutboxMail.objects.filter(user=term.subscription.user).first()
    OutboxMail.objects.filter(pk=row.pk).update(tries=30, last_error="no such mailbox")
    row.refresh_from_db()
    hooks.Hooks.reporter.undeliverable(row)
    [offer] = answers.answers(operator, Alert.objects.get())
    assert offer.name == "subscription-send-again"
    assert desk.get(offer.url).status_code == 200


def test_an_answer_leads_back_to_its_alert(desk, operator, term):
    alert = raised(alerts.REVERSAL, term)
    suspend = answers.answers(operator, alert)[0]
    page = desk.get(reverse("subscriptions-dashboard:alert-detail", args=[alert.pk]))
    assert suspend.url in page.content.decode()
    _found, there = acting.carry_out(desk, suspend.url)
    assert there.resolver_match.url_name == "alert-detail"
    assert "The term is suspended." in pages.text(there)


@pytest.mark.parametrize("alert", ["", "x", "-1", "9" * 5000, "１", "../"])
def test_what_is_no_number_of_an_alert_leads_to_the_subscription(desk, term, alert):
    url = acting.address("term-suspend", pk=term.pk)
    page = desk.get(url, {"alert": alert})
    detail = acting.address("subscription-detail", pk=term.subscription_id)
    assert pages.soup(page).find("a", string="Cancel")["href"] == detail


def test_a_resolved_alert_offers_nothing(desk, operator, term):
    alert = raised(alerts.REVERSAL, term)
    alerts.resolve(alert, actor=operator, note="done")
    page = desk.get(reverse("subscriptions-dashboard:alert-detail", args=[alert.pk]))
    assert pages.soup(page).find(id="answers") is None


def test_the_start_page_of_the_dashboard_says_how_many_are_open(desk, client, shop, term):
    url = reverse("dashboard:index")
    assert pages.soup(desk.get(url)).find(id="open_alerts") is None
    raised(alerts.REVERSAL, term)
    assert "Subscriptions: 1 alert is open" in pages.text(desk.get(url))
    client.force_login(shop.make_operator("staff", ""))
    assert pages.soup(client.get(url)).find(id="open_alerts") is None
