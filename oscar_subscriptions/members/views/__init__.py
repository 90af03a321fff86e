"""Every page of a member, under one label for a shop's fork: ``get_class("members.views", …)``."""

from oscar_subscriptions.members.views.auto_renewal import (
    RenewalOffView,
    RenewalOnView,
    RenewalView,
)
from oscar_subscriptions.members.views.my_data import MyDataView
from oscar_subscriptions.members.views.order_link import OrderLinkView
from oscar_subscriptions.members.views.orders import LineServedView, SellerOrdersView
from oscar_subscriptions.members.views.plans import (
    GuideView,
    MySubscriptionView,
    PlanListView,
    TermsOfSaleView,
)
from oscar_subscriptions.members.views.receipts import ReceiptView
from oscar_subscriptions.members.views.renewal import (
    LastDayView,
    RenewView,
    SwitchRemindersView,
    UnsubscribeView,
)
from oscar_subscriptions.members.views.seller import SellerView
from oscar_subscriptions.members.views.services import (
    MemberSpaceView,
    ServiceAddView,
    ServiceChooseView,
    ServiceEditView,
    ServicePublishView,
    ServiceWithdrawView,
)

__all__ = [
    "GuideView",
    "LastDayView",
    "LineServedView",
    "MemberSpaceView",
    "MyDataView",
    "MySubscriptionView",
    "OrderLinkView",
    "PlanListView",
    "ReceiptView",
    "RenewView",
    "RenewalOffView",
    "RenewalOnView",
    "RenewalView",
    "SellerOrdersView",
    "SellerView",
    "ServiceAddView",
    "ServiceChooseView",
    "ServiceEditView",
    "ServicePublishView",
    "ServiceWithdrawView",
    "SwitchRemindersView",
    "TermsOfSaleView",
    "UnsubscribeView",
]
