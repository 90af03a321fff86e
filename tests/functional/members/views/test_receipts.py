"""The receipt of an order: where it is found, who may see it, and what if it can't be printed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from oscar_subscriptions import fulfilment, receipts
from tests.functional import pages

BillingAddress = get_model("order", "BillingAddress")
Receipt = get_model("oscar_subscriptions", "Receipt")

ROOT = Path(__file__).parents[4]


@pytest.fixture
def paid_order(shop, member):
    """An order of the member who is signed in, paid."""
    order = shop.make_order(member)
    fulfilment.order_paid(order)
    return order


def url(order):
    return reverse("subscriptions:receipt", args=[order.number])


def links(response):
    return [link["href"] for link in pages.soup(response).find_all("a", href=True)]


def order_page(order):
    return reverse("customer:order", kwargs={"order_number": order.number})


@pytest.fixture
def without_fpdf2(monkeypatch):
    """As in a shop that has not installed the extra."""
    monkeypatch.setattr(receipts, "find_spec", lambda name: None)


def test_a_member_opens_the_receipt_as_a_pdf_that_no_cache_keeps(client, paid_order):
    response = client.get(url(paid_order))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    name = f"receipt-{Receipt.objects.get().number}.pdf"
    assert response.headers["Content-Disposition"] == f'inline; filename="{name}"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content.startswith(b"%PDF-1.")


def test_somebody_else_s_receipt_does_not_exist(client, shop, paid_order):
    client.force_login(shop.make_seller("stranger").user)
    assert client.get(url(paid_order)).status_code == 404


def test_a_seller_with_oscar_s_dashboard_sees_no_receipt_of_others(client, shop, paid_order):
    client.force_login(shop.let_in(shop.make_seller("stranger").user))
    assert client.get(url(paid_order)).status_code == 404


def test_staff_see_every_receipt(client, shop, paid_order):
    client.force_login(shop.make_operator())
    assert client.get(url(paid_order)).content.startswith(b"%PDF-1.")


def test_staff_find_the_receipt_of_a_member_who_is_gone(client, shop, paid_order, member):
    member.delete()
    client.force_login(shop.make_operator())
    assert client.get(url(paid_order)).content.startswith(b"%PDF-1.")


def test_a_visitor_is_led_to_sign_in_and_back(client, paid_order):
    client.logout()
    address = client.get(url(paid_order)).headers["Location"]
    assert address == f"{reverse('customer:login')}?next={url(paid_order)}"


def test_an_order_that_is_not_paid_has_no_receipt(client, shop, member):
    order = shop.make_order(member)
    assert client.get(url(order)).status_code == 404
    assert client.get(reverse("subscriptions:receipt", args=["nothing"])).status_code == 404
    assert not Receipt.objects.exists()
    assert url(order) not in links(client.get(order_page(order)))


def test_an_order_paid_before_there_were_receipts_has_one_when_it_is_asked_for(
    client, shop, member, monkeypatch
):
    order = shop.make_order(member)
    monkeypatch.setattr(
        "oscar_subscriptions.fulfilment.paid_order._issue_receipt", lambda paid, term: None
    )
    fulfilment.order_paid(order)
    assert client.get(url(order)).status_code == 200
    assert Receipt.objects.get().order == order


def test_the_member_finds_it_on_the_order_and_on_the_subscription(client, paid_order):
    for page in (order_page(paid_order), reverse("subscriptions:my-subscription")):
        assert url(paid_order) in links(client.get(page)), page


def test_the_member_finds_it_on_the_confirmation_and_in_the_e_mail(
    client, standin, order, mailoutbox, django_capture_on_commit_callbacks
):
    hosted = client.get(pages.pay_url(order)).url
    _, back, _ = standin.submit_card(hosted)
    with django_capture_on_commit_callbacks(execute=True):
        confirmation = client.get(back, follow=True)
    assert url(order) in links(confirmation)
    [message] = [mail for mail in mailoutbox if order.number in mail.subject]
    address = f"https://shop.example{url(order)}"
    assert address in message.body.split()
    assert f'href="{address}"' in message.alternatives[0][0]
    assert Receipt.objects.get().facts["payment"].startswith("Stripe Checkout pi_")
    assert Receipt.objects.get().facts["member"]["address"] == [
        "1 rue de la Paix",
        "75002 Paris",
        "France",
    ]


def test_staff_find_it_on_the_page_of_the_subscription(client, shop, paid_order, member):
    unpaid = shop.make_order(member)
    client.force_login(shop.make_operator())
    subscription = member.oscar_subscriptions.get()
    page = client.get(
        reverse("subscriptions-dashboard:subscription-detail", args=[subscription.pk])
    )
    assert url(paid_order) in links(page)
    assert url(unpaid) not in links(page)


def test_without_fpdf2_no_page_links_to_it(
    client, standin, order, mailoutbox, without_fpdf2, django_capture_on_commit_callbacks
):
    hosted = client.get(pages.pay_url(order)).url
    _, back, _ = standin.submit_card(hosted)
    with django_capture_on_commit_callbacks(execute=True):
        confirmation = client.get(back, follow=True)
    assert Receipt.objects.exists()
    for page in (
        confirmation,
        client.get(order_page(order)),
        client.get(reverse("subscriptions:my-subscription")),
    ):
        assert url(order) not in links(page)
    assert all(url(order) not in message.body for message in mailoutbox)


def test_without_fpdf2_the_address_says_so_in_words(client, paid_order, without_fpdf2):
    response = client.get(url(paid_order))
    assert response.status_code == 501
    assert f"Your receipt has the number {Receipt.objects.get().number}" in pages.text(response)
    assert order_page(paid_order) in links(response)


WITHOUT_THE_EXTRA = """
import sys
sys.modules["fpdf"] = sys.modules["anyascii"] = None
import django
django.setup()
from django.core import checks
from oscar_subscriptions import receipts
assert not receipts.is_printable()
print([check.id for check in checks.run_checks(tags=["oscar_subscriptions"])])
"""


def test_the_package_starts_without_the_extra():
    """In a process of its own: here both packages are imported already."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": f"{ROOT}:{ROOT / 'sandbox'}", "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['oscar_subscriptions.I030']"
