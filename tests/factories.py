"""A small shop, the one of ``tests.base_rows``: each test says what it needs beyond it."""

from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from oscar.apps.basket.abstract_models import AbstractBasket
from oscar.core.loading import get_class, get_model
from oscar.core.prices import Price

from oscar_subscriptions import conf, fulfilment, gateway, sellers, terms
from oscar_subscriptions.agreements import auto_renewal
from tests import base_rows

PASSWORD = "correct-horse-battery"

AutoRenewal = get_model("oscar_subscriptions", "AutoRenewal")
Basket = get_model("basket", "Basket")
BillingAddress = get_model("order", "BillingAddress")
Consent = get_model("oscar_subscriptions", "Consent")
Order = get_model("order", "Order")
PlannedRenewal = get_model("oscar_subscriptions", "PlannedRenewal")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")
Subscription = get_model("oscar_subscriptions", "Subscription")
Term = get_model("oscar_subscriptions", "Term")


class Shop:
    """One vendor, a plan "Silver" for €240 incl. VAT, terms of sale, a category for services."""

    country: Any
    vendor: Any
    product_class: Any
    category: Any
    terms_of_sale: Any
    plan: Any

    def __init__(self) -> None:
        vars(self).update(base_rows.objects())

    def make_plan(self, title: str = "Silver", price: str = "200.00", **fields: Any) -> Any:
        """Return a plan; ``price`` excludes VAT (20 %)."""
        partner = fields.pop("partner", self.vendor)
        return base_rows.create_plan(title, D(price), self.product_class, partner, **fields)

    def make_user(self, name: str = "member", **fields: Any) -> Any:
        """Return a user who signs in as ``<name>@example.com``."""
        return get_user_model().objects.create_user(
            username=name, email=f"{name}@example.com", password=PASSWORD, **fields
        )

    def make_operator(self, name: str = "operator", group: str = "manager", **fields: Any) -> Any:
        """Return a member of staff in the group "Memberships: <group>"; "": in none."""
        user = self.make_user(name, is_staff=True, **fields)
        if group:
            user.groups.add(Group.objects.get(name=f"Memberships: {group}"))
        return user

    def grant(self, user: Any, plan: Any = None, *, starts_on: date | None = None) -> Any:
        """Return a term of ``plan`` granted to ``user`` from ``starts_on`` (default: today)."""
        plan = plan or self.plan
        subscription, _ = Subscription.objects.get_or_create(
            user=user, plan=plan, defaults={"member_email": user.email}
        )
        span = terms.bought(starts_on or conf.today(), plan.months, plan.grace_days)
        term = Term.objects.create(
            subscription=subscription,
            grant_reason="test",
            plan_title=plan.title,
            months=plan.months,
            listing_limit=plan.listing_limit,
            grace_days=plan.grace_days,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            covered_until=span.covered_until,
            anchor=span.anchor,
        )
        sellers.forget(user)
        return term

    def make_seller(self, name: str = "seller", *, starts_on: date | None = None) -> Any:
        """Return the ``Seller`` of a new user with a term from ``starts_on`` (default: today)."""
        user = self.make_user(name)
        self.grant(user, starts_on=starts_on)
        return sellers.ensure_seller(user)

    def let_in(self, user: Any) -> Any:
        """Return ``user``, whom staff let into Oscar's dashboard as a user of their partners."""
        user.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
        return type(user).objects.get(pk=user.pk)

    def make_service(self, seller: Any, title: str = "Coaching", **fields: Any) -> Any:
        """Return a service of ``seller`` for €50 excl. VAT."""
        product_class, _ = ProductClass.objects.get_or_create(
            name="Service", defaults={"requires_shipping": False, "track_stock": False}
        )
        product = Product.objects.create(title=title, product_class=product_class, **fields)
        product.categories.add(self.category)
        StockRecord.objects.create(
            product=product,
            partner=seller.partner,
            partner_sku=f"service-{product.pk}",
            price_currency="EUR",
            price=D("50.00"),
        )
        return product

    def attach_first(self, seller: Any) -> Any:
        """Return a stock record of ``seller`` on the plan, for €0.01; Oscar takes it: the first."""
        [own] = self.plan.product.stockrecords.all()
        own.delete()
        record = StockRecord.objects.create(
            product=self.plan.product,
            partner=seller.partner,
            partner_sku="mine",
            price_currency="EUR",
            price=D("0.01"),
        )
        own.pk = None
        own.save()
        return record

    def strategy(self, user: Any = None) -> Any:
        """Return the shop's strategy for ``user``."""
        return get_class("partner.strategy", "Selector")().strategy(user=user)

    def make_order(self, user: Any, plan: Any = None, *, quantity: int = 1, extra: Any = ()) -> Any:
        """Return an unpaid order, as Oscar's own ``OrderCreator`` places it without our guards.

        Of one plan alone its rows are written directly: basket, strategy and calculators, which
        would give the same, are a tenth of what all tests cost.
        """
        product = (plan or self.plan).product
        if quantity != 1 or extra:
            return self.order_products(user, [product, *extra], quantity=quantity)
        [record] = product.stockrecords.all()
        basket = Basket.objects.create(owner=user, status="Submitted")
        net, gross = record.price, record.price * D("1.2")
        order = Order.objects.create(
            number=f"{100000 + basket.pk}",
            site_id=settings.SITE_ID,
            basket=basket,
            user=user,
            currency=record.price_currency,
            total_excl_tax=net,
            total_incl_tax=gross,
            shipping_method="No shipping required",
            shipping_code="no-shipping-required",
            status="Pending",
        )
        order.lines.create(
            partner=record.partner,
            partner_name=record.partner.name,
            partner_sku=record.partner_sku,
            product=product,
            stockrecord=record,
            title=product.title,
            upc="",
            quantity=1,
            num_allocated=1,
            status="Pending",
            line_price_excl_tax=net,
            line_price_incl_tax=gross,
            line_price_before_discounts_excl_tax=net,
            line_price_before_discounts_incl_tax=gross,
            unit_price_excl_tax=net,
            unit_price_incl_tax=gross,
        )
        return order

    def order_products(self, user: Any, products: Any, *, quantity: int = 1) -> Any:
        """Return an unpaid order of ``products``, placed by Oscar's ``OrderCreator``."""
        from oscar.apps.order.utils import OrderCreator
        from oscar.apps.shipping.methods import NoShippingRequired

        basket = Basket.objects.create(owner=user)
        basket.strategy = self.strategy(user)
        for product in products:
            AbstractBasket.add_product(basket, product, quantity)
        method = NoShippingRequired()
        total = get_class("checkout.calculators", "OrderTotalCalculator")().calculate(
            basket, method.calculate(basket)
        )
        order = OrderCreator().place_order(
            basket=basket,
            total=total,
            shipping_method=method,
            shipping_charge=method.calculate(basket),
            user=user,
            order_number=f"{100000 + basket.pk}",
        )
        basket.submit()
        return order

    def place_order(self, user: Any, *, is_renewed: bool = False) -> Any:
        """Return an unpaid order with all that the checkout writes; its pages are not walked.

        Args:
            is_renewed: whether automatic renewal was chosen with it.
        """
        with transaction.atomic():
            subscription = fulfilment.lock_for_checkout(user, self.plan, language="en")
            order = self.make_order(user)
            order.billing_address = BillingAddress.objects.create(
                first_name="Ada",
                last_name="Martin",
                line1="1 rue de la Paix",
                line4="Paris",
                postcode="75002",
                country=self.country,
            )
            order.save()
            self.keep_consent(order)
            if is_renewed:
                auto_renewal.switch_on(
                    subscription,
                    text="Renew it.",
                    terms_of_sale=self.terms_of_sale,
                    total=Price(
                        currency=order.currency,
                        excl_tax=order.total_excl_tax,
                        incl_tax=order.total_incl_tax,
                    ),
                    order=order,
                )
            gateway.get_gateway().begin(order)
        return order

    def keep_consent(self, order: Any, plan: Any = None, **change: Any) -> Any:
        """Return the consent of ``order``, with the conditions of ``plan`` as they are now.

        ``change``: ``changes`` and ``at_end`` of the consent, for a change of plan.
        """
        plan = plan or self.plan
        span = plan.preview_term(conf.today())
        return Consent.objects.create(
            order=order,
            terms_of_sale=self.terms_of_sale,
            plan=plan,
            months=plan.months,
            listing_limit=plan.listing_limit,
            grace_days=plan.grace_days,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            tax_rate=20,
            **change,
        )

    def make_renewal(self, term: Any, **fields: Any) -> Any:
        """Return the announced renewal of ``term``, with the consent that it rests on."""
        subscription = term.subscription
        consent, _ = AutoRenewal.objects.get_or_create(
            subscription=subscription,
            defaults={
                "text": "Renew it.",
                "terms_of_sale": self.terms_of_sale,
                "plan_title": subscription.plan.title,
                "months": 12,
                "price": D("240.00"),
                "currency": "EUR",
            },
        )
        values = {"price": D("240.00"), "currency": "EUR", "months": 12, "grace_days": 0}
        charge_on = term.ends_on - timedelta(days=7)
        known = {"auto_renewal": consent, "follows": term}
        return PlannedRenewal.objects.get_or_create(
            **known, defaults=values | {"charge_on": charge_on} | fields
        )[0]

    def make_voucher(self, percent: int) -> Any:
        """Return a voucher of ``percent`` off everything, valid today."""
        everything = get_model("offer", "Range").objects.create(
            name="Everything", includes_all_products=True
        )
        offer = get_model("offer", "ConditionalOffer").objects.create(
            name="Gift",
            offer_type="Voucher",
            condition=get_model("offer", "Condition").objects.create(
                range=everything, type="Count", value=1
            ),
            benefit=get_model("offer", "Benefit").objects.create(
                range=everything, type="Percentage", value=percent
            ),
        )
        now = timezone.now()
        voucher = get_model("voucher", "Voucher").objects.create(
            name="Gift",
            code="GIFT",
            usage="Multi-use",
            start_datetime=now - timedelta(days=1),
            end_datetime=now + timedelta(days=1),
        )
        voucher.offers.add(offer)
        return voucher
