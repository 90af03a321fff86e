"""The billing address."""

from typing import Any

from oscar.core.loading import get_class, get_model

BillingAddressForm: Any = get_class("payment.forms", "BillingAddressForm")


class PlanBillingForm(BillingAddressForm):
    """Oscar's billing address, prefilled from what the member told us before."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        known = self._known_address()
        if "instance" not in kwargs and known is not None:
            kwargs["instance"] = self._copy(known)
        kwargs["initial"] = self._profile() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["country"].empty_label = None

    def address(self) -> Any:
        """Return the billing address of the order, not saved yet."""
        return self.save(commit=False)

    def keep_for_next_time(self) -> None:
        """Save what was typed: the address as the default one, the name where there was none.

        Oscar has put the address into the address book with the order.
        """
        entry = self.user.addresses.filter(hash=self.instance.generate_hash()).first()
        if entry is not None and not entry.is_default_for_billing:
            entry.is_default_for_billing = True
            entry.save()
        if not self.user.get_full_name().strip():
            self.user.first_name = self.instance.first_name[:150]
            self.user.last_name = self.instance.last_name[:150]
            self.user.save(update_fields=["first_name", "last_name"])

    def _known_address(self) -> Any | None:
        addresses = self.user.addresses.select_related("country")
        return addresses.order_by(
            "-is_default_for_billing", "-is_default_for_shipping", "-date_created"
        ).first()

    def _copy(self, known: Any) -> Any:
        billing_address = get_model("order", "BillingAddress")()
        known.populate_alternative_model(billing_address)
        return billing_address

    def _profile(self) -> dict[str, Any]:
        if self._known_address() is not None:
            return {}
        Country = get_model("address", "Country")
        return {
            "first_name": self.user.first_name,
            "last_name": self.user.last_name,
            "country": Country.objects.order_by("-display_order", "printable_name").first(),
        }
