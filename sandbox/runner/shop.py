"""Serves the shop and says where it is."""

from io import StringIO

from runner.console import readable
from runner.ports import HOST
from shop import environment as env


def connect_webhook() -> None:
    """Tell the payment provider where to send its notifications."""
    from django.core.management import call_command

    call_command("subscriptions_webhook", url=env.BASE_URL, stdout=StringIO())


def serve() -> None:
    """Serve the shop, static files and pictures until the process is told to end."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import run
    from django.core.wsgi import get_wsgi_application

    # The server of Django's `runserver`, in this process: the one that holds the stand-in.
    application = StaticFilesHandler(get_wsgi_application())
    run(HOST, env.PORT, application, threading=True, on_bind=lambda port: print(banner()))


def banner() -> str:
    """Return what to know before trying the shop."""
    from shop.demo_data.people import PASSWORD, PEOPLE

    shop = f"http://{HOST}:{env.PORT}"
    lines = [
        "",
        f"  The shop            {shop}/",
        f"  Dashboard           {shop}/dashboard/",
        f"  E-mails             {readable(env.VAR / 'mail')}/",
        *_payments(),
        "",
        f"  Sign in with the password {PASSWORD} as",
        *[f"    {person.email:<22}{person.who}" for person in PEOPLE],
        "",
        "  Ctrl-C stops the shop; nothing is lost. `make sandbox-reset` starts over.",
        "",
    ]
    return "\n".join(lines)


def _payments() -> list[str]:
    if not env.STRIPE_SECRET_KEY:
        return [
            f"  Payment stand-in    {env.STANDIN_URL}/",
            "  Test card           4242 4242 4242 4242, any future date, any code",
        ]
    if env.PUBLIC_URL:
        return [f"  Payments            Stripe (test mode), which calls back {env.PUBLIC_URL}"]
    return [
        "  Payments            Stripe (test mode). It can't reach this machine: orders are",
        "                      confirmed when the browser returns, or by `subscriptions_run`.",
        "                      For webhooks, run a tunnel to this port and start again with",
        "                      its address: PUBLIC_URL=https://… make sandbox",
    ]
