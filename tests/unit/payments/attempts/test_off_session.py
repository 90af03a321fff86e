"""A member who is not there is charged once at most, and a "no" always comes in time."""

import pytest
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, gateway
from oscar_subscriptions.payments.attempts import hosted, off_session
from oscar_subscriptions.payments.provider import client, customers, intents
from tests.unit.payments.hosted import keep_card

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")

DECLINED_LATER = "4000000000000341"
PAID, PENDING = gateway.Charge(gateway.PAID), gateway.Charge(gateway.PENDING)
GIVEN_UP = gateway.Charge(gateway.GIVEN_UP)


@pytest.fixture
def order(shop, standin):
    """An order that is to be charged; no payment method is kept."""
    order = shop.make_order(shop.make_user())
    hosted.begin(order, "off-session")
    return order


def keep(standin, order, card="4242424242424242"):
    ids = keep_card(standin, card)
    StoredPaymentMethod.objects.create(
        user=order.user,
        livemode=False,
        customer_id=ids["customer"],
        payment_method_id=ids["payment_method"],
    )


@pytest.fixture
def kept(standin, order):
    """``order``, and a card is kept."""
    keep(standin, order)
    return order


def yes():
    return True


def no():
    return False


def begun(order):
    """Let the payment of ``order`` be made, and its process die before it is confirmed."""

    def die():
        raise SystemExit

    with pytest.raises(SystemExit):
        off_session.charge_order(order, die)
    return Attempt.objects.get()


def payments(order):
    """The payments of ``order`` that the provider knows."""
    found = client.connect().v1.payment_intents.list({"limit": 100})
    return [one for one in found if one["description"] == order.number]


def state_at_provider():
    return intents.fetch_intent(Attempt.objects.get().payment_intent_id)["status"]


def test_a_charge_gives_the_term_and_is_made_once_however_often_it_is_asked(kept):
    for _ in range(2):
        assert off_session.charge_order(kept, yes) == PAID
    assert fulfilment.term_of(kept) is not None
    intent = intents.fetch_intent(Attempt.objects.get().payment_intent_id)
    assert (intent["amount_received"], intent["description"]) == (24_000, kept.number)
    assert intent["metadata"]["order"] == kept.number


def test_the_provider_is_told_the_present_address_before_it_writes_of_a_charge(kept):
    kept.user.email = "moved@example.com"
    kept.user.save()
    off_session.charge_order(kept, yes)
    customer = StoredPaymentMethod.objects.get().customer_id
    assert client.connect().v1.customers.retrieve(customer).email == "moved@example.com"


def test_a_no_before_the_bank_is_asked_ends_the_payment(kept):
    assert off_session.charge_order(kept, no) == GIVEN_UP
    assert state_at_provider() == "canceled"
    assert off_session.charge_order(kept, yes) == GIVEN_UP
    assert fulfilment.term_of(kept) is None


def test_a_bank_that_refuses_is_told_by_its_word_and_not_asked_again(standin, order):
    keep(standin, order, DECLINED_LATER)
    for _ in range(2):
        charge = off_session.charge_order(order, yes)
        assert (charge.status, charge.problem) == (gateway.REFUSED, "generic_decline")
    assert state_at_provider() == "canceled"


def test_without_a_means_of_payment_nobody_is_asked(order):
    charge = off_session.charge_order(order, yes)
    assert (charge.status, charge.problem) == (gateway.REFUSED, "No payment method is kept.")
    assert Attempt.objects.get().payment_intent_id == ""


def test_a_means_that_the_provider_does_not_know_any_more_is_a_refusal(kept):
    customers.delete_customer(StoredPaymentMethod.objects.get().customer_id)
    assert off_session.charge_order(kept, yes).status == gateway.REFUSED
    assert Attempt.objects.get().status == "expired"


def test_an_order_that_nobody_began_to_charge_is_given_up(shop, standin):
    order = shop.make_order(shop.make_user())
    hosted.begin(order)
    assert off_session.charge_order(order, yes) == GIVEN_UP
    assert Attempt.objects.get().status == "open"


def test_an_attempt_of_the_other_mode_is_given_up_before_any_bank_is_asked(kept):
    Attempt.objects.update(livemode=True)
    assert off_session.charge_order(kept, yes) == GIVEN_UP
    assert Attempt.objects.get().payment_intent_id == ""


@pytest.mark.parametrize("path", ["payment_intents$", "confirm$"])
@pytest.mark.parametrize("lose", ["before", "after"])
def test_after_silence_the_same_payment_goes_on(kept, standin, monkeypatch, path, lose):
    monkeypatch.setattr(client, "NETWORK_RETRIES", 0)
    standin.fault(path=path, method="POST", lose=lose)
    with pytest.raises(client.ProviderUnavailableError):
        off_session.charge_order(kept, yes)
    assert off_session.charge_order(kept, yes) == PAID
    assert len(payments(kept)) == 1


def test_what_is_closed_before_the_provider_knew_of_it_is_never_charged(kept):
    attempt = Attempt.objects.get()
    assert off_session.close_order(attempt).status == "expired"
    assert off_session.charge_order(kept, yes) == GIVEN_UP
    assert Attempt.objects.get().payment_intent_id == ""


def test_what_is_closed_before_it_is_confirmed_is_cancelled_at_the_provider(kept):
    assert off_session.close_order(begun(kept)).status == "expired"
    assert state_at_provider() == "canceled"
    assert off_session.charge_order(kept, yes) == GIVEN_UP


def test_what_had_been_charged_before_it_is_closed_is_paid(kept):
    attempt = begun(kept)
    intents.confirm_intent(attempt.payment_intent_id, "confirm")
    assert off_session.close_order(attempt).status == "paid"
    assert fulfilment.term_of(kept) is not None


def test_silence_closes_nothing(kept, standin):
    attempt = begun(kept)
    standin.fault(status=429)
    with pytest.raises(client.ProviderUnavailableError):
        off_session.close_order(attempt)
    assert Attempt.objects.get().status == "open"


def test_a_payment_that_was_given_up_while_it_was_made_is_not_left_behind(kept, monkeypatch):
    create = intents.create_intent

    def slow(params, key):
        intent = create(params, key)
        off_session.close_order(Attempt.objects.get())
        return intent

    monkeypatch.setattr(intents, "create_intent", slow)
    assert off_session.charge_order(kept, yes) == GIVEN_UP
    [made] = payments(kept)
    assert made["status"] == "canceled"


def test_of_two_payments_made_at_once_the_one_that_is_stored_first_stands(kept, monkeypatch):
    create, made = intents.create_intent, []

    def slow(params, key):
        made.extend(create(params, each) for each in (key, "another process"))
        Attempt.objects.update(payment_intent_id=made[1].id)
        return made[0]

    monkeypatch.setattr(intents, "create_intent", slow)
    assert off_session.charge_order(kept, yes) == PENDING
    assert Attempt.objects.get().payment_intent_id == made[1].id
    states = [intents.fetch_intent(one.id)["status"] for one in made]
    assert states == ["canceled", "requires_confirmation"]


@pytest.mark.parametrize("status", ["expired", "cancelled"])
def test_what_was_closed_meanwhile_stays_closed_and_the_provider_is_not_asked(
    order, standin, status
):
    stale = Attempt.objects.get()
    Attempt.objects.update(status=status)
    standin.fault(status=500, times=None)
    assert off_session.close_order(stale).status == status


def test_what_is_closed_between_the_last_question_and_the_charge_is_no_refusal(kept):
    def closed_then():
        off_session.close_order(Attempt.objects.get())
        return True

    assert off_session.charge_order(kept, closed_then) == GIVEN_UP
    assert Attempt.objects.get().problem == ""
