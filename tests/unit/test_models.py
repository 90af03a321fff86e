"""What the database and the rows themselves refuse."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from oscar.core.loading import get_model

from oscar_subscriptions import conf, journal

Notification = get_model("oscar_subscriptions", "Notification")
ProductClass = get_model("catalogue", "ProductClass")
Seller = get_model("oscar_subscriptions", "Seller")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")
TermsOfSale = get_model("oscar_subscriptions", "TermsOfSale")


@pytest.fixture
def term(shop):
    return shop.grant(shop.make_user())


def refused_by_database(**changes):
    values = {
        "subscription": Subscription.objects.get(),
        "grant_reason": "a gift",
        "starts_on": conf.today() + timedelta(days=1000),
        "ends_on": conf.today() + timedelta(days=1001),
        "covered_until": conf.today() + timedelta(days=1001),
        "anchor": conf.today(),
        "plan_title": "Silver",
    } | changes
    try:
        with transaction.atomic():
            Term.objects.create(**values)
    except IntegrityError:
        return True
    return False


@pytest.mark.usefixtures("term")
def test_a_term_is_paid_or_granted_with_a_reason():
    assert refused_by_database(grant_reason="")
    assert not refused_by_database()


@pytest.mark.usefixtures("term")
@pytest.mark.parametrize("field", ["ends_on", "covered_until"])
def test_a_terms_days_are_in_order(field):
    assert refused_by_database(**{field: conf.today()})


def test_fault_01_an_order_line_pays_for_one_term(shop, term):
    line = shop.make_order(term.subscription.user).lines.get()
    assert not refused_by_database(order_line=line)
    assert refused_by_database(order_line=line, starts_on=conf.today() + timedelta(days=1001))


def test_a_member_has_one_subscription_of_a_plan_and_one_partner(shop, term):
    user = term.subscription.user
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(user=user, plan=shop.plan)
    seller = shop.make_seller()
    with pytest.raises(IntegrityError), transaction.atomic():
        Seller.objects.create(user=user, partner=seller.partner)


def test_an_outbox_row_is_unique_by_kind_and_key(db):
    Notification.objects.create(kind="a", key="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notification.objects.create(kind="a", key="1")


def test_evidence_is_written_once(shop, term):
    consent = shop.keep_consent(shop.make_order(term.subscription.user))
    entry = journal.record(term.subscription, journal.TERM_STARTED, term=term)
    for row, field in [
        (shop.terms_of_sale, "text"),
        (consent, "accepted_at"),
        (entry, "reason"),
        (term, "ends_on"),
    ]:
        with pytest.raises(ValidationError, match="record and can't be edited"):
            row.save()
        with pytest.raises(ValidationError):
            row.save(update_fields=[field])


def test_a_new_wording_is_a_new_row_and_a_version_is_published_once(shop):
    TermsOfSale.objects.create(language="en", version="2026-2", text="New")
    with pytest.raises(IntegrityError), transaction.atomic():
        TermsOfSale.objects.create(language="en", version="2026-1", text="Changed")
    shop.terms_of_sale.refresh_from_db()
    assert shop.terms_of_sale.text == "No refund during use."


def test_fault_57_what_was_sold_can_t_be_deleted(shop, term):
    order = shop.make_order(term.subscription.user)
    consent = shop.keep_consent(order)
    seller = shop.make_seller()
    kept = [shop.plan.product, shop.plan, term.subscription, order, consent.terms_of_sale]
    for row in [*kept, seller.partner]:
        with pytest.raises(models.ProtectedError), transaction.atomic():
            row.delete()


def test_fault_56_a_deleted_profile_leaves_its_evidence(shop, term):
    term.subscription.user.delete()
    term.refresh_from_db()
    subscription = Subscription.objects.get()
    assert (subscription.user, subscription.member_email) == (None, "member@example.com")
    assert term.is_valid


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"grace_days": 28, "months": 1}, "grace_days"), ({"grace_days": 336}, "grace_days")],
)
def test_grace_is_shorter_than_the_term(shop, changes, field):
    for name, value in changes.items():
        setattr(shop.plan, name, value)
    with pytest.raises(ValidationError) as error:
        shop.plan.full_clean()
    assert list(error.value.message_dict) == [field]
    shop.plan.grace_days -= 1
    shop.plan.full_clean()


def test_a_plans_product_needs_no_shipping_and_has_no_variants(shop):
    shop.plan.full_clean()
    shop.product_class.requires_shipping = True
    shop.product_class.save()
    plan = type(shop.plan).objects.get()
    with pytest.raises(ValidationError, match="can't need shipping"):
        plan.full_clean()
    plan.product.structure = "parent"
    with pytest.raises(ValidationError, match="can't have variants"):
        plan.full_clean()


@pytest.mark.parametrize("months", [0, 121])
def test_a_plan_lasts_from_one_month_to_ten_years(shop, months):
    shop.plan.months = months
    with pytest.raises(ValidationError, match="value"):
        shop.plan.full_clean()
