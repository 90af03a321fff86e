"""The doctor knows the services that are where they should not be."""

from oscar.core.loading import get_model

from oscar_subscriptions.daily_run import doctor, services_doctor

Product = get_model("catalogue", "Product")


def found(examination):
    return [finding.code for finding in examination()]


def test_the_doctor_asks_all_of_them(db):
    names = []
    list(doctor.examine(names.append))
    assert {"services of sellers", "text of services", "products of nobody"} <= set(names)


def test_public_products_that_nobody_sells_are_named_and_hidden_ones_are_not(shop):
    service = shop.make_service(shop.make_seller())
    assert found(services_doctor.products_of_nobody) == []
    service.stockrecords.all().delete()
    assert found(services_doctor.products_of_nobody) == ["product-without-price"]
    Product.objects.update(is_public=False)
    assert found(services_doctor.products_of_nobody) == []


def test_text_that_no_form_has_sanitised_is_found_and_sanitised(shop):
    service = shop.make_service(shop.make_seller())
    Product.objects.filter(pk=service.pk).update(description="<p>x</p><script>1</script>")
    [finding] = services_doctor.text_of_services()
    assert finding.code == "html-not-sanitised"
    finding.fix()
    service.refresh_from_db()
    assert service.description == "<p>x</p>"
    assert found(services_doctor.text_of_services) == []
