"""The API, asked by the real Stripe library."""

import time

import pytest
import stripe
from standin_support import client_of, session_params

from standin import errors, forms, money
from standin.testing import ControlError


def refused(call, *args, **options):
    """The Stripe error that ``call`` raises."""
    with pytest.raises(stripe.StripeError) as caught:
        call(*args, **options)
    return caught.value


# Sessions


def test_a_session_repeats_what_was_asked_for(client):
    session = client.v1.checkout.sessions.create(
        session_params(locale="fr", submit_type="pay", payment_method_types=["card"])
    )

    assert session.id.startswith("cs_test_")
    assert (session.amount_total, session.currency) == (10000, "eur")
    assert session.client_reference_id == "ref-1"
    assert session.metadata.to_dict() == {"order": "100001"}
    assert session.payment_method_types == ["card"]
    assert (session.locale, session.submit_type, session.livemode) == ("fr", "pay", False)
    assert session.expires_at - session.created == 24 * 3600


def test_the_total_is_the_sum_of_the_lines(client):
    def line(amount, quantity):
        price = {"currency": "EUR", "unit_amount": amount, "product_data": {"name": "x"}}
        return {"price_data": price, "quantity": quantity}

    session = client.v1.checkout.sessions.create(
        session_params(line_items=[line(1050, 2), line(1, 7)]) | {"expand": ["line_items"]}
    )

    assert session.amount_total == 2107
    assert [item.amount_total for item in session.line_items.data] == [2100, 7]
    listed = client.v1.checkout.sessions.line_items.list(session.id)
    assert [item.quantity for item in listed.data] == [2, 7]


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"colour": "red"}, "colour", "parameter_unknown"),
        ({"payment_intent_data": {"x": "y"}}, "payment_intent_data[x]", "parameter_unknown"),
        ({"success_url": ""}, "success_url", "parameter_missing"),
        ({"success_url": "/return"}, "success_url", "url_invalid"),
        ({"mode": "subscription"}, "mode", None),
        ({"line_items": ""}, "line_items", "parameter_missing"),
        ({"locale": "xx"}, "locale", None),
        ({"customer_email": "nobody"}, "customer_email", "email_invalid"),
        ({"client_reference_id": "x" * 201}, "client_reference_id", None),
        ({"metadata": {"key": "x" * 501}}, "metadata[key]", None),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(client, changes, param, code):
    error = refused(client.v1.checkout.sessions.create, session_params(**changes))

    assert isinstance(error, stripe.InvalidRequestError)
    assert (error.http_status, error.param, error.code) == (400, param, code)


@pytest.mark.parametrize(
    ("minutes", "fine"), [(29, False), (31, True), (1439, True), (1441, False)]
)
def test_a_session_lives_between_half_an_hour_and_a_day(client, minutes, fine):
    params = session_params(expires_at=int(time.time()) + minutes * 60)
    if fine:
        assert client.v1.checkout.sessions.create(params).expires_at == params["expires_at"]
    else:
        error = refused(client.v1.checkout.sessions.create, params)
        assert (error.http_status, error.param) == (400, "expires_at")


def test_a_session_expires_when_its_time_has_passed(pay_server, client):
    session = client.v1.checkout.sessions.create(session_params(expires_at=int(time.time()) + 1900))
    pay_server.submit_card(session.url, "4000000000000002")

    pay_server.advance(1901)

    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    intent = client.v1.payment_intents.list().data[0]
    assert (intent.status, intent.cancellation_reason) == ("canceled", "expired")
    assert pay_server.events("checkout.session.expired")[0]["data"]["object"]["id"] == session.id
    assert "expired" in pay_server.submit_card(session.url)[2]
    assert client.v1.charges.list({"payment_intent": intent.id}).data[0].status == "failed"


def test_only_an_open_session_can_be_expired(pay_server, client):
    session = client.v1.checkout.sessions.create(session_params())
    other = client.v1.checkout.sessions.create(session_params())
    pay_server.pay(session.id)

    assert client.v1.checkout.sessions.expire(other.id).status == "expired"
    for id in (session.id, other.id):
        assert refused(client.v1.checkout.sessions.expire, id).http_status == 400
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [(49, "eur", "amount_too_small"), (0, "eur", "amount_too_small"), (1234, "kwd", None)],
)
def test_an_amount_that_cannot_be_charged_is_refused(client, amount, currency, code):
    error = refused(client.v1.checkout.sessions.create, session_params(amount, currency))

    assert (error.http_status, error.code) == (400, code)


def test_sessions_are_found_by_their_payment_intent(pay_server, client):
    client.v1.checkout.sessions.create(session_params())
    session = client.v1.checkout.sessions.create(session_params())
    intent = pay_server.pay(session.id)["session"]["payment_intent"]

    found = client.v1.checkout.sessions.list({"payment_intent": intent}).data

    assert [one.id for one in found] == [session.id]


# Lists, expansion, errors


def test_lists_are_paged_newest_first(client):
    made = [client.v1.customers.create({"email": f"{n}@example.com"}).id for n in range(7)]

    first = client.v1.customers.list({"limit": 3})
    second = client.v1.customers.list({"limit": 3, "starting_after": first.data[-1].id})
    back = client.v1.customers.list({"limit": 2, "ending_before": second.data[-1].id})

    assert [one.id for one in first.data] == made[6:3:-1] and first.has_more
    assert [one.id for one in second.data] == made[3:0:-1] and second.has_more
    assert [one.id for one in back.data] == made[3:1:-1] and back.has_more
    assert [one.id for one in client.v1.customers.list({"limit": 2}).auto_paging_iter()] == made[
        ::-1
    ]
    assert refused(client.v1.customers.list, {"limit": 101}).param == "limit"


def test_events_are_listed_by_type_and_time(pay_server, client):
    for _ in range(2):
        pay_server.pay(client.v1.checkout.sessions.create(session_params()).id)
    moment = pay_server.events()[0]["created"]
    chosen = ["charge.succeeded", "checkout.session.completed"]

    both = client.v1.events.list({"types": chosen}).data
    one = client.v1.events.list({"type": chosen[0], "created": {"gte": moment}}).data

    assert {event.type for event in both} == set(chosen) and len(both) == 4
    assert len(one) == 2
    assert client.v1.events.list({"created": {"lt": moment}}).data == []
    assert client.v1.events.retrieve(one[0].id).data.object.object == "charge"


def test_ids_are_expanded_along_a_path(pay_server, client):
    session = client.v1.checkout.sessions.create(session_params())
    pay_server.pay(session.id)
    path = "payment_intent.latest_charge.balance_transaction"

    deep = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": [path, "total_details.breakdown"]}
    )
    listed = client.v1.payment_intents.list({"expand": ["data.latest_charge"]})

    assert deep.payment_intent.latest_charge.balance_transaction.amount == 10000
    assert listed.data[0].latest_charge.object == "charge"
    error = refused(client.v1.checkout.sessions.retrieve, session.id, {"expand": ["colour"]})
    assert error.http_status == 400


@pytest.mark.parametrize("kind", ["charges", "payment_intents", "refunds", "disputes", "customers",
                                  "payment_methods", "balance_transactions", "events"])  # fmt: skip
def test_an_unknown_id_is_missing(client, kind):
    error = refused(getattr(client.v1, kind).retrieve, "xx_unknown")

    assert (error.http_status, error.code) == (404, "resource_missing")


@pytest.mark.parametrize(
    "key", ["sk_test_short", "pk_test_" + "a" * 24, "sk_test_" + "a" * 23 + "_"]
)
def test_a_key_that_stripe_would_not_issue_is_refused(pay_server, key):
    error = refused(client_of(pay_server, key).v1.accounts.retrieve_current)

    assert isinstance(error, stripe.AuthenticationError)
    assert key not in str(error)


def test_the_module_level_library_works_too(pay_server, monkeypatch):
    monkeypatch.setattr(stripe, "api_base", pay_server.url)
    monkeypatch.setattr(stripe, "api_key", pay_server.api_key)

    account = stripe.Account.retrieve()

    assert stripe.Account.retrieve(account.id).charges_enabled
    assert stripe.checkout.Session.create(**session_params()).status == "open"


def test_livemode_follows_the_key_unless_a_test_says_otherwise(pay_server):
    live = client_of(pay_server, "sk_live_" + "a" * 24).v1.checkout.sessions
    assert live.create(session_params()).livemode
    pay_server.control("settings", livemode=False)
    assert not live.create(session_params()).livemode


def test_customers_are_kept_and_changed(pay_server, client):
    made = client.v1.customers.create({"email": "a@example.com", "metadata": {"a": "1", "b": "2"}})

    client.v1.customers.update(made.id, {"name": "Ada", "metadata": {"a": "", "c": "3"}})

    kept = client.v1.customers.retrieve(made.id, {"expand": ["default_source", "sources"]})
    assert (kept.name, kept.email, kept.sources.data) == ("Ada", "a@example.com", [])
    assert kept.metadata.to_dict() == {"b": "2", "c": "3"}
    params = session_params(customer=made.id)
    del params["customer_email"]
    session = client.v1.checkout.sessions.create(params)
    intent = pay_server.pay(session.id)["session"]["payment_intent"]
    assert client.v1.payment_intents.list({"customer": made.id}).data[0].id == intent


def test_of_a_deleted_customer_only_that_is_told(pay_server, client):
    made = client.v1.customers.create({"email": "a@example.com"})
    kept = client.v1.customers.create({"email": "b@example.com"})

    answer = client.v1.customers.delete(made.id).to_dict()

    assert answer == {"id": made.id, "object": "customer", "deleted": True}
    assert client.v1.customers.retrieve(made.id).to_dict() == answer
    assert [one.id for one in client.v1.customers.list().data] == [kept.id]
    [told] = [one for one in pay_server.events() if one["type"] == "customer.deleted"]
    assert told["data"]["object"]["email"] == "a@example.com"
    for call in (client.v1.customers.delete, client.v1.customers.update):
        assert refused(call, made.id).code == "resource_missing"
    params = session_params(customer=made.id)
    del params["customer_email"]
    assert refused(client.v1.checkout.sessions.create, params).code == "resource_missing"


def test_an_address_that_is_none_is_refused(client):
    made = client.v1.customers.create({"email": "a@example.com"})
    for call in (
        client.v1.customers.create,
        lambda params: client.v1.customers.update(made.id, params),
    ):
        error = refused(call, {"email": "ada@localhost"})
        assert (error.code, error.param) == ("email_invalid", "email")
    assert client.v1.customers.update(made.id, {"email": ""}).email is None


# Repeating, failing


def test_the_same_key_gives_the_same_session(pay_server, client):
    create, key = client.v1.checkout.sessions.create, {"idempotency_key": "attempt-1"}

    first, second = create(session_params(), key), create(session_params(), key)

    assert first.id == second.id
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.checkout.sessions.list().data) == 1
    error = refused(create, session_params(200), key)
    assert isinstance(error, stripe.IdempotencyError) and error.http_status == 400
    assert refused(client.v1.customers.create, {}, key).http_status == 400


def test_a_key_is_forgotten_after_a_day(pay_server, client):
    create, key = client.v1.checkout.sessions.create, {"idempotency_key": "attempt-1"}
    first = create(session_params(), key)

    pay_server.advance(24 * 3600 + 1)

    assert create(session_params(), key).id != first.id


def test_a_refused_request_does_not_use_up_its_key(client):
    create, key = client.v1.checkout.sessions.create, {"idempotency_key": "attempt-1"}
    refused(create, session_params(colour="red"), key)

    assert create(session_params(), key).status == "open"


def test_an_answer_that_was_lost_is_found_again_by_its_key(pay_server, client):
    create, key = client.v1.checkout.sessions.create, {"idempotency_key": "attempt-1"}
    pay_server.fault(lose="after", path="checkout/sessions$", method="POST")

    error = refused(create, session_params(), key)

    assert isinstance(error, stripe.APIConnectionError)
    made = client.v1.checkout.sessions.list().data
    assert [create(session_params(), key).id] == [one.id for one in made]


def test_silence_runs_into_the_clients_timeout(pay_server):
    impatient = client_of(pay_server, http_client=stripe.RequestsClient(timeout=0.2))
    pay_server.fault(lose="before", seconds=30)

    assert isinstance(refused(impatient.v1.customers.create, {}), stripe.APIConnectionError)

    assert impatient.v1.customers.list().data == []


def test_the_api_fails_as_often_as_it_was_told(pay_server, client):
    pay_server.fault(status=503, path="^/v1/charges", times=2)

    assert client.v1.customers.list().data == []
    for _ in range(2):
        assert refused(client.v1.charges.list).http_status == 503
    assert client.v1.charges.list().data == []


def test_the_api_is_busy_as_stripe_says_it_and_asks_to_be_asked_again(pay_server, client):
    pay_server.fault(error="lock_timeout", path="^/v1/customers")

    error = refused(client.v1.customers.create, {})

    assert isinstance(error, stripe.RateLimitError)
    assert (error.http_status, error.error.code) == (429, "lock_timeout")
    assert client.v1.customers.list().data == []


def test_the_library_asks_a_busy_api_again(pay_server, monkeypatch):
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0)
    patient = stripe.StripeClient(
        pay_server.api_key, base_addresses={"api": pay_server.url}, max_network_retries=1
    )
    pay_server.fault(error="lock_timeout")

    assert patient.v1.customers.create({}).id


def test_a_key_is_refused_as_used_otherwise_where_there_is_one(pay_server, client):
    pay_server.fault(error="idempotency_error")

    assert client.v1.customers.list().data == []
    error = refused(client.v1.customers.create, {}, {"idempotency_key": "mine"})

    assert isinstance(error, stripe.IdempotencyError) and error.http_status == 400
    assert "'mine'" in str(error)
    assert client.v1.customers.list().data == []


def test_a_fault_can_let_some_requests_pass_first(pay_server, client):
    pay_server.fault(status=500, skip=2)

    for _ in range(2):
        client.v1.customers.list()
    assert refused(client.v1.customers.list).http_status == 500
    client.v1.customers.list()


@pytest.mark.parametrize(
    "fault", [{"error": "lock_timeout"}, {"lose": "after"}, {"error": "idempotency_error"}]
)
def test_a_fault_can_meet_each_request_the_first_time(pay_server, client, fault):
    pay_server.fault(**fault, times=None, each=True)

    for name in ("Ada", "Camille"):
        for number in range(2):
            key = {"idempotency_key": f"{name}-{number}"}
            if number:
                assert client.v1.customers.create({"name": name}, key).name == name
            else:
                refused(client.v1.customers.create, {"name": name}, key)


@pytest.mark.parametrize("values", [{}, {"status": 500, "lose": "after"}, {"error": "other"}])
def test_a_fault_is_one_thing_that_the_stand_in_knows(pay_server, values):
    with pytest.raises(ControlError):
        pay_server.fault(**values)


# The encoding


def test_forms_are_decoded_to_any_depth():
    text = "a=1&b[c][d]=2&list[0][x]=3&list[1][x]=4&types[]=m&types[]=n&empty=&e[%C3%A9]=%E2%82%AC"

    assert forms.decode(text) == {
        "a": "1", "b": {"c": {"d": "2"}}, "list": [{"x": "3"}, {"x": "4"}], "types": ["m", "n"],
        "empty": "", "e": {"é": "€"},
    }  # fmt: skip


@pytest.mark.parametrize("text", ["a[b=1", "a]b=1", "[a]=1", "a=1&a[b]=2", "a[b]=2&a=1"])
def test_forms_that_contradict_themselves_are_refused(text):
    with pytest.raises(errors.ApiError):
        forms.decode(text)


@pytest.mark.parametrize(
    ("amount", "currency", "english", "french"),
    [
        (123456, "eur", "€1,234.56", "1\u202f234,56\u00a0€"),
        (1200, "jpy", "¥1,200", "1\u202f200\u00a0¥"),
        (12500, "kwd", "KWD\u00a012.500", "12,500\u00a0KWD"),
        (5, "usd", "$0.05", "0,05\u00a0$"),
    ],
)
def test_amounts_are_written_as_people_write_them(amount, currency, english, french):
    assert money.formatted(amount, currency, "en") == english
    assert money.formatted(amount, currency, "fr") == french
