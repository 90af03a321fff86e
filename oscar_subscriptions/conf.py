"""The settings of the extension, read at call time so that a shop and its tests can change them.

Every setting is optional. A shop writes ``OSCAR_SUBSCRIPTIONS_<NAME>`` in its Django settings;
code reads ``conf.settings.<NAME>``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.conf import settings as django_settings
from django.utils import timezone

PREFIX = "OSCAR_SUBSCRIPTIONS_"

Value = TypeVar("Value")


def _setting(name: str, default: Value) -> Value:
    return getattr(django_settings, PREFIX + name, default)


class Settings:
    """One property for each setting."""

    @property
    def GATEWAY(self) -> str:
        """Dotted path of the ``gateway.Gateway`` that collects the money of plan orders."""
        return _setting("GATEWAY", "oscar_subscriptions.payments.gateway.StripeCheckoutGateway")

    @property
    def PAID_ORDER_STATUSES(self) -> tuple[str, ...]:
        """Order statuses that staff set by hand and that mean "paid" (cheque, transfer).

        Ignored for orders that contain a line of a seller, because sellers can change the status
        of such orders.
        """
        return tuple(_setting("PAID_ORDER_STATUSES", ()))

    @property
    def PAID_STATUS(self) -> str:
        """Order status set once the provider has confirmed the money, if the pipeline allows it."""
        return _setting("PAID_STATUS", "Paid")

    @property
    def CANCELLED_STATUS(self) -> str:
        """Order status set once an unpaid order is cancelled, if the pipeline allows it."""
        return _setting("CANCELLED_STATUS", "Cancelled")

    @property
    def ALLOW_FREE(self) -> bool:
        """Whether an order with a total of zero (a 100 % voucher) may grant a term."""
        return bool(_setting("ALLOW_FREE", False))

    @property
    def SERVICE_PRODUCT_CLASS(self) -> str:
        """Name of the product class of the services that sellers add; created on first use."""
        return _setting("SERVICE_PRODUCT_CLASS", "Service")

    @property
    def SERVICE_CATEGORY(self) -> str | None:
        """Slug of the category whose descendants sellers may choose; ``None``: every public one."""
        return _setting("SERVICE_CATEGORY", None)

    @property
    def TERMS_OF_USE_URL(self) -> str | None:
        """Path or URL name of the shop's terms of use; ``None``: no link is shown."""
        return _setting("TERMS_OF_USE_URL", None)

    @property
    def PHISHING_CONTACT(self) -> str:
        """E-mail address to which members report a page that asks for a card's secret code."""
        default = getattr(django_settings, "OSCAR_FROM_EMAIL", django_settings.DEFAULT_FROM_EMAIL)
        return _setting("PHISHING_CONTACT", default)

    @property
    def PROVIDER_TIMEOUT(self) -> int:
        """Seconds to wait for a response from the payment provider."""
        return int(_setting("PROVIDER_TIMEOUT", 10))

    @property
    def SESSION_MINUTES(self) -> int:
        """Lifetime of a hosted payment page in minutes; Stripe accepts 30 to 1440."""
        return int(_setting("SESSION_MINUTES", 60))

    @property
    def KEEP_CARD_DETAILS(self) -> bool:
        """Whether dj-stripe may store the last digits and the expiry date of cards."""
        return bool(_setting("KEEP_CARD_DETAILS", False))

    @property
    def KEEP_PAYER_DETAILS(self) -> bool:
        """Whether dj-stripe may store the names and addresses of payers and customers."""
        return bool(_setting("KEEP_PAYER_DETAILS", False))

    @property
    def CREDIT_POLICY(self) -> str:
        """Dotted path of the function that returns the days that a change of plan credits."""
        return _setting("CREDIT_POLICY", "oscar_subscriptions.plans.changes.no_credit")

    @property
    def SERVED_STATUS(self) -> str:
        """Status that a seller gives an order line once the service was provided, if
        ``OSCAR_LINE_STATUS_PIPELINE`` allows it."""
        return _setting("SERVED_STATUS", "Served")

    @property
    def ORDER_DAYS(self) -> int:
        """Days for which an unpaid order keeps its price and conditions; then it is cancelled."""
        return int(_setting("ORDER_DAYS", 7))

    @property
    def AUTO_RENEWAL(self) -> bool:
        """Whether members may choose automatic renewal."""
        return bool(_setting("AUTO_RENEWAL", False))

    @property
    def RENEWAL_NOTICE_DAYS(self) -> int:
        """Minimum days from the announcement of an automatic renewal to its charge: 32 to 90, by
        French law."""
        return int(_setting("RENEWAL_NOTICE_DAYS", 45))

    @property
    def RENEWAL_CHARGE_DAYS(self) -> int:
        """Days before the last day of the term on which its automatic renewal is charged."""
        return int(_setting("RENEWAL_CHARGE_DAYS", 7))

    @property
    def RENEWAL_RETRY_DAYS(self) -> tuple[int, ...]:
        """Days after the day of the charge on which it is attempted; the first is 0."""
        return tuple(_setting("RENEWAL_RETRY_DAYS", (0, 3, 7)))

    @property
    def FULL_REFUND_POLICY(self) -> str:
        """Effect of a full refund on the term: ``revoke``, ``suspend``, ``alert`` (an operator) or
        ``nothing``."""
        return _setting("FULL_REFUND_POLICY", "revoke")

    @property
    def PARTIAL_REFUND_POLICY(self) -> str:
        """The same for partial refunds; several add up."""
        return _setting("PARTIAL_REFUND_POLICY", "alert")

    @property
    def INQUIRY_POLICY(self) -> str:
        """The same for an inquiry by the member's bank, which takes no money yet."""
        return _setting("INQUIRY_POLICY", "nothing")

    @property
    def OPEN_DISPUTE_POLICY(self) -> str:
        """The same for an open dispute: the bank has taken the money for the time being."""
        return _setting("OPEN_DISPUTE_POLICY", "suspend")

    @property
    def LOST_DISPUTE_POLICY(self) -> str:
        """The same for a lost dispute."""
        return _setting("LOST_DISPUTE_POLICY", "revoke")

    @property
    def WON_DISPUTE_POLICY(self) -> str:
        """Effect of a won dispute: ``restore`` the term, or leave it suspended and ``alert`` an
        operator."""
        return _setting("WON_DISPUTE_POLICY", "restore")

    @property
    def REFUND_SECOND_PAYMENT(self) -> bool:
        """Whether a second payment of the same order is refunded at once, not only reported."""
        return bool(_setting("REFUND_SECOND_PAYMENT", False))

    @property
    def RECHECKS_PER_RUN(self) -> int:
        """Number of paid charges that one run rechecks, those unchecked for longest first."""
        return int(_setting("RECHECKS_PER_RUN", 1000))

    @property
    def ROWS_PER_TASK(self) -> int:
        """How many primary keys one Celery task looks at, where the run is carried out by Celery:
        a step about more is shared out."""
        return int(_setting("ROWS_PER_TASK", 50_000))

    @property
    def DOCTOR_QUESTIONS(self) -> int:
        """Number of payments about which the doctor asks the provider at a time, those that were
        asked about longest ago first; also of the pages of 100 that it reads of each of the
        provider's lists."""
        return int(_setting("DOCTOR_QUESTIONS", 500))

    @property
    def RUN_HOURS(self) -> int:
        """Hours since the last daily run after which a missing run is reported."""
        return int(_setting("RUN_HOURS", 26))

    @property
    def REMINDER_DAYS(self) -> tuple[int, ...]:
        """Days before the last day on which members are reminded of it, in any order; empty: mail
        is sent about the last day itself and the end only."""
        return tuple(sorted({int(days) for days in _setting("REMINDER_DAYS", (30, 7, 1))}))

    @property
    def VENDOR_DETAILS(self) -> tuple[str, ...]:
        """Lines for receipts that Oscar's partner does not store: registration and VAT numbers,
        legal form, or the address if the partner has none. A tuple of lines, or one text.
        """
        details: str | Iterable[object] = _setting("VENDOR_DETAILS", ())
        lines = details.splitlines() if isinstance(details, str) else details
        return tuple(str(line).strip() for line in lines if str(line).strip())

    @property
    def RECEIPT_FONT(self) -> str | None:
        """Path of a TrueType or OpenType font for receipts, for names with other than Western
        European letters; ``None``: Helvetica, and those letters are transliterated.
        """
        font: object = _setting("RECEIPT_FONT", None)
        return str(font) if font else None

    @property
    def BASE_URL(self) -> str | None:
        """Scheme and host for links in e-mails; ``None``: ``https://`` and the current Site."""
        return _setting("BASE_URL", None)


settings = Settings()


def today() -> date:
    """Return today's date in the shop's own timezone (``TIME_ZONE``).

    Plain ``timezone.localdate()`` follows the timezone that a request activated, so that the last
    day of a term would depend on the visitor.
    """
    return timezone.localdate(timezone=timezone.get_default_timezone())
