"""The billing address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Case, Exists, Q, Value, When
from django.forms.models import ModelChoiceIterator
from django.utils.functional import cached_property
from oscar.core.loading import get_class, get_model

if TYPE_CHECKING:
    from django.db.models import Model
    from django.forms import ModelChoiceField

    from oscar_subscriptions.protocols import PersonAddress, Rows, User
    from oscar_subscriptions.protocols.bases import BillingAddressForm

    Choices = ModelChoiceIterator[Any]
else:
    Choices = ModelChoiceIterator
    BillingAddressForm = get_class("payment.forms", "BillingAddressForm")


class _ReadOnce(Choices):
    """Django asks for choices twice: to draw them, and whether the first one is a blank."""

    _read: list[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        if self._read is None:
            self._read = [*super().__iter__()]  # ``list`` would count them first
        return iter(self._read)


class PlanBillingForm(BillingAddressForm):
    """Oscar's form, prefilled from the member's address book, or else from the profile.

    Args:
        user: the member.
    """

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        if "instance" not in kwargs and self._known_address is not None:
            kwargs["instance"] = self._copy(self._known_address)
        kwargs["initial"] = self._profile() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        country = cast("ModelChoiceField[Model]", self.fields["country"])
        country.empty_label = None
        country.iterator = _ReadOnce
        country.widget.choices = country.choices

    def address(self) -> PersonAddress:
        """Return the billing address of the order, not saved yet."""
        return self.save(commit=False)

    def keep_for_next_time(self) -> None:
        """Make the address the default for billing, and name a member who has no name.

        Oscar has put the address into the address book with the order.
        """
        book: Any = self._address_book()
        this = Q(hash=self.instance.generate_hash())
        # One statement for both: there is one default.
        rows = book.filter(this | Q(is_default_for_billing=True)).filter(Exists(book.filter(this)))
        rows.update(is_default_for_billing=Case(When(this, Value(True)), default=Value(False)))
        if not self.user.get_full_name().strip():
            self.user.first_name = self.instance.first_name[:150]
            self.user.last_name = self.instance.last_name[:150]
            self.user.save(update_fields=["first_name", "last_name"])

    def _address_book(self) -> Rows:
        return get_model("address", "UserAddress").objects.filter(user=self.user)

    @cached_property
    def _known_address(self) -> PersonAddress | None:
        addresses = self._address_book().select_related("country")
        return addresses.order_by(
            "-is_default_for_billing", "-is_default_for_shipping", "-date_created"
        ).first()

    def _copy(self, known: PersonAddress) -> PersonAddress:
        billing_address: PersonAddress = get_model("order", "BillingAddress")()
        known.populate_alternative_model(billing_address)
        return billing_address

    def _profile(self) -> dict[str, object]:
        if self._known_address is not None:
            return {}
        # The country is the first one that the form offers.
        return {"first_name": self.user.first_name, "last_name": self.user.last_name}
