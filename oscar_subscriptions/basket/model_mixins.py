"""The plan rules of the basket itself, as a mixin for a shop's own basket app; forms and view have
theirs in ``mixins``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from oscar_subscriptions.plans import eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Basket, BasketLine, Plan, Product, Rows
    from oscar_subscriptions.protocols.bases import AbstractBasket
else:
    AbstractBasket = object


class PlanBasketMixin(AbstractBasket):
    """Keeps a plan alone in its basket when two baskets merge on sign-in, and its quantity at 1.

    Its lines are read once, with what every page asks about their products.
    """

    def all_lines(self) -> Rows:
        """Return the lines, as Oscar does, with class, plan and stock records of their products."""
        are_known = self._lines is not None
        lines = super().all_lines()
        if self._lines is not None and not are_known:
            lines = self._lines = lines.select_related(
                "product__product_class", "product__subscription_plan"
            ).prefetch_related("product__stockrecords")
        return lines

    @property
    def num_lines(self) -> int:
        """The number of lines; Oscar counts them in the database, and reads them afterwards."""
        return len(self.all_lines())

    def add_product(
        self, product: Product, quantity: int = 1, options: Iterable[object] | None = None
    ) -> tuple[BasketLine, bool]:
        """Add a product; a plan at most once, also when an old order is ordered again.

        Returns:
            The line, and whether it is new.
        """
        line, created = super().add_product(product, quantity, options)
        if line.quantity > 1 and eligibility.plan_for_product(product):
            line.quantity = 1
            line.save()
        return line, created

    add_product.alters_data = True  # type: ignore[attr-defined]
    add = add_product

    def merge(self, basket: Basket, add_quantities: bool = True) -> None:
        """Merge ``basket`` into this one; save for later each line that does not fit beside a plan.

        The lines of the member's own basket stay. The basket page lists the saved ones.
        """
        if self.owner_id:
            self._save_what_does_not_fit(basket)
        super().merge(basket, add_quantities)

    merge.alters_data = True  # type: ignore[attr-defined]

    def merge_line(self, line: BasketLine, add_quantities: bool = True) -> None:
        """Merge one line; the quantity of a plan stays 1."""
        plan: Plan | None = eligibility.plan_for_product(line.product)
        super().merge_line(line, add_quantities and plan is None)
        if plan is not None:
            self.lines.filter(product=line.product).update(quantity=1)
            self._lines = None  # Oscar's cache of ``all_lines``

    merge_line.alters_data = True  # type: ignore[attr-defined]

    def _save_what_does_not_fit(self, basket: Basket) -> None:
        own: list[BasketLine] = list(self.lines.all())
        incoming: list[BasketLine] = list(basket.lines.select_related("product"))
        plans = eligibility.plans_among([*own, *incoming])
        has_plan = any(line.product_id in plans for line in own)
        for line in incoming:
            same_plan = line.product_id in plans and line.product_id in {o.product_id for o in own}
            fits = same_plan or not (has_plan or (line.product_id in plans and own))
            if not fits:
                self._saved_basket().merge_line(line)
            else:
                own.append(line)
                has_plan = has_plan or line.product_id in plans

    def _saved_basket(self) -> Basket:
        saved: tuple[Basket, bool] = type(self).saved.get_or_create(owner=self.owner)
        return saved[0]
