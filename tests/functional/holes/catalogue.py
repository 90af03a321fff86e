"""Products in Oscar's catalogue dashboard, as the attacks need them."""

from typing import Any

from django.urls import reverse
from oscar.core.loading import get_model

from tests.functional import pages


def attach(seller: Any, product: Any, price: str = "0.01", **fields: Any) -> Any:
    """Return a stock record of ``seller`` on ``product``, as a mistake of staff would make it."""
    return get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=seller.partner,
        partner_sku=f"mine-{product.pk}",
        price_currency="EUR",
        price=price,
        **fields,
    )


def product_url(product: Any) -> str:
    """Return the address of ``product`` in Oscar's catalogue dashboard."""
    return reverse("dashboard:catalogue-product", kwargs={"pk": product.pk})


def product_form(browser: Any, url: str) -> dict[str, str]:
    """Return what the browser would send of Oscar's product form at ``url``."""
    return pages.form_values(browser.get(url), "create_update_product_form")


def create_product(desk: Any, shop: Any, partner: Any, **changes: Any) -> Any:
    """Let a partner user fill in Oscar's form of a new product of the class of the plans."""
    url = reverse(
        "dashboard:catalogue-product-create",
        kwargs={"product_class_slug": shop.product_class.slug},
    )
    values = product_form(desk, url) | {
        "title": "Silver",
        "is_public": "on",
        "productcategory_set-0-category": shop.category.pk,
        "stockrecords-0-partner": partner.pk,
        "stockrecords-0-partner_sku": "clone",
        "stockrecords-0-price_currency": "EUR",
        "stockrecords-0-price": "0.01",
    }
    return desk.post(url, values | changes, follow=True)
