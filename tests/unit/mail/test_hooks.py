"""The outbox calls what the alerts above it have registered."""

import pytest

from oscar_subscriptions import alerts
from oscar_subscriptions.mail import hooks, outbox, sending


@pytest.fixture
def registered(monkeypatch):
    """What was registered before is registered again afterwards."""
    for name in ("write", "reporter"):
        monkeypatch.setattr(hooks.Hooks, name, vars(hooks.Hooks)[name])


@pytest.mark.usefixtures("registered")
def test_the_mail_about_an_alert_is_written_by_what_was_registered(db, sent_mails):
    asked = []

    def write(facts):
        asked.append(facts)
        return "Subject", "Text"

    hooks.register_alerts(write, hooks.Hooks.reporter)
    alerts.raise_alert(alerts.PROVIDER_KEY, "key")
    assert sending.send_due() == 1
    assert asked == [outbox.registered.OutboxMail.objects.get().context]
    [message] = sent_mails("operator@example.com")
    assert message.subject.endswith("Subject") and message.body == "Text"


def test_fault_81_without_managers_the_mail_about_an_alert_waits(db, settings, sent_mails):
    managers, settings.MANAGERS = settings.MANAGERS, []
    alerts.raise_alert(alerts.PROVIDER_KEY, "key")
    assert sending.waiting().count() == sending.send_due() == 0
    settings.MANAGERS = managers
    assert sending.send_due() == 1
    assert len(sent_mails("operator@example.com")) == 1
