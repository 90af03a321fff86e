"""What is in the baskets of the shop."""

from oscar.core.loading import get_model

Basket = get_model("basket", "Basket")


def lines():
    """Return title and quantity of each line of the open baskets, sorted."""
    return sorted(
        (line.product.title, line.quantity)
        for basket in Basket.open.all()
        for line in basket.lines.all()
    )


def saved():
    """Return the titles of what is saved for later."""
    return [line.product.title for basket in Basket.saved.all() for line in basket.lines.all()]
