"""The list of alerts, the page of one, and the form that resolves it."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from oscar.core.loading import get_model

from oscar_subscriptions import alerts, fulfilment
from oscar_subscriptions.mail import sending
from tests.functional.pages import form_values, soup, text

Alert = get_model("oscar_subscriptions", "Alert")
Attempt = get_model("oscar_subscriptions_payments", "Attempt")
OutboxMail = get_model("oscar_subscriptions", "OutboxMail")
Order = get_model("order", "Order")
Reversal = get_model("oscar_subscriptions_payments", "Reversal")

LIST = reverse("subscriptions-dashboard:alert-list")


def url_of(alert):
    return reverse("subscriptions-dashboard:alert-detail", kwargs={"pk": alert.pk})


def raise_alert(key, kind=alerts.UNDELIVERED, **about):
    """Return a new alert."""
    assert alerts.raise_alert(kind, key, **about)
    return Alert.objects.get(key=key)


def shown(page):
    """Return the links of the alerts on the list, from top to bottom."""
    return [link["href"] for link in soup(page).select("tbody th a")]


def statuses(page):
    return [badge["data-status"] for badge in soup(page).select("[data-status]")]


def moment(value):
    return date_format(localtime(value), "DATETIME_FORMAT")


def resolve(desk, page, note):
    """Fill in the form of ``page`` and send it."""
    values = form_values(page, "resolve_form") | {"note": note}
    return desk.post(page.request["PATH_INFO"], values, follow=True)


class TestList:
    def test_open_alerts_come_newest_first_and_lead_to_all_they_are_about(self, desk, alert):
        newer = raise_alert("newer", reason="SMTPException")
        alerts.settle(raise_alert("over").key, "gone")
        page = desk.get(LIST)
        assert shown(page) == [url_of(newer), url_of(alert)]
        assert statuses(page) == ["open", "open"]
        seen = text(page)
        assert f"Money of order {alert.order.number} was given or taken back" in seen
        assert "An e-mail can't be delivered SMTPException" in seen
        assert "Alerts 2 open" in seen and moment(alert.raised_at) in seen
        links = {link["href"] for link in soup(page).select("tbody td a")}
        assert links == {
            reverse("dashboard:order-detail", kwargs={"number": alert.order.number}),
            reverse(
                "subscriptions-dashboard:subscription-detail", kwargs={"pk": alert.subscription_id}
            ),
        }

    def test_nothing_waits(self, desk):
        assert "Nothing waits for you." in text(desk.get(LIST))

    def test_what_is_resolved_is_found_only_if_asked_for(self, desk, alert):
        over = raise_alert("over")
        alerts.settle(over.key, "gone")
        assert shown(desk.get(LIST)) == [url_of(alert)]
        assert shown(desk.get(LIST, {"status": "resolved"})) == [url_of(over)]
        everything = desk.get(LIST, {"status": "all"})
        assert shown(everything) == [url_of(over), url_of(alert)]
        assert statuses(everything) == ["resolved", "open"]
        assert "Alerts 1 open" in text(everything)

    def test_search_by_order_and_member(self, desk, shop, alert):
        stranger = shop.make_order(shop.make_user("bob", first_name="Bob", last_name="Martin"))
        unpaid = raise_alert("unpaid", alerts.NOT_PAYABLE, order=stranger)
        mail = {"mail": alerts.mail_kind("seller-activated"), "email": "carol@example.com"}
        message = raise_alert("mail", detail={"lines": [alerts.line("undelivered", **mail)]})

        def found(q):
            return set(shown(desk.get(LIST, {"q": q})))

        assert found(alert.order.number) == {url_of(alert)}
        assert found(stranger.number) == {url_of(unpaid)}
        assert found("martin") == {url_of(alert), url_of(unpaid)}
        assert found(" Martin bob ") == {url_of(unpaid)}
        assert found("carol@example") == {url_of(message)}
        assert found("nobody") == set()
        assert "No alert matches." in text(desk.get(LIST, {"q": "nobody"}))

    def test_an_order_that_was_deleted_is_still_found_by_its_number(self, desk, shop):
        order = shop.make_order(shop.make_user())
        alert = raise_alert("gone", alerts.NOT_PAYABLE, order=order)
        order.delete()
        page = desk.get(LIST, {"q": order.number})
        assert shown(page) == [url_of(alert)]
        assert f"Order {order.number} can't be paid" in text(page)
        assert order.number in text(desk.get(url_of(alert)))

    def test_the_next_page_keeps_what_was_asked_for(self, desk):
        for number in range(27):
            raise_alert(f"key-{number}", reason="carol")
        page = desk.get(LIST, {"q": "carol", "status": "all"})
        assert "27 alerts" in text(page) and len(shown(page)) == 25
        query = soup(page).select_one(".pagination a")["href"]
        assert "q=carol" in query and "status=all" in query
        assert len(shown(desk.get(LIST + query))) == 2

    @pytest.mark.parametrize("query", [{"status": "x"}, {"q": "\0"}, {"q": "x" * 999}])
    def test_forged_searches_find_nothing(self, desk, alert, query):
        page = desk.get(LIST, query)
        assert page.status_code == 200 and shown(page) == []

    def test_queries_do_not_grow_with_alerts(
        self, desk, shop, alert, django_assert_max_num_queries
    ):
        desk.get(LIST)
        with django_assert_max_num_queries(100) as with_1:
            desk.get(LIST)
        for number in range(9):
            user = shop.make_user(f"member-{number}")
            raise_alert(
                f"key-{number}",
                order=shop.make_order(user),
                subscription=shop.grant(user, shop.make_plan(f"Plan {number}")).subscription,
            )
        with django_assert_max_num_queries(len(with_1)):
            assert len(shown(desk.get(LIST))) == 10


class TestPage:
    def test_it_tells_what_an_operator_needs_to_decide(self, desk, alert):
        page = desk.get(url_of(alert))
        seen = text(page)
        assert f"Money of order {alert.order.number} was given or taken back" in seen
        assert "Decide whether the subscription goes on" in seen
        assert "6000 / 24000 <b>pi_1</b>" in seen
        assert "<b>pi_1" not in page.content.decode()
        assert "Ada Martin – Silver" in seen
        payment, refund = soup(page).select("section[aria-labelledby=payments] tbody tr")
        for fact in ("Payment", "Paid", "€240.00", "cs_test_1", "pi_1", "ch_1"):
            assert fact in payment.get_text()
        for fact in ("Refund", "done", "€60.00", "re_1", "requested_by_customer"):
            assert fact in refund.get_text()

    @pytest.mark.parametrize(
        ("currency", "paid", "returned"),
        [("JPY", "¥24,000", "¥6,000"), ("KWD", "KWD24.000", "KWD6.000")],
    )
    def test_amounts_have_the_decimals_of_their_currency(
        self, desk, alert, currency, paid, returned
    ):
        Attempt.objects.update(currency=currency)
        Reversal.objects.update(currency=currency)
        page = desk.get(url_of(alert)).content.decode()
        assert f" {paid}\n" in page and f">{returned}<" in page

    def test_what_was_received_is_told_if_it_is_another_amount(self, desk, alert):
        assert "received:" not in text(desk.get(url_of(alert)))
        Attempt.objects.update(received=1000, is_surplus=True)
        page = text(desk.get(url_of(alert)))
        assert "received: €10.00" in page and "Second payment" in page

    def test_a_dispute_says_where_the_money_is_and_a_new_word_of_the_provider_is_shown(
        self, desk, alert
    ):
        Reversal.objects.update(kind="dispute", status="a_new_status", is_money_gone=True)
        page = text(desk.get(url_of(alert)))
        assert "Dispute" in page and "a_new_status" in page
        assert "The bank has taken the money." in page

    def test_whether_the_managers_were_told(self, desk, alert, settings):
        def told():
            return text(desk.get(url_of(alert)))

        assert "not sent yet" in told()
        OutboxMail.objects.update(tries=2, last_error="SMTPException: no")
        assert "not sent, after 2 tries: SMTPException: no" in told()
        sending.send_due()
        sent_at = alerts.mail_of(alert).sent_at
        assert f"sent on {moment(sent_at)}" in told()
        settings.MANAGERS = []
        assert "Nobody gets one" in told()

    def test_an_alert_about_no_order_has_the_page(self, desk):
        page = desk.get(url_of(raise_alert("key", alerts.PROVIDER_KEY, reason="sk_test_…")))
        assert "does not accept the shop's key" in text(page)
        assert not soup(page).select("#payments")

    def test_a_kind_that_is_not_ours_has_the_page(self, desk):
        assert "shop-own-kind" in text(desk.get(url_of(raise_alert("key", "shop-own-kind"))))

    def test_a_shop_without_the_payments_app_has_the_page(self, desk, alert, monkeypatch, settings):
        settings.OSCAR_SUBSCRIPTIONS_GATEWAY = "oscar_subscriptions.gateway.Gateway"
        find = apps.get_model

        def without_payments(label, *args, **kwargs):
            if label == "oscar_subscriptions_payments":
                raise LookupError(label)
            return find(label, *args, **kwargs)

        monkeypatch.setattr(apps, "get_model", without_payments)
        page = desk.get(url_of(alert))
        assert alert.order.number in text(page) and not soup(page).select("#payments")

    def test_queries_do_not_grow_with_reversals(self, desk, alert, django_assert_max_num_queries):
        desk.get(url_of(alert))
        with django_assert_max_num_queries(100) as with_1:
            desk.get(url_of(alert))
        for number in range(3):
            attempt = Attempt.objects.create(
                order=alert.order, amount=1, currency="EUR", status="paid"
            )
            attempt.reversals.create(
                provider_id=f"x{number}", kind="refund", amount=1, currency="EUR"
            )
        with django_assert_max_num_queries(len(with_1)):
            desk.get(url_of(alert))


class TestResolving:
    def test_it_is_kept_who_did_what(self, desk, operator, alert):
        page = resolve(desk, desk.get(url_of(alert)), " Called her,\nshe <i>stays</i>. ")
        assert page.request["PATH_INFO"] == LIST
        assert "The alert is resolved." in text(page) and shown(page) == []
        alert.refresh_from_db()
        assert (alert.resolved_by, alert.note) == (operator, "Called her,\nshe <i>stays</i>.")
        page = desk.get(url_of(alert))
        assert f"by Olga Petit on {moment(alert.resolved_at)}" in text(page)
        assert "Called her, she <i>stays</i>." in text(page)
        assert "<i>stays" not in page.content.decode()
        assert not soup(page).select("#resolve_form") and statuses(page) == ["resolved"]

    @pytest.mark.parametrize(
        ("language", "error"),
        [("en", "Please say what was done"), ("fr", "Veuillez indiquer ce qui a été fait")],
    )
    @pytest.mark.parametrize("note", ["", " \n "])
    def test_without_a_note_it_stays_open_and_the_page_says_why(
        self, desk, alert, note, language, error
    ):
        desk.cookies["django_language"] = language
        page = resolve(desk, desk.get(url_of(alert)), note)
        assert error in soup(page).select_one("#id_note_error").get_text()
        assert Alert.objects.open().get() == alert

    def test_whoever_comes_second_overwrites_nothing_and_is_told(self, desk, shop, alert):
        page = desk.get(url_of(alert))
        first = shop.make_user("first", first_name="Paul", last_name="Roux", is_staff=True)
        assert alerts.resolve(alert, actor=first, note="Refunded the rest.")
        page = resolve(desk, page, "I wrote this in vain.")
        seen = text(page)
        assert "Somebody has resolved this alert meanwhile" in seen
        assert "I wrote this in vain." in seen
        assert "by Paul Roux on" in seen and "Refunded the rest." in seen
        assert "The alert is resolved." not in seen
        alert.refresh_from_db()
        assert (alert.resolved_by, alert.note) == (first, "Refunded the rest.")

    def test_what_was_raised_again_meanwhile_is_looked_at_again(self, desk, operator):
        alert = raise_alert("key", alerts.PROVIDER_KEY, lasting=True, reason="The first key.")
        stale = desk.get(url_of(alert))
        alerts.settle("key", "The provider has answered.")
        alerts.raise_alert(alerts.PROVIDER_KEY, "key", lasting=True, reason="Another key.")
        page = resolve(desk, stale, "Put the key right.")
        assert Alert.objects.open().get() == alert
        seen = text(page)
        assert "raised again" in seen and "raised 2 times" in seen and "Another key." in seen
        assert "Note of last time The provider has answered." in seen
        note = soup(page).select_one("#id_note").get_text().strip()
        assert note == "Put the key right."
        resolve(desk, page, note)
        alert.refresh_from_db()
        assert (alert.resolved_by, alert.note) == (operator, "Put the key right.")

    def test_what_the_software_settled_is_not_put_down_to_the_operator_of_last_time(
        self, desk, operator
    ):
        alert = raise_alert("key", alerts.PROVIDER_KEY, lasting=True)
        alerts.resolve(alert, actor=operator, note="Put the key right.")
        alerts.raise_alert(alerts.PROVIDER_KEY, "key", lasting=True)
        assert "Put the key right. (Olga Petit)" in text(desk.get(url_of(alert)))
        alerts.settle("key", "The provider has answered.")
        page = text(desk.get(url_of(alert)))
        assert "by the software on" in page and "The provider has answered." in page
        assert "Put the key right." not in page
        alert.refresh_from_db()
        assert (alert.resolved_by, alert.resolved_by_name) == (None, "")

    @pytest.mark.parametrize("times", ["", "x"])
    def test_a_forged_form_changes_nothing(self, desk, alert, times):
        page = desk.post(url_of(alert), {"note": "done", "times": times})
        assert page.status_code == 200 and Alert.objects.open().exists()


def test_french_operators_read_french(desk, alert):
    desk.cookies["django_language"] = "fr"
    listed = text(desk.get(LIST))
    title = f"L’argent de la commande n°\xa0{alert.order.number} a été rendu ou repris"
    assert " ".join(title.split()) in listed and "Alertes 1 ouverte" in listed
    page = desk.get(url_of(alert))
    seen = text(page)
    assert "60,00 €" in seen and "Remboursement" in seen and "effectué" in seen
    resolved = text(resolve(desk, page, "Appelée."))
    assert "L’alerte est résolue." in resolved
    assert "par Olga Petit le" in text(desk.get(url_of(alert)))


def test_every_kind_says_what_it_is_about_in_both_languages(shop):
    order = shop.make_order(shop.make_user())
    for kind in alerts.KINDS:
        facts = {"customer": "cus_1", "day": "2026-12-05"}
        alert = raise_alert(kind, kind, order=order, detail=facts)
        said = set()
        for language in ("en", "fr"):
            with translation.override(language):
                assert "%" not in alerts.title(alert) and alerts.title(alert) != kind
                assert alerts.advice(alert)
                said.add((alerts.title(alert), alerts.advice(alert)))
        assert len(said) == 2, kind


def test_the_page_of_the_subscription_shows_open_alerts_and_reversals(desk, alert):
    page_url = reverse(
        "subscriptions-dashboard:subscription-detail", kwargs={"pk": alert.subscription_id}
    )
    # Raised while nobody knew the subscription.
    other = raise_alert("other", alerts.NOT_PAYABLE, order=alert.order)
    over = raise_alert("over", alerts.SECOND_PAYMENT, order=alert.order)
    alerts.settle(over.key, "gone")
    raise_alert("elsewhere")
    page = desk.get(page_url)
    links = soup(page).select("section[aria-labelledby=open_alerts] a")
    assert [link["href"] for link in links] == [url_of(other), url_of(alert)]
    seen = text(page)
    assert "€60.00" in seen and "re_1" in seen and "requested_by_customer" in seen
    Alert.objects.all().delete()
    assert "Open alerts" not in text(desk.get(page_url))


class TestOrderPage:
    @pytest.fixture
    def page_url(self, alert):
        return reverse("dashboard:order-detail", kwargs={"number": alert.order.number})

    def test_staff_see_the_open_alerts_of_the_order(self, desk, operator, alert, page_url):
        # Oscar asks for more than being staff there.
        operator.user_permissions.add(Permission.objects.get(codename="view_order"))
        page = desk.get(page_url)
        link = soup(page).select_one("section[aria-labelledby=open_alerts] a")
        assert link["href"] == url_of(alert)
        alerts.settle(alert.key, "gone")
        assert "Open alerts" not in text(desk.get(page_url))

    def test_a_seller_with_a_line_in_the_order_does_not(self, client, shop, page_url):
        seller = shop.make_seller()
        shop.let_in(seller.user)
        Order.objects.get().lines.update(partner=seller.partner)
        client.force_login(seller.user)
        page = client.get(page_url)
        assert page.status_code == 200
        assert "Open alerts" not in text(page)


def test_money_that_gives_no_term_is_on_the_list(desk, shop):
    order = shop.make_order(shop.make_user(), quantity=2)
    assert fulfilment.order_paid(order).refused
    page = desk.get(LIST)
    assert f"Order {order.number} is paid but gives no subscription" in text(page)
    assert "The order holds a plan more than once." in text(page)
