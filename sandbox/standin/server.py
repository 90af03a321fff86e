"""The HTTP side: one thread per connection, nothing logged but method, path and status.

Bodies are never logged: they carry what the member typed.
"""

import json
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import api, controls, hosted
from .app import App
from .errors import ApiError, invalid
from .faults import HangUp
from .forms import decode

LARGEST = 1_000_000  # bytes of a request body
LATENCY = 0.01  # seconds until `stop` is noticed; hundreds of tests wait for it


class Server(ThreadingHTTPServer):
    """Listens at once; raises ``OSError`` if the port is taken. ``port`` 0 takes a free one."""

    daemon_threads = True
    block_on_close = False  # a client that dawdles must not hold up the end
    request_queue_size = 128

    def __init__(self, host, port, state, quiet=False, origin=None):
        super().__init__((host, port), Handler)
        self.quiet = quiet
        self.app = App(state, origin or f"http://{host}:{self.server_port}")

    def serve_in_thread(self):
        self.app.start()
        threading.Thread(
            target=self.serve_forever, args=(LATENCY,), name="standin-http", daemon=True
        ).start()

    def stop(self):
        self.shutdown()
        self.server_close()
        self.app.stop()

    def handle_error(self, request, client_address):
        # A client that went away is no error, and the end closes the store under the last ones.
        if isinstance(sys.exc_info()[1], ConnectionError) or self.app.stopping.is_set():
            return
        super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PaymentStandIn"
    sys_version = ""

    def handle_any(self):
        """Answer one request: API, control or page, by its path."""
        app, split = self.server.app, urlsplit(self.path)
        try:
            body = self._body()
            if split.path.startswith("/v1/"):
                self._api(split, body)
            elif split.path.startswith("/_standin/"):
                asked = self._json_in(body) | dict(parse_qsl(split.query))
                self._json(200, controls.answer(app, self.command, split.path, asked))
            else:
                page = hosted.answer(app, self.command, split.path, body, self.headers)
                self._send(page.status, "text/html; charset=utf-8", page.html, page.headers)
        except ApiError as problem:
            self._json(problem.status, problem.body, problem.headers)
        except HangUp as fault:
            # Ends early when the server does; the client sees a connection closed without a word.
            app.stopping.wait(fault.seconds)
            self.close_connection = True
        except OSError:
            raise  # the client went away, see `Server.handle_error`
        except Exception as bug:
            if not app.stopping.is_set():
                # Our lines only: the message might quote what the member typed.
                traceback.print_tb(bug.__traceback__)
                name = type(bug).__name__
                self._json(500, ApiError(500, f"Stand-in: {name}", type="api_error").body)

    do_GET = do_HEAD = do_POST = do_DELETE = handle_any

    def _body(self):
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > LARGEST:
            self.close_connection = True
            raise ApiError(413, "The request body is too large.")
        try:
            return self.rfile.read(int(length)).decode()
        except UnicodeDecodeError:
            raise invalid("The request body is not UTF-8.") from None

    def _api(self, split, body):
        params = decode(body if self.command == "POST" else split.query)
        answer, headers = api.answer(
            self.server.app, self.command, split.path, params, self.headers
        )
        self._json(200, answer, headers)

    def _json_in(self, body):
        if not body:
            return {}
        # Asking for this type keeps other sites' forms from reaching the controls.
        if self.headers.get_content_type() != "application/json":
            raise invalid("Send application/json.")
        try:
            values = json.loads(body)
        except ValueError:
            raise invalid("The request body is not JSON.") from None
        if not isinstance(values, dict):
            raise invalid("Send a JSON object.")
        return values

    def _json(self, status, body, headers=()):
        text = json.dumps(body, indent=2)
        self._send(status, "application/json", text, dict(headers))

    def _send(self, status, type, text, headers):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        # No connection outlives its answer, so a restart on the same port surprises no client.
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format, *args):
        if not self.server.quiet:
            print(f"payment stand-in: {format % args}", file=sys.stderr, flush=True)
