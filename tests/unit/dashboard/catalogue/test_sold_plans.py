"""Which products sell a plan."""

from oscar.core.loading import get_model

from oscar_subscriptions.dashboard.catalogue import sold_plans

Product = get_model("catalogue", "Product")


def test_plan_is_found_by_its_product_and_by_the_parent_of_it(shop):
    assert sold_plans.plan_sold_as(shop.plan.product_id) == shop.plan
    parent = Product.objects.create(
        title="Parent", structure=Product.PARENT, product_class=shop.product_class
    )
    Product.objects.filter(pk=shop.plan.product_id).update(
        structure=Product.CHILD, parent=parent, product_class=None
    )
    sibling = Product.objects.create(title="Other", structure=Product.CHILD, parent=parent)
    assert sold_plans.plan_sold_as(parent.pk) == shop.plan
    assert sold_plans.plan_sold_as(sibling.pk) is None
    assert sold_plans.plan_sold_as(None) is None
