"""The settings of the extension, read at call time so that a shop and its tests can change them.

Every setting is optional. A shop writes ``OSCAR_SUBSCRIPTIONS_<NAME>`` in its Django settings;
code reads ``conf.settings.<NAME>``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from oscar_subscriptions.conf.payments import PaymentSettings
from oscar_subscriptions.conf.reading import PREFIX, read

__all__ = ["PREFIX", "Settings", "settings", "today"]


class Settings(PaymentSettings):
    """One property for each setting."""

    @property
    def SERVICE_PRODUCT_CLASS(self) -> str:
        """Name of the product class of the services that sellers add; created on first use."""
        return read("SERVICE_PRODUCT_CLASS", "Service")

    @property
    def SERVICE_CATEGORY(self) -> str | None:
        """Slug of the category whose descendants sellers may choose; ``None``: every public one."""
        return read("SERVICE_CATEGORY", None)

    @property
    def TERMS_OF_USE_URL(self) -> str | None:
        """Path or URL name of the shop's terms of use; ``None``: no link is shown."""
        return read("TERMS_OF_USE_URL", None)

    @property
    def CREDIT_POLICY(self) -> str:
        """Dotted path of the function that returns the days that a change of plan credits."""
        return read("CREDIT_POLICY", "oscar_subscriptions.plans.changes.no_credit")

    @property
    def SERVED_STATUS(self) -> str:
        """Status that a seller gives an order line once the service was provided, if
        ``OSCAR_LINE_STATUS_PIPELINE`` allows it."""
        return read("SERVED_STATUS", "Served")

    @property
    def AUTO_RENEWAL(self) -> bool:
        """Whether members may choose automatic renewal."""
        return bool(read("AUTO_RENEWAL", False))

    @property
    def RENEWAL_NOTICE_DAYS(self) -> int:
        """Minimum days from the announcement of an automatic renewal to its charge: 32 to 90, by
        French law."""
        return int(read("RENEWAL_NOTICE_DAYS", 45))

    @property
    def RENEWAL_CHARGE_DAYS(self) -> int:
        """Days before the last day of the term on which its automatic renewal is charged."""
        return int(read("RENEWAL_CHARGE_DAYS", 7))

    @property
    def RENEWAL_RETRY_DAYS(self) -> tuple[int, ...]:
        """Days after the day of the charge on which it is attempted; the first is 0."""
        return tuple(read("RENEWAL_RETRY_DAYS", (0, 3, 7)))

    @property
    def ROWS_PER_TASK(self) -> int:
        """How many primary keys one Celery task looks at, where the run is carried out by Celery:
        a step about more is shared out."""
        return int(read("ROWS_PER_TASK", 50_000))

    @property
    def DOCTOR_QUESTIONS(self) -> int:
        """Number of payments about which the doctor asks the provider at a time, those that were
        asked about longest ago first; also of the pages of 100 that it reads of each of the
        provider's lists."""
        return int(read("DOCTOR_QUESTIONS", 500))

    @property
    def RUN_HOURS(self) -> int:
        """Hours since the last daily run after which a missing run is reported."""
        return int(read("RUN_HOURS", 26))

    @property
    def REMINDER_DAYS(self) -> tuple[int, ...]:
        """Days before the last day on which members are reminded of it, in any order; empty: mail
        is sent about the last day itself and the end only."""
        return tuple(sorted({int(days) for days in read("REMINDER_DAYS", (30, 7, 1))}))

    @property
    def VENDOR_DETAILS(self) -> tuple[str, ...]:
        """Lines for receipts that Oscar's partner does not store: registration and VAT numbers,
        legal form, or the address if the partner has none. A tuple of lines, or one text.
        """
        details: str | Iterable[object] = read("VENDOR_DETAILS", ())
        lines = details.splitlines() if isinstance(details, str) else details
        return tuple(str(line).strip() for line in lines if str(line).strip())

    @property
    def RECEIPT_FONT(self) -> str | None:
        """Path of a TrueType or OpenType font for receipts, for names with other than Western
        European letters; ``None``: Helvetica, and those letters are transliterated.
        """
        font: object = read("RECEIPT_FONT", None)
        return str(font) if font else None

    @property
    def BASE_URL(self) -> str | None:
        """Scheme and host for links in e-mails; ``None``: ``https://`` and the current Site."""
        return read("BASE_URL", None)


settings = Settings()


def today() -> date:
    """Return today's date in the shop's own timezone (``TIME_ZONE``).

    Plain ``timezone.localdate()`` follows the timezone that a request activated, so that the last
    day of a term would depend on the visitor.
    """
    return timezone.localdate(timezone=timezone.get_default_timezone())
