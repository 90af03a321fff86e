from oscar.apps.basket import views

from oscar_subscriptions.basket import mixins


class BasketAddView(mixins.PlanBasketAddViewMixin, views.BasketAddView):
    pass
