"""The shop of the tests gives what Oscar itself would give."""

from django.forms import model_to_dict

# Of the one order, and when it was placed.
OWN = ("id", "number", "basket", "order", "line_reference", "date_placed")


def written(row):
    """Return the fields of a row that two orders of the same plan share."""
    row.refresh_from_db()
    return {name: value for name, value in model_to_dict(row).items() if name not in OWN}


def test_order_that_is_written_directly_equals_the_one_of_oscars_creator(shop):
    user = shop.make_user()
    direct, placed = shop.make_order(user), shop.order_products(user, [shop.plan.product])
    assert written(direct) == written(placed)
    assert written(direct.lines.get()) == written(placed.lines.get())
    assert direct.basket.status == placed.basket.status == "Submitted"
    for order in (direct, placed):
        assert order.number == f"{100000 + order.basket_id}"
