from oscar.apps.checkout import apps


class CheckoutConfig(apps.CheckoutConfig):
    """Oscar's checkout app, in which a plan is ordered first and paid afterwards."""

    name = "oscar_subscriptions.checkout"
