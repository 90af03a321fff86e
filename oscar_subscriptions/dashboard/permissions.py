"""What staff must be allowed to on each page of the operators, and groups that have just that.

As in Oscar's own dashboards, a page asks for model permissions, by the name of its address. To look
and to change are two: a request that may change something needs both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, NamedTuple

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import router
from django.db.models import Q
from oscar.views.decorators import check_permissions

from oscar_subscriptions.dashboard.actions.registry import ACTIONS
from oscar_subscriptions.loading import CORE_LABEL

if TYPE_CHECKING:
    from django.apps import AppConfig
    from django.apps.registry import Apps
    from django.http import HttpRequest, HttpResponseBase

    View = Callable[..., HttpResponseBase]

SAFE = ("GET", "HEAD", "OPTIONS")


class Page(NamedTuple):
    """The permissions that a page needs, as codenames of this package's models.

    Attributes:
        look: to open it, and for whatever it can do; all of them.
        change: besides, for a request that may change something; "": that needs no more.
    """

    look: list[str]
    change: str = ""


PAGES = {
    **{name: Page(["view_subscription", action.permission]) for name, action in ACTIONS.items()},
    "subscription-list": Page(["view_subscription"]),
    "subscription-list-export": Page(["view_subscription", "export_subscription"]),
    "subscription-detail": Page(["view_subscription"]),
    **dict.fromkeys(
        ("subscription-sell", "subscription-sell-to", "subscription-sell-link"),
        Page(["view_subscription", "sell_for_member"]),
    ),
    **dict.fromkeys(
        ("goodwill-give", "goodwill", "goodwill-undo"), Page(["view_subscription", "give_goodwill"])
    ),
    "plan-list": Page(["view_plan"]),
    "plan-create": Page(["add_plan"]),
    "plan-update": Page(["view_plan"], "change_plan"),
    "plan-retire": Page(["change_plan"]),
    "plan-offer": Page(["change_plan"]),
    "alert-list": Page(["view_alert"]),
    "alert-detail": Page(["view_alert"], "resolve_alert"),
    "terms-of-sale-list": Page(["view_termsofsale"]),
    "terms-of-sale-create": Page(["add_termsofsale"]),
    "terms-of-sale-detail": Page(["view_termsofsale"]),
}

_READ = ["view_subscription", "view_plan", "view_alert", "view_termsofsale"]
_DESK = [
    *_READ,
    "give_term",
    "extend_term",
    "suspend_term",
    "resume_term",
    "stop_autorenewal",
    "ask_provider",
    "add_receipt",
    "resend_outboxmail",
    "export_member",
    "export_subscription",
    "add_takedown",
    "change_takedown",
    "resolve_alert",
    "sell_for_member",
]
_MANAGER = [
    *_DESK,
    "revoke_term",
    "restore_term",
    "hand_over_subscription",
    "anonymise_member",
    "refund_payment",
    "give_goodwill",
    "add_plan",
    "change_plan",
    "add_termsofsale",
]
# Made by ``migrate`` where there is none of the name, and left alone afterwards: a shop may change
# them, and make others.
GROUPS = {
    "Memberships: read": _READ,
    "Memberships: desk": _DESK,
    "Memberships: manager": _MANAGER,
}


def needed_to_change(permissions: list[str]) -> Callable[[View], View]:
    """Return a decorator of a view that lets only those change something who have all
    ``permissions``; others get 403 (Forbidden), and may look."""

    def decorate(view: View) -> View:
        @wraps(view)
        def ask(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method not in SAFE and not check_permissions(request.user, permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return ask

    return decorate


def make_groups(
    app_config: AppConfig, using: str, apps: Apps = installed_apps, **kwargs: object
) -> None:
    """Make those of ``GROUPS`` that are missing, with their permissions; receives
    ``post_migrate``.

    Args:
        app_config: of the app whose migrations have run.
        using: alias of the database.
        apps: app registry of the migrated state.
    """
    if app_config.label != CORE_LABEL or not router.allow_migrate_model(using, Group):
        return
    missing = GROUPS.keys() - set(
        Group.objects.using(using).filter(name__in=GROUPS).values_list("name", flat=True)
    )
    if not missing:
        return
    # Django writes an app's permissions after its migrations, perhaps later than this.
    for label in (CORE_LABEL, "order"):
        config = installed_apps.get_app_config(label)
        create_permissions(config, verbosity=0, using=using, apps=apps)
    known = Permission.objects.using(using)
    # Receipts of others are open to those who may see Oscar's orders.
    orders = Q(content_type__app_label="order", codename="view_order")
    for name in sorted(missing):
        group = Group.objects.using(using).create(name=name)
        ours = Q(content_type__app_label=CORE_LABEL, codename__in=GROUPS[name])
        group.permissions.set(known.filter(ours | orders))
