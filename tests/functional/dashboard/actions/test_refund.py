"""A payment is refunded, whole or in part, once, and its term follows the shop's settings."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import journal
from oscar_subscriptions.payments.reconciliation.reconcile import reconcile
from tests.bank import PRICE, Payment
from tests.functional import pages
from tests.functional.dashboard import acting

Alert = get_model("oscar_subscriptions", "Alert")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def payment(shop, standin):
    """A payment of €240 that gave a term. No webhook tells of what follows."""
    payment = Payment(shop, standin)
    standin.pay(payment.session)
    reconcile(payment.attempt)
    assert payment.state == "valid"
    return payment


@pytest.fixture
def url(payment):
    number = payment.order.number
    return acting.address("subscription-refund", pk=payment.term.subscription_id, number=number)


def values(payment, **more):
    return {"payment": str(payment.attempt.reference), "amount": "", **more}


def test_half_is_refunded_and_the_term_goes_on(desk, operator, payment, url):
    found, page = acting.carry_out(desk, url, **values(payment, amount="120"))
    assert found[0] == "€120.00 go back to the member; €120.00 are left then."
    assert found[1].startswith("This alert is raised: Money of order")
    assert "The refund is under way." in pages.text(page)
    assert payment.reversals == [("refund", "succeeded", PRICE // 2)]
    assert payment.state == "valid" and len(payment.alerts) == 1
    entry = payment.term.subscription.journal.get(kind=journal.REFUND_ORDERED)
    assert (entry.actor, entry.reason, entry.detail["amount"]) == (operator, "Ada called", "120")


def test_without_an_amount_all_that_is_left_goes_back_and_the_term_is_revoked(desk, payment, url):
    acting.carry_out(desk, url, **values(payment, amount="120"))
    found, _page = acting.carry_out(desk, url, **values(payment))
    assert found[0] == "€120.00 go back to the member; nothing is left then."
    assert any(words.startswith("Revoked: Silver") for words in found)
    assert payment.state == "revoked"
    assert [amount for *_kind, amount in payment.reversals] == [PRICE // 2, PRICE // 2]
    assert "Nothing of this order can be refunded here." in pages.text(desk.get(url))


@pytest.mark.parametrize("policy", ["revoke", "suspend", "alert", "nothing"])
def test_the_preview_says_what_the_settings_say(desk, payment, url, settings, policy):
    settings.OSCAR_SUBSCRIPTIONS_FULL_REFUND_POLICY = policy
    found, _page = acting.carry_out(desk, url, **values(payment))
    said = {
        "revoke": "Revoked: Silver",
        "suspend": "Suspended: Silver",
        "alert": "This alert is raised",
        "nothing": None,
    }
    seen = [words for words in found[1:] if "e-mail" not in words and "Last day" not in words]
    assert (payment.state, bool(seen)) == (
        {"revoke": "revoked", "suspend": "suspended"}.get(policy, "valid"),
        policy != "nothing",
    )
    assert said[policy] is None or any(words.startswith(said[policy]) for words in found)


def test_a_preview_refunds_nothing(desk, payment, url, standin):
    acting.preview(desk, url, **values(payment))
    assert payment.state == "valid" and not Reversal.objects.exists()
    assert reconcile(payment.attempt).effect == ""
    assert not Reversal.objects.exists()


@pytest.mark.parametrize("policy", ["alert", "nothing", "suspend"])
def test_two_clicks_refund_once(desk, payment, url, settings, policy):
    """Also where nothing but the payment changes, so that both clicks mean the same."""
    settings.OSCAR_SUBSCRIPTIONS_PARTIAL_REFUND_POLICY = policy
    page = acting.preview(desk, url, **values(payment, amount="100"))
    acting.confirm(desk, url, page)
    again = acting.confirm(desk, url, page)
    assert pages.soup(again).find(id="changed_meanwhile")
    assert [amount for *_kind, amount in payment.reversals] == [10_000]


@pytest.mark.parametrize("amount", ["100", "60"])
def test_two_operators_who_see_the_same_refund_once(desk, payment, url, settings, amount):
    """The second process has looked before the first has written what the provider said."""
    settings.OSCAR_SUBSCRIPTIONS_PARTIAL_REFUND_POLICY = "nothing"
    first = acting.preview(desk, url, **values(payment, amount="100"))
    second = acting.preview(desk, url, **values(payment, amount=amount))
    acting.confirm(desk, url, first)
    Reversal.objects.all().delete()
    page = acting.confirm(desk, url, second)
    assert "nothing went back now. A colleague was faster" in pages.text(page)
    assert payment.reversals == [("refund", "succeeded", 10_000)]


@pytest.mark.parametrize("hears", [False, True])
def test_a_lost_answer_and_a_second_try_refund_once(desk, payment, url, standin, settings, hears):
    """Whether the shop has heard of it between the two, or not."""
    settings.OSCAR_SUBSCRIPTIONS_PARTIAL_REFUND_POLICY = "nothing"
    standin.fault(lose="after", path="refunds$", method="POST", times=2)
    page = acting.preview(desk, url, **values(payment, amount="100"))
    unknown = acting.confirm(desk, url, page)
    assert "it is not known whether the money went back" in pages.text(unknown)
    if hears:
        reconcile(payment.attempt)
    again = acting.confirm(desk, url, page)
    if hears:
        assert pages.soup(again).find(id="changed_meanwhile")
    else:
        assert "an earlier try has succeeded after all" in pages.text(again)
    assert payment.reversals == [("refund", "succeeded", 10_000)]


def test_an_answer_that_got_lost_on_the_way_there_is_asked_for_again(desk, payment, url, standin):
    standin.fault(lose="before", path="refunds$", method="POST", times=2)
    page = acting.preview(desk, url, **values(payment, amount="100"))
    assert "it is not known" in pages.text(acting.confirm(desk, url, page))
    assert payment.reversals == []
    assert "The refund is under way." in pages.text(acting.confirm(desk, url, page))
    assert payment.reversals == [("refund", "succeeded", 10_000)]


def test_a_refund_stands_if_the_provider_falls_silent_after_it(desk, payment, url, standin):
    page = acting.preview(desk, url, **values(payment))
    # It tells what is left, refunds, and is then gone until the next run.
    standin.fault(status=500, method="GET", path="checkout/sessions", skip=1, times=3)
    assert "The refund is under way." in pages.text(acting.confirm(desk, url, page))
    assert payment.reversals == [] and payment.attempt.is_due
    standin.control("faults", "DELETE")
    reconcile(payment.attempt)
    assert payment.state == "revoked"


def test_a_webhook_that_comes_later_changes_nothing_more(desk, payment, url):
    acting.carry_out(desk, url, **values(payment))
    kinds = list(payment.term.subscription.journal.values_list("kind", flat=True))
    assert kinds.count(journal.TERM_REVOKED) == 1
    reconcile(payment.attempt)
    assert list(payment.term.subscription.journal.values_list("kind", flat=True)) == kinds


def test_what_was_refused_once_is_asked_again_and_not_remembered(desk, payment, url, standin):
    """Stripe keeps a refusal with its key for a day; the balance is topped up in a minute."""
    page = acting.preview(desk, url, **values(payment))
    standin.control("settings", balance_is_empty=True)
    for _again in range(2):
        assert "The provider refuses the refund" in pages.text(acting.confirm(desk, url, page))
    standin.control("settings", balance_is_empty=False)
    assert "The refund is under way." in pages.text(acting.confirm(desk, url, page))
    assert payment.state == "revoked"


def test_what_the_provider_refuses_is_said_in_its_words(desk, operator, payment, url, standin):
    page = acting.preview(desk, url, **values(payment))
    standin.control("settings", balance_is_empty=True)
    refused = pages.text(acting.confirm(desk, url, page))
    assert "The provider refuses the refund, and nothing went back: Insufficient" in refused
    assert payment.state == "valid"
    entry = payment.term.subscription.journal.get(kind=journal.REFUND_REFUSED)
    assert (entry.actor, entry.reason[:12]) == (operator, "Insufficient")


def test_what_went_back_in_the_providers_dashboard_is_not_refunded_again(
    desk, payment, url, standin
):
    page = acting.preview(desk, url, **values(payment, amount="100"))
    # The shop does not know yet.
    standin.control(f"charges/{payment.session}/refund", amount=5_000)
    assert "nothing went back now" in pages.text(acting.confirm(desk, url, page))
    assert payment.reversals == [("refund", "succeeded", 5_000)]


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("240.01", "Only €240.00 are left of it."),
        ("0", "greater than or equal to 0.01"),
        ("-5", "greater than or equal to 0.01"),
        ("1.005", "can’t be refunded exactly"),
        ("x", "Enter a number"),
        ("NaN", "Enter a number"),
    ],
)
def test_an_amount_that_makes_no_sense_is_refused(desk, payment, url, amount, said):
    page = acting.preview(desk, url, **values(payment, amount=amount))
    assert said in pages.text(page) and not Reversal.objects.exists()


def test_what_is_disputed_is_not_refunded_as_well(desk, payment, url, standin):
    standin.control(f"charges/{payment.session}/dispute")
    reconcile(payment.attempt)
    assert "Nothing of this order can be refunded here." in pages.text(desk.get(url))


def test_the_desk_may_not_refund(client, shop, payment, url):
    client.force_login(shop.make_operator("clerk", "desk"))
    assert client.get(url).status_code == 403
    detail = acting.address("subscription-detail", pk=payment.term.subscription_id)
    assert url not in client.get(detail).content.decode()


def test_a_gateway_that_can_not_refund_offers_nothing(desk, payment, url, settings):
    settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "tests.projects.stock.gateway.ByInvoice"
    assert "Nothing of this order can be refunded here." in pages.text(desk.get(url))
