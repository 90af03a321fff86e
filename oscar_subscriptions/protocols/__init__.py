"""Names for what there is, for the type checker and for editors. Imported under ``TYPE_CHECKING``.

Our rows are the concrete models; a shop that replaces one inherits from the same abstract model.
Oscar is untyped, so its rows are protocols with the attributes that this package uses.
"""

from django.contrib.auth.models import AnonymousUser, User

from oscar_subscriptions.models import (
    Alert,
    AutoRenewal,
    Checkpoint,
    Consent,
    JournalEntry,
    OutboxMail,
    ParkedListing,
    Plan,
    PlannedRenewal,
    Receipt,
    ReceiptCounter,
    Seller,
    Subscription,
    TakeDown,
    Term,
    TermsOfSale,
)
from oscar_subscriptions.protocols.addresses import Address, PartnerAddress, PersonAddress
from oscar_subscriptions.protocols.oscar import (
    Basket,
    BasketLine,
    Order,
    OrderLine,
    Partner,
    Price,
    Product,
    Source,
    StockRecord,
    Strategy,
)
from oscar_subscriptions.protocols.requests import Request, StaffRequest, Submission
from oscar_subscriptions.protocols.rows import Rows

# Who looks at a page: a member, or nobody that is known.
Visitor = User | AnonymousUser

__all__ = [
    "Address",
    "Alert",
    "AnonymousUser",
    "AutoRenewal",
    "Basket",
    "BasketLine",
    "Checkpoint",
    "Consent",
    "JournalEntry",
    "Order",
    "OrderLine",
    "OutboxMail",
    "ParkedListing",
    "Partner",
    "PartnerAddress",
    "PersonAddress",
    "Plan",
    "PlannedRenewal",
    "Price",
    "Product",
    "Receipt",
    "ReceiptCounter",
    "Request",
    "Rows",
    "Seller",
    "Source",
    "StaffRequest",
    "StockRecord",
    "Strategy",
    "Submission",
    "Subscription",
    "TakeDown",
    "Term",
    "TermsOfSale",
    "User",
    "Visitor",
]
