from oscar.apps.checkout import views

from oscar_subscriptions.checkout import mixins


class IndexView(mixins.PlanIndexMixin, views.IndexView):
    pass


class PaymentDetailsView(mixins.PlanOrderMixin, views.PaymentDetailsView):
    pass


class ThankYouView(mixins.PlanThankYouMixin, views.ThankYouView):
    pass
