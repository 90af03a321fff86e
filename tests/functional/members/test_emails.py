"""The two e-mails that follow a payment."""

from django.core import mail
from django.utils.formats import date_format

from oscar_subscriptions import fulfilment


def bought(shop, capture, title="R&D <Silver>", language="en"):
    user = shop.make_user(first_name="Zoé")
    plan = shop.make_plan(title)
    subscription = fulfilment.lock_for_checkout(user, plan, language)
    order = shop.make_order(user, plan)
    with capture(execute=True):
        term = fulfilment.order_paid(order).term
    assert subscription.pk == term.subscription_id
    return order, term


def test_order_confirmed(shop, django_capture_on_commit_callbacks):
    order, term = bought(shop, django_capture_on_commit_callbacks)
    message = next(m for m in mail.outbox if order.number in m.subject)
    assert "\n" not in message.subject
    assert message.to == ["member@example.com"]
    for expected in (
        "Hello Zoé,",
        "R&D <Silver>",
        "€240.00",
        order.number,
        date_format(term.starts_on, "DATE_FORMAT"),
        date_format(term.ends_on, "DATE_FORMAT"),
        f"https://shop.example/accounts/orders/{order.number}/",
    ):
        assert expected in message.body
    rich = message.alternatives[0][0]
    assert "R&amp;D &lt;Silver&gt;" in rich
    assert f'href="https://shop.example/accounts/orders/{order.number}/"' in rich


def test_seller_activated(shop, django_capture_on_commit_callbacks):
    _order, term = bought(shop, django_capture_on_commit_callbacks)
    message = next(m for m in mail.outbox if "seller" in m.subject)
    assert date_format(term.ends_on, "DATE_FORMAT") in message.subject
    for expected in (
        "R&D <Silver>",
        date_format(term.starts_on, "DATE_FORMAT"),
        "https://shop.example/members/space/",
        "https://shop.example/members/guide/",
    ):
        assert expected in message.body
    assert "R&amp;D &lt;Silver&gt;" in message.alternatives[0][0]


def test_dates_follow_the_members_language(shop, django_capture_on_commit_callbacks):
    _order, term = bought(shop, django_capture_on_commit_callbacks, language="fr")
    from django.utils import translation

    with translation.override("fr"):
        expected = date_format(term.ends_on, "DATE_FORMAT")
    assert all(expected in message.body for message in mail.outbox)
    assert len(mail.outbox) == 2
