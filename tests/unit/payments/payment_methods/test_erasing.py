"""A member is erased from dj-stripe's rows by address and by the provider's ids; nobody else is."""

import pytest
from djstripe.models import Customer, PaymentMethod, WebhookEventTrigger
from oscar.core.loading import get_model

from oscar_subscriptions.payments.payment_methods import erasing
from oscar_subscriptions.privacy import Person

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")


@pytest.fixture
def user(shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_KEEP_PAYER_DETAILS = True
    return shop.make_user("ada")


def keep(data):
    return PaymentMethod.objects.create(id=f"pm_{PaymentMethod.objects.count()}", stripe_data=data)


def erased(user, data):
    """What is left of ``data`` in a row of dj-stripe's once ``user`` is erased."""
    row = keep(data)
    erasing.erase_payer_details(Person(user, user.email))
    row.refresh_from_db()
    return row.stripe_data


@pytest.mark.parametrize("address", ["ada@example.com", "ADA@Example.com"])
def test_a_row_with_the_address_loses_the_payer(user, address):
    details = {"billing_details": {"email": address, "name": "Ada"}, "amount": 7}
    assert erased(user, details) == {"billing_details": {"email": None, "name": None}, "amount": 7}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("for ada@example.com.", "for ."),
        ("<ada@example.com>", "<>"),
        ("nada@example.com", "nada@example.com"),
        ("a.ada@example.com", "a.ada@example.com"),
        ("ada@example.com.au", "ada@example.com.au"),
        ("ada@example.community", "ada@example.community"),
    ],
)
def test_the_address_goes_from_any_text_and_longer_addresses_stay(user, text, left):
    assert erased(user, {"list": [{"description": text}]}) == {"list": [{"description": left}]}


@pytest.mark.parametrize("name", ["session_id", "payment_intent_id", "charge_id"])
def test_a_row_about_a_payment_loses_the_payer_whatever_was_typed(shop, user, name):
    shop.place_order(user)
    Attempt.objects.update(**{name: "id_1"})
    typed = {"receipt_email": "typed@example.com"}
    assert erased(user, typed | {"about": "id_1"}) == {"receipt_email": None, "about": "id_1"}
    assert erased(user, typed | {"about": "id_11"}) == typed | {"about": "id_11"}


def test_a_customer_loses_address_and_name(user):
    StoredPaymentMethod.objects.create(user=user, livemode=False, customer_id="cus_1")
    row = Customer.objects.create(
        id="cus_1",
        email=user.email,
        stripe_data={
            "object": "customer",
            "id": "cus_1",
            "name": "Ada",
            "email": "old@example.com",
        },
    )
    erasing.erase_payer_details(Person(user, user.email))
    row.refresh_from_db()
    assert row.email == ""
    assert row.stripe_data == {"object": "customer", "id": "cus_1", "name": None, "email": None}


def test_a_letter_that_json_escapes_hides_no_address(user):
    user.email = "zoé@example.com"
    assert erased(user, {"description": "zoé@example.com"}) == {"description": ""}


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('{"a": {"receipt_email": "ada@example.com"}}', '{"a": {"receipt_email": null}}'),
        ("[ada@example.com", "["),
        ('"ada@example.com"', '""'),
    ],
)
def test_the_body_of_a_webhook_is_read_as_json_if_it_is_some(user, body, left):
    row = WebhookEventTrigger.objects.create(remote_ip="127.0.0.1", headers={}, body=body)
    erasing.erase_payer_details(Person(user, user.email))
    row.refresh_from_db()
    assert row.body == left


def test_a_deleted_account_is_erased_by_its_last_address(shop, user):
    shop.grant(user)
    user.delete()
    row = keep({"receipt_email": "ada@example.com"})
    erasing.erase_payer_details(Person(None, "ada@example.com"))
    row.refresh_from_db()
    assert row.stripe_data == {"receipt_email": None}


def test_who_has_no_address_and_no_payment_is_looked_for_nowhere(
    user, django_assert_max_num_queries
):
    user.email = ""
    with django_assert_max_num_queries(8):
        erasing.erase_payer_details(Person(user, ""))
