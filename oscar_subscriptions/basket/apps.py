from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    """Oscar's basket app, in which a plan is alone and bought once."""

    name = "oscar_subscriptions.basket"
