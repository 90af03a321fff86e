"""Money goes back for days that went elsewhere: operators are told, and no term is touched."""

from datetime import date

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, conf, fulfilment, journal
from oscar_subscriptions.fulfilment import handovers, ledger
from oscar_subscriptions.payments.reconciliation.provider_state import ReportedReversal
from oscar_subscriptions.payments.reversals import effects
from oscar_subscriptions.payments.reversals import policy as reversals_policy

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Term = get_model("oscar_subscriptions", "Term")

PRICE = 24_000
DAYS = 40

pytestmark = pytest.mark.django_db


def credit(subscription, plan, today):
    return DAYS


def no_days(subscription, plan, today):
    return 0


@pytest.fixture(autouse=True)
def today(time_machine, settings):
    time_machine.move_to("2017-02-03 12:00+01:00", tick=False)
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.credit"


@pytest.fixture
def operator(shop, today):
    return shop.make_user("operator", first_name="Olga", last_name="Petit", is_staff=True)


@pytest.fixture
def ada(shop, today):
    return shop.make_user("ada", first_name="Ada", last_name="Martin")


@pytest.fixture
def bea(shop, today):
    return shop.make_user("bea", first_name="Bea", last_name="Roy")


@pytest.fixture
def silver(shop, ada):
    return buy(shop, ada, shop.plan)


@pytest.fixture
def gold(shop, ada, silver):
    """What Ada has changed to: Silver was given up for 40 days."""
    plan = shop.make_plan("Gold")
    return buy(shop, ada, plan, changes=silver.subscription)


def buy(shop, user, plan, **change):
    order = shop.make_order(user, plan)
    shop.keep_consent(order, plan, **change)
    term = fulfilment.order_paid(order).term
    Attempt.objects.create(order=order, amount=PRICE, received=PRICE, currency="EUR", status="paid")
    return term


def report(term, status, kind="dispute", provider_id="dp_1"):
    """The provider says what has become of the payment of ``term``."""
    order = term.order_line.order
    attempts = list(order.subscription_attempts.all())
    before = effects.effect_on(attempts)
    said = ReportedReversal(provider_id, kind, status, PRICE, "EUR", status != "won")
    effects.apply_reversals(attempts, attempts[0], [said], before)


def refund(term, status="succeeded"):
    report(term, status, "refund", "re_1")


def hand_over(term, to, operator):
    [new] = handovers.hand_over(term.subscription, to, reason="gift", actor=operator)
    return new


def told():
    opened = Alert.objects.open().exclude(kind=alerts.DISPUTE)
    return list(opened.order_by("pk").values_list("kind", flat=True))


def now(term):
    return Term.objects.get(pk=term.pk)


# Handed over.


@pytest.mark.parametrize(
    ("happens", "words"),
    [
        (refund, "it would have been revoked: Silver: Feb. 3, 2017 – Feb. 3, 2018"),
        (lambda term: report(term, "needs_response"), "it would have been suspended: Silver"),
        (lambda term: report(term, "lost"), "it would have been revoked: Silver"),
    ],
    ids=["refund", "dispute", "lost"],
)
def test_days_that_were_handed_over_and_are_no_longer_paid_are_not_silent(
    silver, bea, operator, happens, words
):
    new = hand_over(silver, bea, operator)
    happens(silver)
    [alert] = Alert.objects.exclude(kind=alerts.DISPUTE)
    assert alert.kind == alerts.HANDED_OVER_UNPAID
    assert (alert.order, alert.subscription) == (silver.order_line.order, new.subscription)
    assert silver.order_line.order.number in alerts.title(alert)
    assert alerts.explanation(alert).startswith(
        "Ada Martin – Silver was handed over to Bea Roy – Silver: "
    )
    assert words in alerts.explanation(alert)
    assert now(new).is_valid
    assert now(silver).suspended_at is None


def test_days_that_were_handed_over_are_told_of_once(silver, bea, operator):
    hand_over(silver, bea, operator)
    for _ in range(3):
        refund(silver)
    assert Alert.objects.get().times == 1
    alerts.resolve(Alert.objects.get(), actor=operator, note="a gift all the same")
    refund(silver)
    assert told() == []


@pytest.mark.parametrize("policy", ["alert", "nothing"])
def test_a_policy_that_withdraws_nothing_asks_nobody_about_a_handover(
    silver, bea, operator, settings, policy
):
    settings.OSCAR_SUBSCRIPTIONS_FULL_REFUND_POLICY = policy
    hand_over(silver, bea, operator)
    refund(silver)
    assert alerts.HANDED_OVER_UNPAID not in told()


def test_days_that_were_handed_on_are_followed_to_who_has_them(shop, silver, bea, operator):
    there = hand_over(silver, bea, operator)
    cid = shop.make_user("cid", first_name="Cid", last_name="Roux")
    last = hand_over(there, cid, operator)
    refund(silver)
    alert = Alert.objects.get()
    assert alert.subscription == last.subscription
    assert "Bea Roy – Silver was handed over to Cid Roux – Silver" in alerts.explanation(alert)


def test_days_that_were_handed_over_and_taken_back_concern_nobody(silver, bea, operator):
    ledger.revoke(hand_over(silver, bea, operator), reason="returned", actor=operator)
    refund(silver)
    assert told() == []


def test_days_that_were_handed_over_and_are_over_concern_nobody(
    silver, bea, operator, time_machine
):
    hand_over(silver, bea, operator)
    time_machine.move_to("2018-02-04 12:00+01:00")
    refund(silver)
    assert told() == []


def test_a_dispute_that_goes_on_is_one_open_alert(silver, bea, operator):
    hand_over(silver, bea, operator)
    report(silver, "needs_response")
    report(silver, "lost")
    assert told() == [alerts.HANDED_OVER_UNPAID]
    assert "revoked" in alerts.text(Alert.objects.open().get())


@pytest.mark.parametrize(
    ("before", "after"),
    [("needs_response", "won"), ("lost", "won")],
)
def test_a_dispute_that_is_won_gives_nothing_back_to_who_had_handed_it_over(
    silver, bea, operator, before, after
):
    new = hand_over(silver, bea, operator)
    report(silver, before)
    report(silver, after)
    assert now(silver).revoked_at and now(new).is_valid
    assert told() == []


def test_a_refund_that_failed_gives_nothing_back_to_who_had_handed_it_over(silver, bea, operator):
    hand_over(silver, bea, operator)
    refund(silver, "pending")
    refund(silver, "failed")
    assert now(silver).revoked_at
    assert told() == [], "nothing is to be restored here"


def test_money_that_stands_again_after_an_operator_had_decided_is_not_silent(silver, bea, operator):
    new = hand_over(silver, bea, operator)
    refund(silver, "pending")
    ledger.revoke(new, reason="not paid", actor=operator)
    alerts.resolve(Alert.objects.get(), actor=operator, note="taken back")
    refund(silver, "failed")
    assert told() == [alerts.PAID_AGAIN]
    report(silver, "lost")
    assert alerts.PAID_AGAIN not in told()


def test_what_an_operator_gave_back_to_the_giver_follows_its_money_again(silver, bea, operator):
    new = hand_over(silver, bea, operator)
    ledger.revoke(new, reason="a mistake", actor=operator)
    ledger.restore(silver, reason="a mistake", actor=operator)
    report(silver, "needs_response")
    assert now(silver).suspended_at
    assert told() == []


# Credited.


def test_what_was_given_up_for_a_change_that_is_no_longer_paid_is_not_silent(silver, gold):
    refund(gold)
    [alert] = Alert.objects.all()
    assert (alert.kind, alert.subscription) == (alerts.GIVEN_UP, silver.subscription)
    assert alert.order == gold.order_line.order
    assert alerts.explanation(alert).splitlines() == [
        "Ada Martin – Silver, Feb. 3, 2017 – Feb. 3, 2018, was given up for the credit of 40 days "
        "to Ada Martin – Gold.",
        "That one is revoked: Gold: Feb. 3, 2017 – March 15, 2018.",
        "re_1 succeeded",
    ]
    assert now(gold).revoked_at and now(silver).revoked_at


def test_every_term_that_was_given_up_is_named(shop, ada, silver):
    buy(shop, ada, shop.plan)
    gold = buy(shop, ada, shop.make_plan("Gold"), changes=silver.subscription)
    refund(gold)
    assert alerts.text(Alert.objects.get()).count("was given up") == 2


def test_a_change_that_took_nothing_away_asks_nobody(shop, ada, silver, settings):
    settings.OSCAR_SUBSCRIPTIONS_CREDIT_POLICY = f"{__name__}.no_days"
    gold = buy(shop, ada, shop.make_plan("Gold"), changes=silver.subscription)
    refund(gold)
    assert told() == [] and now(silver).is_valid


def test_credited_days_whose_money_went_back_are_not_silent(silver, gold):
    refund(silver)
    [alert] = Alert.objects.all()
    assert (alert.kind, alert.subscription) == (alerts.CREDIT_UNPAID, gold.subscription)
    assert "was given up for the credit of 40 days" in alerts.explanation(alert)
    assert "would have been revoked: Silver: Feb. 3, 2017 – Feb. 3, 2018" in alerts.explanation(
        alert
    )
    assert now(gold).is_valid


@pytest.mark.parametrize("bring_back", ["provider", "gateway"])
def test_what_was_given_up_for_a_credit_does_not_come_back_when_a_refund_fails(
    silver, gold, bring_back
):
    if bring_back == "provider":
        refund(silver, "pending")
        refund(silver, "failed")
    else:
        fulfilment.restore(silver, reason="re_1 failed")
    assert now(silver).revoked_at
    assert told() == []


def test_an_operator_may_bring_back_what_was_given_up(silver, gold, operator):
    ledger.restore(silver, reason="goodwill", actor=operator)
    assert now(silver).is_valid


def test_a_change_of_a_change_is_followed_to_the_last_plan(shop, ada, silver, gold):
    last = buy(shop, ada, shop.make_plan("Platinum"), changes=gold.subscription)
    assert told() == []
    refund(gold)
    assert told() == [alerts.CREDIT_UNPAID]
    assert Alert.objects.get().subscription == last.subscription


def test_both_subscriptions_have_the_credit_in_their_history(silver, gold):
    here, there = (term.journal.get(kind=journal.CREDITED) for term in (silver, gold))
    days = {"from": str(conf.today()), "to": str(date(2018, 2, 3)), "days": DAYS}
    assert here.detail == days | {"became": gold.pk}
    assert there.detail == days | {"term": silver.pk}


def test_money_that_never_bought_what_moved_asks_nobody(silver):
    refund(silver)
    assert told() == [] and now(silver).revoked_at
    assert (
        effects.effect_on(silver.order_line.order.subscription_attempts.all())
        == reversals_policy.REVOKED
    )
