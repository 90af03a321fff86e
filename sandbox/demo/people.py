"""Who walks, what they are called, and what they buy."""

from dataclasses import dataclass, field

from shop.demo_data import people

# The password of everybody who registers on the way; never the one of the demo accounts.
NEW_PASSWORD = "quite-a-walk-2026"
PLANS = ["Abonnement Bronze", "Abonnement Silver", "Abonnement Gold"]


@dataclass(frozen=True)
class Member:
    """A member on the way.

    Attributes:
        billing: what the billing form asks for, by field.
        plan: title of the plan that this member buys.
        price: what it costs, in whole euros, VAT included.
    """

    email: str
    password: str
    plan: str
    price: int
    billing: dict[str, str] = field(default_factory=dict)
    is_new: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.billing['first_name']} {self.billing['last_name']}"


_known = people.MEMBER
CAMILLE = Member(
    email=_known.email,
    password=people.PASSWORD,
    plan="Abonnement Silver",
    price=240,
    billing={
        "first_name": _known.first_name,
        "last_name": _known.last_name,
        **dict(zip(("line1", "line4", "postcode"), _known.address, strict=True)),
    },
)
JANE = Member(
    email="jane@example.com",
    password=NEW_PASSWORD,
    plan="Abonnement Gold",
    price=480,
    billing={
        "first_name": "Jane",
        "last_name": "Porter",
        "line1": "8 quai des Chartrons",
        "line4": "Bordeaux",
        "postcode": "33000",
    },
    is_new=True,
)
