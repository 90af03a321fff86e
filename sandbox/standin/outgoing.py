"""Requests that we make ourselves: no proxies, no redirects, and webhooks with their signature."""

import hashlib
import hmac
import http.client
import time
import urllib.error
import urllib.request


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Like at Stripe, an endpoint that redirects has not accepted the event."""

    def redirect_request(self, *args):
        return None


# No proxies either: whoever we talk to is on this machine.
open_directly = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect).open


def signature(payload, secret, moment):
    """The value of ``Stripe-Signature`` for ``payload`` (str) at ``moment`` (whole seconds)."""
    signed = hmac.new(secret.encode(), f"{moment}.{payload}".encode(), hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def post_webhook(url, payload, secret, timeout):
    """Send a signed event. Returns ``(status, error)``, of which one is None."""
    # The receiver's clock was not pushed forward with ours: sign with the real time.
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(payload, secret, int(time.time())),
        "User-Agent": "Stripe/1.0 (payment stand-in)",
    }
    request = urllib.request.Request(url, payload.encode(), headers)
    try:
        with open_directly(request, timeout=timeout) as answer:
            return answer.status, None
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code, None
    except (OSError, ValueError, http.client.HTTPException) as problem:
        return None, f"{type(problem).__name__}: {problem}"
