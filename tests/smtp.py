"""A mail server over SMTP: slow if asked to be, and telling the sender to come back later."""

import socketserver
import threading
import time
from collections.abc import Callable
from typing import Any

LATER = "451 4.7.1 Try again later"


class MailServer:
    """A context manager; listens on ``port`` of this machine while it is open.

    Args:
        seconds: how long each mail takes.
        answer: called with the address of each mail; returns the SMTP reply to it; default: taken.
        on_begin: called with the address of each mail as soon as the client names it.

    Attributes:
        taken: the mails that were taken, in order: address and text.
        asked: how many mails were offered.
        connections: how many connections were opened.
    """

    def __init__(
        self,
        seconds: float = 0,
        answer: Callable[[str], str] = lambda to: "250 OK",
        on_begin: Callable[[str], object] = lambda to: None,
        port: int = 0,
    ) -> None:
        self.seconds, self.answer, self.on_begin = seconds, answer, on_begin
        self.taken: list[tuple[str, str]] = []
        self.asked = self.connections = 0
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> Any:
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server.connections += 1
                self.say("220 ready")
                to = ""
                while line := self.rfile.readline().decode().strip():
                    word = line.upper()
                    if word.startswith("RCPT"):
                        to = line.partition("<")[2].partition(">")[0]
                        server.on_begin(to)
                        self.say("250 OK")
                    elif word == "DATA":
                        self.say("354 go on")
                        if self.take(to).startswith("421"):
                            return
                    elif word == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 OK")

            def take(self, to: str) -> str:
                lines: list[str] = []
                while (line := self.rfile.readline().decode()) != ".\r\n":
                    lines.append(line)
                time.sleep(server.seconds)
                server.asked += 1
                reply = server.answer(to)
                if reply.startswith("250"):
                    server.taken.append((to, "".join(lines)))
                self.say(reply)
                return reply

            def say(self, reply: str) -> None:
                self.wfile.write(f"{reply}\r\n".encode())

        return Handler
