"""The forms of the order page, under one label for a shop's fork."""

from oscar_subscriptions.checkout.order_forms.beginning import BeginningForm
from oscar_subscriptions.checkout.order_forms.billing import PlanBillingForm
from oscar_subscriptions.checkout.order_forms.consent import ConsentForm
from oscar_subscriptions.checkout.order_forms.renewal import RenewalForm

__all__ = ["BeginningForm", "ConsentForm", "PlanBillingForm", "RenewalForm"]
