"""A member's payment, and what the provider and the member's bank do with it afterwards."""

from typing import Any

from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment, sellers
from oscar_subscriptions.payments.attempts import hosted

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
Order = get_model("order", "Order")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")
Subscription = get_model("oscar_subscriptions", "Subscription")

RETURN = "https://shop.example/"
PRICE = 24_000  # minor units of the plan of ``factories.Shop``


class Payment:
    """The payment of one plan order.

    Args:
        shop: the ``factories.Shop`` of the test.
        standin: the provider.
        user: who orders; default: a new member.
        name: of that new member.
    """

    def __init__(self, shop: Any, standin: Any, user: Any = None, name: str = "member") -> None:
        self.standin = standin
        self.user = user or shop.make_user(name)
        self.order = shop.make_order(self.user)
        shop.keep_consent(self.order)
        # As the checkout does: nobody can wait for a lock on a row that is only being made.
        Subscription.objects.get_or_create(user=self.user, plan=shop.plan)
        self.page = hosted.hosted_page(hosted.begin(self.order), RETURN, RETURN)

    @property
    def attempt(self) -> Any:
        """The attempt, as it is now."""
        return Attempt.objects.get(order=self.order)

    @property
    def term(self) -> Any | None:
        """The term that the order gave, as it is now."""
        return fulfilment.term_of(self.order)

    @property
    def state(self) -> str:
        """What became of the term: "", "valid", "suspended" or "revoked"."""
        term = self.term
        if term is None:
            return ""
        return "revoked" if term.revoked_at else "suspended" if term.suspended_at else "valid"

    @property
    def is_seller(self) -> bool:
        """Whether the member sells today, asked anew."""
        return sellers.is_seller(type(self.user).objects.get(pk=self.user.pk))

    @property
    def session(self) -> str:
        """The provider's id of the page."""
        return self.attempt.session_id

    @property
    def alerts(self) -> list[str]:
        """What operators are told of it and have not resolved: one line each."""
        opened = Alert.objects.open().filter(order=self.order).order_by("pk")
        return [f"{alerts.title(alert)}: {alerts.explanation(alert)}" for alert in opened]

    @property
    def reversals(self) -> list[tuple[str, str, int]]:
        """Kind, status and amount of what was kept."""
        rows = Reversal.objects.filter(attempt__order=self.order).order_by("kind", "pk")
        return list(rows.values_list("kind", "status", "amount"))

    def pay(self, **how: Any) -> "Payment":
        """Pay, and let the shop hear what it hears of it."""
        self.standin.pay(self.session, **how)
        self.standin.flush()
        return self

    def refund(self, amount: int | None = None, **how: Any) -> str:
        """Give ``amount`` or all that is left back; return the refund's id."""
        how = {"amount": amount} | how if amount else how
        return self._told(f"charges/{self.session}/refund", **how)

    def dispute(self, **how: Any) -> str:
        """The bank asks, or takes the money back; return the dispute's id."""
        return self._told(f"charges/{self.session}/dispute", **how)

    def change(self, reversal: str, status: str) -> None:
        """A refund or dispute moves on to ``status``."""
        kind = "refunds" if reversal.startswith("re_") else "disputes"
        self._told(f"{kind}/{reversal}", status=status)

    def _told(self, control: str, **values: Any) -> str:
        made = self.standin.control(control, **values)
        self.standin.flush()
        return made["id"]
