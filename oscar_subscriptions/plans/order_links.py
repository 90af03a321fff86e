"""Links with which an operator sells for a member: signed, for one account, one plan, some days.

The link proves nothing about who opens it. It leads to a page that asks its member, signed in,
before anything goes into a basket; the member ticks and orders there, like everybody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oscar_subscriptions import conf, journal
from oscar_subscriptions.loading import registered
from oscar_subscriptions.mail import outbox
from oscar_subscriptions.mail.context import shop_url
from oscar_subscriptions.mail.kinds import MailKind, register
from oscar_subscriptions.plans import eligibility

if TYPE_CHECKING:
    from oscar_subscriptions.protocols import OutboxMail, Plan, User

# How long a link is valid, today included.
DAYS = 14

# No signature contains a full stop, and addresses need not escape it.
_signer = signing.Signer(salt="oscar_subscriptions.order_links", sep=".")


@dataclass(frozen=True)
class OrderLink:
    """What a link says.

    Attributes:
        member: primary key of the account it is for, as text.
        plan: primary key of the plan.
        until: the last day on which it is valid (shop timezone).
    """

    member: str
    plan: int
    until: date

    @property
    def token(self) -> str:
        """The signed text; :func:`read` understands it."""
        return _signer.sign_object([self.member, self.plan, self.until.isoformat()])

    @property
    def url(self) -> str:
        """The absolute address."""
        return shop_url() + reverse("subscriptions:order-link", kwargs={"token": self.token})

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.until < conf.today()


def read(token: str) -> OrderLink | None:
    """Return what ``token`` says, or ``None`` if it is forged or damaged. It may be over."""
    try:
        member, plan, until = _signer.unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    return OrderLink(member, plan, date.fromisoformat(until))


def link_of(row: OutboxMail) -> OrderLink:
    """Return the link of an e-mail of the kind ``ORDER_LINK``."""
    return OrderLink(
        str(row.user_id), row.context["plan"], date.fromisoformat(row.context["until"])
    )


def send(user: User, plan: Plan, *, actor: User, language: str = "") -> tuple[OutboxMail, bool]:
    """Send ``user`` a link to order ``plan``: one a day for each plan. Needs an open transaction.

    Args:
        user: the member.
        plan: one that they may buy.
        actor: the operator; the e-mail names them, and so does the journal if there is one.

        language: language code of the e-mail; "": the member's, or else the shop's.

    Returns:
        The e-mail, and whether it is new.
    """
    until = conf.today() + timedelta(days=DAYS - 1)
    row, is_new = outbox.to_user(
        user,
        ORDER_LINK,
        f"member-{user.pk}-plan-{plan.pk}-{until}",
        {"plan": plan.pk, "until": until.isoformat(), "actor": str(actor.pk)},
        language,
    )
    subscription = registered.Subscription.objects.filter(user=user, plan=plan).first()
    if is_new and subscription is not None:
        journal.record(
            subscription, journal.ORDER_LINK_SENT, detail={"to": until.isoformat()}, actor=actor
        )
    return row, is_new


def sent_to(user: User) -> list[OutboxMail]:
    """Return the e-mails with links that are still valid for ``user``, the newest first."""
    rows = registered.OutboxMail.objects.filter(user=user, kind=ORDER_LINK).order_by("-pk")
    # Each day has one for a plan.
    return [row for row in rows[: DAYS * 10] if not link_of(row).is_over]


def sender_of(row: OutboxMail) -> str:
    """Return the name of the operator who sent the link; "" if the account is gone."""
    return journal.display_name(
        get_user_model()._default_manager.filter(pk=row.context["actor"]).first()
    )


def _while_on_offer(
    values: dict[str, object], facts: dict[str, object], day: date
) -> Mapping[str, object] | None:
    """Read plan and address; ``None`` once the link is over, or the plan no longer for them."""
    user, until = cast("User | None", values["user"]), date.fromisoformat(str(facts["until"]))
    plans = registered.Plan.objects.select_related("product")
    plan: Plan | None = plans.filter(pk=str(facts["plan"])).first()
    if user is None or not user.is_active or plan is None or until < day:
        return None
    if eligibility.problem_with_plan(plan, user):
        return None
    actors = get_user_model()._default_manager.filter(pk=str(facts["actor"]))
    return {
        "plan": plan,
        "until": until,
        "order_url": OrderLink(str(user.pk), plan.pk, until).url,
        "operator": journal.display_name(actors.first()),
    }


ORDER_LINK = register(
    "order-link",
    MailKind("SUBSCRIPTIONS_ORDER_LINK", _("Subscription: link to order it"), read=_while_on_offer),
)
