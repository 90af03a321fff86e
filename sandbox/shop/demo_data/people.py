"""The people one can sign in as. All share one password, printed when the shop starts."""

from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from oscar.core.loading import get_model

PASSWORD = "members-2026"


class Person(NamedTuple):
    """A demo account; ``who`` explains it to whoever tries the sandbox."""

    email: str
    who: str
    first_name: str = ""
    last_name: str = ""
    # street, town, postcode; empty: no address in the address book
    address: tuple[str, ...] = ()
    is_operator: bool = False


OPERATOR = Person(
    "operator@example.com", "operator: dashboard and admin", "Odile", "Perrin", is_operator=True
)
MEMBER = Person(
    "member@example.com",
    "member with a complete profile, no subscription yet",
    "Camille",
    "Martin",
    ("12 rue des Lilas", "Lyon", "69003"),
)
NEWCOMER = Person("newcomer@example.com", "member with an empty profile")
SELLER = Person(
    "seller@example.com",
    "active seller with three services",
    "Sophie",
    "Laurent",
    ("4 place de la Bourse", "Nantes", "44000"),
)
LAPSED = Person(
    "lapsed@example.com",
    "seller whose year is over: the services left the shop",
    "Luc",
    "Bernard",
    ("27 boulevard Carnot", "Lille", "59800"),
)
PEOPLE = [OPERATOR, MEMBER, NEWCOMER, SELLER, LAPSED]


def load() -> None:
    """Write the accounts that are not there yet."""
    for person in PEOPLE:
        if not get_user_model().objects.filter(email=person.email).exists():
            create(person)


def account(person: Person) -> Any:
    """Return the account of ``person``."""
    return get_user_model().objects.get(email=person.email)


def create(person: Person) -> Any:
    """Write the account of ``person``, with the address for bills that a full profile has."""
    user = get_user_model().objects.create_user(
        person.email.split("@")[0],
        person.email,
        PASSWORD,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=person.is_operator,
        is_superuser=person.is_operator,
    )
    if person.address:
        street, town, postcode = person.address
        get_model("address", "UserAddress").objects.create(
            user=user,
            first_name=person.first_name,
            last_name=person.last_name,
            line1=street,
            line4=town,
            postcode=postcode,
            country=get_model("address", "Country").objects.get(iso_3166_1_a2="FR"),
            is_default_for_billing=True,
            is_default_for_shipping=True,
        )
    return user
