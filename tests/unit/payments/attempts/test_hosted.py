"""One open attempt of an order, one page at the provider."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone, translation
from oscar.apps.order.exceptions import UnableToPlaceOrder
from oscar.core.loading import get_model

from oscar_subscriptions.payments.attempts import hosted
from oscar_subscriptions.payments.provider import client, intents, sessions

Attempt = get_model("oscar_subscriptions_payments", "Attempt")
StoredPaymentMethod = get_model("oscar_subscriptions_payments", "StoredPaymentMethod")

RETURN = "https://shop.example/"


@pytest.fixture
def order(shop):
    return shop.make_order(shop.make_user())


@pytest.fixture
def attempt(order):
    return hosted.begin(order)


def page(attempt):
    return hosted.hosted_page(attempt, RETURN, RETURN)


def session_of(attempt):
    return sessions.fetch_session(Attempt.objects.get(pk=attempt.pk).session_id)


def statuses(order):
    return list(order.subscription_attempts.order_by("pk").values_list("status", flat=True))


# The attempt.


def test_an_attempt_keeps_the_total_as_it_was_when_it_began(order):
    attempt = hosted.begin(order)
    order.total_incl_tax = D("1.00")
    order.save()
    attempt = Attempt.objects.get()
    assert (attempt.amount, attempt.currency, attempt.livemode) == (24_000, "EUR", False)
    assert (attempt.status, attempt.kind, attempt.keeps_payment_method) == ("open", "hosted", False)


def test_the_means_are_kept_only_where_the_member_chose_automatic_renewal(shop, settings):
    settings.OSCAR_SUBSCRIPTIONS_AUTO_RENEWAL = True
    order = shop.place_order(shop.make_user(), is_renewed=True)
    assert order.subscription_attempts.get().keeps_payment_method
    order.subscription_attempts.update(status="expired")
    assert not hosted.begin(order, "off-session").keeps_payment_method


def test_a_total_that_can_not_be_charged_exactly_is_said_to_the_member(order):
    order.total_incl_tax = D("240.005")
    with pytest.raises(UnableToPlaceOrder, match="can't be charged exactly"):
        hosted.begin(order)
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("before", "is_written"),
    [
        ([], True),
        (["expired"], True),
        (["cancelled", "expired"], True),
        (["open"], False),
        (["paid"], False),
        (["refused"], False),
        (["expired", "cancelled"], False),
        (["paid", "expired"], False),
    ],
)
def test_a_charge_is_begun_only_of_an_order_that_nobody_can_be_paying(order, before, is_written):
    for status in before:
        hosted.begin(order)
        Attempt.objects.filter(status="open").update(status=status)
    assert hosted.begin_off_session(order) is is_written
    assert statuses(order) == before + ["open"] * is_written
    if is_written:
        assert Attempt.objects.latest("pk").kind == "off-session"


@pytest.mark.parametrize(
    ("before", "result"),
    [
        ([], None),
        (["expired"], "new"),
        (["cancelled"], None),
        (["expired", "paid"], None),
        (["refused", "expired"], None),
        (["expired", "open"], "known"),
    ],
)
def test_an_order_has_one_attempt_that_can_be_paid_or_none(order, before, result):
    for status in before:
        hosted.begin(order)
        Attempt.objects.order_by("pk").filter(status="open").update(status=status)
    latest = Attempt.objects.order_by("pk").last()
    found = hosted.open_attempt(order)
    assert statuses(order) == before + ["open"] * (result == "new")
    assert (found is None) is (result is None)
    if found is not None:
        assert (found == latest) is (result == "known")


def test_a_page_that_expired_at_the_provider_is_followed_by_a_new_attempt(attempt, standin):
    page(attempt)
    assert hosted.open_attempt(attempt.order) == attempt
    sessions.expire_session(attempt.session_id)
    assert hosted.open_attempt(attempt.order) != attempt
    assert statuses(attempt.order) == ["expired", "open"]


def test_a_page_that_was_paid_needs_no_further_attempt(attempt, standin):
    page(attempt)
    standin.pay(attempt.session_id)
    assert hosted.open_attempt(attempt.order) is None
    assert statuses(attempt.order) == ["paid"]


def test_a_charge_under_way_is_closed_once_the_member_comes_to_pay(order):
    assert hosted.begin_off_session(order)
    found = hosted.open_attempt(order)
    assert (found.kind, statuses(order)) == ("hosted", ["expired", "open"])


# The page.


def test_the_page_asks_for_the_order_and_is_made_once(attempt, standin):
    stale = Attempt.objects.get()
    url = page(attempt)
    assert page(attempt) == page(stale) == page(Attempt.objects.get()) == url
    session = session_of(attempt)
    assert (session["amount_total"], session["currency"]) == (24_000, "eur")
    assert session["client_reference_id"] == str(attempt.reference)
    assert session["customer_email"] == attempt.order.email
    assert session["metadata"].to_dict() == {
        "shop": "shop.example",
        "order": attempt.order.number,
        "attempt": str(attempt.reference),
    }


@pytest.mark.parametrize(("setting", "minutes"), [(5, 31), (60, 60), (9_999, 1_440)])
def test_the_page_lives_as_long_as_the_setting_says_within_the_limits_of_the_provider(
    attempt, standin, settings, setting, minutes
):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = setting
    before = timezone.now()
    page(attempt)
    life = timedelta(minutes=minutes)
    first, last = (int((moment + life).timestamp()) for moment in (before, timezone.now()))
    assert first <= session_of(attempt)["expires_at"] <= last


@pytest.mark.parametrize(("language", "locale"), [("fr-fr", "fr"), ("en", "en"), ("de", "auto")])
def test_the_page_speaks_the_members_language_if_it_can(attempt, standin, language, locale):
    with translation.override(language):
        page(attempt)
    assert session_of(attempt)["locale"] == locale


def test_a_page_made_while_the_order_was_cancelled_can_not_be_paid(attempt, standin):
    Attempt.objects.update(status="cancelled")
    with pytest.raises(hosted.AttemptClosedError):
        page(attempt)
    row = Attempt.objects.get()
    assert (row.status, row.asked) == ("cancelled", 1)
    assert row.is_due
    assert session_of(attempt)["status"] == "expired"


def test_of_two_pages_made_at_once_the_first_counts_and_the_other_is_closed(
    attempt, standin, monkeypatch
):
    made = []

    def create_after_another_request(params, key):
        first = create(params, f"{key}-first")
        Attempt.objects.update(session_id=first.id, url=first.url)
        made.extend([first, create(params, key)])
        return made[-1]

    create = sessions.create_session
    monkeypatch.setattr(sessions, "create_session", create_after_another_request)
    assert page(attempt) == made[0].url
    assert [sessions.fetch_session(one.id)["status"] for one in made] == ["open", "expired"]


@pytest.mark.parametrize(("method", "status"), [("card", "paid"), ("sepa_debit", "open")])
def test_a_page_that_was_completed_is_not_shown_again(attempt, standin, method, status):
    page(attempt)
    standin.pay(attempt.session_id, method=method)
    Attempt.objects.update(session_id=None, url="")  # the shop never heard what it had made
    with translation.override("fr"), pytest.raises(hosted.AttemptClosedError):
        page(Attempt.objects.get())  # the key is used, so that the page is looked for
    assert statuses(attempt.order) == [status]


def test_a_customer_that_is_gone_at_the_provider_is_forgotten_here(attempt, standin):
    Attempt.objects.update(keeps_payment_method=True)
    kept = StoredPaymentMethod.objects.create(
        user=attempt.order.user, livemode=False, customer_id="cus_gone"
    )
    with pytest.raises(client.CustomerUnknownError):
        page(Attempt.objects.get())
    assert not StoredPaymentMethod.objects.filter(pk=kept.pk).exists()
    Attempt.objects.update(status="expired")
    assert page(hosted.open_attempt(attempt.order)).startswith(standin.url)


def test_the_page_of_a_member_who_chose_renewal_keeps_the_means_for_it(attempt, standin):
    Attempt.objects.update(keeps_payment_method=True)
    page(Attempt.objects.get())
    session = session_of(attempt)
    assert session["customer"] == StoredPaymentMethod.objects.get().customer_id
    paid = standin.pay(session["id"])["session"]["payment_intent"]
    assert intents.fetch_intent(paid)["setup_future_usage"] == "off_session"


# An attempt that waited too long for its page.


@pytest.mark.parametrize(
    ("minutes", "age", "is_outdated"),
    [
        (30, 0, False),
        (60, 28, False),
        (60, 1_430, False),
        (60, 1_450, True),
        (9_999, 1_400, False),
        (9_999, 1_450, True),
    ],
)
def test_an_attempt_whose_key_the_provider_has_forgotten_is_outdated(
    attempt, settings, minutes, age, is_outdated
):
    settings.OSCAR_SUBSCRIPTIONS_SESSION_MINUTES = minutes
    attempt.created_at = timezone.now() - timedelta(minutes=age)
    assert hosted.is_outdated(attempt) is is_outdated
    attempt.session_id = "cs_1"
    assert not hosted.is_outdated(attempt)


def test_an_attempt_of_the_other_mode_is_outdated(attempt):
    attempt.livemode = True
    assert hosted.is_outdated(attempt)


def test_an_attempt_without_a_page_is_given_up_for_another(attempt):
    renewed = hosted.renew(attempt)
    assert renewed != attempt and renewed.order == attempt.order
    assert statuses(attempt.order) == ["expired", "open"]


@pytest.mark.parametrize("change", [{"session_id": "cs_1"}, {"status": "cancelled"}])
def test_an_attempt_that_has_a_page_or_is_closed_is_not_given_up(attempt, change):
    Attempt.objects.update(**change)
    with pytest.raises(hosted.AttemptClosedError):
        hosted.renew(attempt)
    assert Attempt.objects.count() == 1
