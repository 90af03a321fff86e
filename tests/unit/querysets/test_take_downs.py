"""What keeps a service, or a page, out of the shop."""

from oscar.core.loading import get_model

from oscar_subscriptions.sellers import take_downs

TakeDown = get_model("oscar_subscriptions", "TakeDown")


def test_a_page_and_a_service_are_two(shop):
    seller, operator = shop.make_seller(), shop.make_operator()
    service = shop.make_service(seller)
    rows = TakeDown.objects
    assert rows.of_page(seller) is None and rows.of_service(service) is None
    page = take_downs.take_down(seller, reason="A name.", actor=operator)
    assert rows.of_page(seller) == page and rows.of_service(service) is None
    down = take_downs.take_down(seller, service, reason="A copy.", actor=operator)
    assert rows.of_page(seller) == page and rows.of_service(service) == down
    take_downs.lift(page, reason="Mended.", actor=operator)
    assert rows.of_page(seller) is None and list(rows.open()) == [down]
