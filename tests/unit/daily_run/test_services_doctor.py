"""The doctor knows the services that are where they should not be."""

from datetime import timedelta

from oscar.core.loading import get_model

from oscar_subscriptions import conf
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


def test_attributes_with_html_that_no_form_has_sanitised_are_found_and_sanitised(shop):
    service = shop.make_service(shop.make_seller())
    attribute = service.get_product_class().attributes.create(
        name="More", code="more", type="richtext"
    )
    value = service.attribute_values.create(attribute=attribute, value_richtext="<p>x</p>")
    assert found(services_doctor.text_of_services) == []
    type(value).objects.update(value_richtext="<p>x</p><script>1</script>")
    [finding] = services_doctor.text_of_services()
    finding.fix()
    value.refresh_from_db()
    assert value.value_richtext == "<p>x</p>"
    assert found(services_doctor.text_of_services) == []


def test_text_of_a_product_whose_variants_a_seller_sells_is_looked_at(shop):
    service = shop.make_service(shop.make_seller())
    family = Product.objects.create(
        structure="parent",
        title="Family",
        product_class=service.product_class,
        description="<p>x</p><script>1</script>",
    )
    assert found(services_doctor.text_of_services) == []
    Product.objects.filter(pk=service.pk).update(structure="child", parent=family)
    [finding] = services_doctor.text_of_services()
    assert finding.subject == f"Family ({family.pk})"


def test_statements_do_not_grow_with_services(shop, django_assert_max_num_queries):
    seller = shop.make_seller()

    def examine():
        for examination in (services_doctor.text_of_services, services_doctor.products_of_nobody):
            assert found(examination) == []

    shop.make_service(seller)
    with django_assert_max_num_queries(10) as with_1:
        examine()
    for number in range(5):
        shop.make_service(seller, title=f"Service {number}")
    with django_assert_max_num_queries(len(with_1)):
        examine()


def test_services_of_a_lapsed_seller_are_parked_and_those_of_a_returned_one_brought_back(shop):
    seller = shop.make_seller(starts_on=conf.today() - timedelta(days=400))
    service = shop.make_service(seller)
    [finding] = services_doctor.services_of_sellers()
    assert (finding.code, finding.subject) == ("services-of-lapsed-seller", str(seller))
    finding.fix()
    service.refresh_from_db()
    assert not service.is_public and not [*services_doctor.services_of_sellers()]
    shop.grant(seller.user)
    [finding] = services_doctor.services_of_sellers()
    assert finding.code == "services-of-active-seller"
    finding.fix()
    service.refresh_from_db()
    assert service.is_public and not [*services_doctor.services_of_sellers()]
