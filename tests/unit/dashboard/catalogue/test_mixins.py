"""Plans in Oscar's catalogue dashboard: what the mixins refuse, and to whom."""

from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.views.generic import View
from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.catalogue import mixins, sold_plans, views

Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")


@pytest.fixture
def staff(shop):
    return shop.make_user("boss", is_staff=True)


def send(mixin, user, **kwargs):
    """Let ``user`` ask for a page behind ``mixin``; return the answer and what it says."""

    class Page(mixin, View):
        def get(self, request, **kwargs):
            return HttpResponse("Oscar's page")

    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    request._messages = FallbackStorage(request)
    response = Page.as_view()(request, **kwargs)
    return response, " ".join(str(message) for message in get_messages(request))


def test_nobody_deletes_the_product_of_a_plan(shop, staff):
    response, said = send(mixins.PlanProductDeleteMixin, staff, pk=shop.plan.product_id)
    assert response.url == reverse(sold_plans.LIST) and "it is never deleted" in said
    service = shop.make_service(shop.make_seller())
    response, _said = send(mixins.PlanProductDeleteMixin, staff, pk=service.pk)
    assert response.content == b"Oscar's page"


class Everything:
    """As Oscar's views: every product of the shop."""

    def filter_queryset(self, queryset):
        return queryset

    def get_selectable_queryset(self):
        return Product.objects.all()


def chosen(mixin, user):
    class Page(mixin, Everything):
        request = SimpleNamespace(user=user)

    page = Page()
    if mixin is mixins.PlanBulkActionMixin:
        return set(page.get_selectable_queryset())
    return set(page.filter_queryset(Product.objects.all()))


@pytest.mark.parametrize("mixin", [mixins.PlanProductListMixin, mixins.PlanBulkActionMixin])
def test_lists_of_partner_users_hold_no_plan(shop, staff, mixin):
    seller = shop.make_seller()
    service = shop.make_service(seller)
    assert chosen(mixin, seller.user) == {service}
    assert chosen(mixin, staff) == {service, shop.plan.product}


def formset(shop, staff, product, *rows):
    """Return Oscar's formset of stock records, filled with ``rows`` after those that exist."""
    records = list(product.stockrecords.order_by("pk"))
    data = {
        "stockrecords-TOTAL_FORMS": len(records) + len(rows),
        "stockrecords-INITIAL_FORMS": len(records),
    }
    for number, record in enumerate(records):
        fields = {"id": record.pk, "partner": record.partner_id, "partner_sku": record.partner_sku}
        fields |= {"price_currency": "EUR", "price": record.price}
        data |= {f"stockrecords-{number}-{name}": value for name, value in fields.items()}
    for number, row in enumerate(rows, len(records)):
        fields = {"partner_sku": f"new-{number}", "price_currency": "EUR", "price": "1.00"} | row
        data |= {f"stockrecords-{number}-{name}": value for name, value in fields.items()}
    bound = views.StockRecordFormSet(product.product_class, staff, data, instance=product)
    return bound, data


def test_seller_is_not_attached_to_a_plan(shop, staff):
    seller = shop.make_seller()
    seller.partner.name = "Ada Martin"
    seller.partner.save()
    bound, _data = formset(shop, staff, shop.plan.product, {"partner": seller.partner_id})
    assert "Ada Martin can't offer it" in " ".join(bound.non_form_errors())


def test_other_vendor_of_the_shop_may_sell_a_plan(shop, staff):
    other = Partner.objects.create(name="Edition")
    bound, _data = formset(shop, staff, shop.plan.product, {"partner": other.pk})
    assert bound.is_valid(), (bound.errors, bound.non_form_errors())


def test_seller_may_be_attached_to_any_other_product(shop, staff):
    seller = shop.make_seller()
    service = shop.make_service(shop.make_seller("other"))
    bound, _data = formset(shop, staff, service, {"partner": seller.partner_id})
    assert bound.is_valid(), (bound.errors, bound.non_form_errors())


def test_stock_record_that_a_plan_is_sold_from_is_not_deleted(shop, staff):
    product = shop.plan.product
    _bound, data = formset(shop, staff, product)
    data |= {"stockrecords-0-DELETE": "on"}
    bound = views.StockRecordFormSet(product.product_class, staff, data, instance=product)
    assert "needs a price" in " ".join(bound.non_form_errors())


def test_stranger_is_removed_while_the_price_stays(shop, staff):
    shop.attach_first(shop.make_seller())
    product = shop.plan.product
    _bound, data = formset(shop, staff, product)
    refused = views.StockRecordFormSet(product.product_class, staff, data, instance=product)
    assert not refused.is_valid()
    data |= {"stockrecords-0-DELETE": "on"}
    bound = views.StockRecordFormSet(product.product_class, staff, data, instance=product)
    assert bound.is_valid(), (bound.errors, bound.non_form_errors())
