from oscar.apps.basket import forms

from oscar_subscriptions.basket import mixins


class AddToBasketForm(mixins.PlanAddToBasketFormMixin, forms.AddToBasketForm):
    pass


class SimpleAddToBasketForm(forms.SimpleAddToBasketMixin, AddToBasketForm):
    pass


class BasketLineForm(mixins.PlanBasketLineFormMixin, forms.BasketLineForm):
    pass


class SavedLineForm(mixins.PlanSavedLineFormMixin, forms.SavedLineForm):
    pass
