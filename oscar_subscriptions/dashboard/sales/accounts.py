"""Find the account to sell for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import Rows, User

# More are not shown: whoever reads them types another letter sooner.
SHOWN = 20
# More words narrow nothing down.
WORDS = 5


def find(text: str) -> tuple[list[User], bool]:
    """Return open accounts of which the first or last name or the e-mail address begins with each
    word of ``text``, by address; and whether there are more.

    Beginnings, because an index knows them (see the migration ``dashboard_indexes``).
    """
    words = text.split()[:WORDS]
    if not words:
        return [], False
    rows = get_user_model()._default_manager.filter(is_active=True)
    for word in words:
        rows = rows.filter(
            Q(email__istartswith=word)
            | Q(first_name__istartswith=word)
            | Q(last_name__istartswith=word)
        )
    # Not sorted by the database, which would have to find all of them first.
    found: list[User] = list(rows.order_by()[: SHOWN + 1])
    return sorted(found[:SHOWN], key=lambda user: user.email.lower()), len(found) > SHOWN


def get_or_404(key: str) -> User:
    """Return the open account with the primary key ``key``, in whatever form it is typed.

    Raises:
        Http404: there is none.
    """
    field = get_user_model()._meta.pk
    try:
        value = field.to_python(key)
        field.run_validators(value)
    except ValidationError:
        raise Http404("no such account") from None
    accounts: Rows = get_user_model()._default_manager.filter(is_active=True)
    found: User | None = accounts.filter(pk=value).first()
    if found is None:
        raise Http404("no such account")
    return found
