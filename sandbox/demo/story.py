"""The 14 steps in their order. The docstring of a step is what it promises."""

from collections.abc import Callable
from functools import wraps

from demo import arriving, ordering, paying, selling
from demo.visitor import Visitor

Step = Callable[[list[Visitor]], None]


def _each(step: Callable[[Visitor], None]) -> Step:
    @wraps(step)
    def of_all(members: list[Visitor]) -> None:
        for member in members:
            step(member)

    return of_all


STEPS: list[Step] = [
    _each(arriving.picks_a_plan_and_signs_in),
    _each(arriving.finds_the_plans),
    _each(arriving.chooses_a_plan),
    _each(arriving.reads_what_the_price_covers),
    _each(arriving.reads_the_page_of_the_plan),
    _each(arriving.fills_the_basket),
    _each(ordering.proceeds_to_the_order_page),
    _each(ordering.finds_the_form_filled_in),
    _each(ordering.accepts_the_terms_and_orders),
    _each(paying.pays),
    _each(paying.is_a_seller_by_the_webhook),
    _each(paying.comes_back),
    _each(selling.sells),
    selling.lives_through_the_year,
]
