"""The settings about orders and their money."""

from __future__ import annotations

from django.conf import settings as django_settings

from oscar_subscriptions.conf.reading import read


class PaymentSettings:
    """Which orders count as paid, how the provider is asked, and what a refund does to a term."""

    @property
    def GATEWAY(self) -> str:
        """Dotted path of the ``gateway.Gateway`` that collects the money of plan orders."""
        return read("GATEWAY", "oscar_subscriptions.payments.gateway.StripeCheckoutGateway")

    @property
    def PAID_ORDER_STATUSES(self) -> tuple[str, ...]:
        """Order statuses that staff set by hand and that mean "paid" (cheque, transfer).

        Ignored for orders that contain a line of a seller, because sellers can change the status
        of such orders.
        """
        return tuple(read("PAID_ORDER_STATUSES", ()))

    @property
    def PAID_STATUS(self) -> str:
        """Order status set once the provider has confirmed the money, if the pipeline allows it."""
        return read("PAID_STATUS", "Paid")

    @property
    def CANCELLED_STATUS(self) -> str:
        """Order status set once an unpaid order is cancelled, if the pipeline allows it."""
        return read("CANCELLED_STATUS", "Cancelled")

    @property
    def ALLOW_FREE(self) -> bool:
        """Whether an order with a total of zero (a 100 % voucher) may grant a term."""
        return bool(read("ALLOW_FREE", False))

    @property
    def ORDER_DAYS(self) -> int:
        """Days for which an unpaid order keeps its price and conditions; then it is cancelled."""
        return int(read("ORDER_DAYS", 7))

    @property
    def PROVIDER_TIMEOUT(self) -> int:
        """Seconds to wait for a response from the payment provider."""
        return int(read("PROVIDER_TIMEOUT", 10))

    @property
    def SESSION_MINUTES(self) -> int:
        """Lifetime of a hosted payment page in minutes; Stripe accepts 30 to 1440."""
        return int(read("SESSION_MINUTES", 60))

    @property
    def PHISHING_CONTACT(self) -> str:
        """E-mail address to which members report a page that asks for a card's secret code."""
        default = getattr(django_settings, "OSCAR_FROM_EMAIL", django_settings.DEFAULT_FROM_EMAIL)
        return read("PHISHING_CONTACT", default)

    @property
    def KEEP_CARD_DETAILS(self) -> bool:
        """Whether dj-stripe may store the last digits and the expiry date of cards."""
        return bool(read("KEEP_CARD_DETAILS", False))

    @property
    def KEEP_PAYER_DETAILS(self) -> bool:
        """Whether dj-stripe may store the names and addresses of payers and customers."""
        return bool(read("KEEP_PAYER_DETAILS", False))

    @property
    def FULL_REFUND_POLICY(self) -> str:
        """Effect of a full refund on the term: ``revoke``, ``suspend``, ``alert`` (an operator) or
        ``nothing``."""
        return read("FULL_REFUND_POLICY", "revoke")

    @property
    def PARTIAL_REFUND_POLICY(self) -> str:
        """The same for partial refunds; several add up."""
        return read("PARTIAL_REFUND_POLICY", "alert")

    @property
    def INQUIRY_POLICY(self) -> str:
        """The same for an inquiry by the member's bank, which takes no money yet."""
        return read("INQUIRY_POLICY", "nothing")

    @property
    def OPEN_DISPUTE_POLICY(self) -> str:
        """The same for an open dispute: the bank has taken the money for the time being."""
        return read("OPEN_DISPUTE_POLICY", "suspend")

    @property
    def LOST_DISPUTE_POLICY(self) -> str:
        """The same for a lost dispute."""
        return read("LOST_DISPUTE_POLICY", "revoke")

    @property
    def WON_DISPUTE_POLICY(self) -> str:
        """Effect of a won dispute: ``restore`` the term, or leave it suspended and ``alert`` an
        operator."""
        return read("WON_DISPUTE_POLICY", "restore")

    @property
    def REFUND_SECOND_PAYMENT(self) -> bool:
        """Whether a second payment of the same order is refunded at once, not only reported."""
        return bool(read("REFUND_SECOND_PAYMENT", False))

    @property
    def RECHECKS_PER_RUN(self) -> int:
        """Number of paid charges that one run rechecks, those unchecked for longest first."""
        return int(read("RECHECKS_PER_RUN", 1000))
