"""Oscar's basket models; only the behaviour of merging is ours."""

from oscar.apps.basket.abstract_models import AbstractBasket

from oscar_subscriptions.basket.model_mixins import PlanBasketMixin


class Basket(PlanBasketMixin, AbstractBasket):
    pass


from oscar.apps.basket.models import *  # noqa: E402, F403
