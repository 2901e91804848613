"""The page from this machine, with Python behind it: an HTTP server of the standard library.

It answers one page and a few calls in JSON, to this machine alone unless another address is
given. No path of a request is ever looked up in a file system; what does not fit is refused with
a 4xx.
"""

import json
import sys
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sim.errors import DetenteError, PolicyError

#: A saved game and its like fit; more is no request of the page.
MOST_BYTES = 1_000_000
#: Seconds after which a silent connection is dropped.
PATIENCE = 30
HOME = "127.0.0.1"
HTML, JSON = "text/html; charset=utf-8", "application/json"
#: A call: from the request's JSON to the answer's.
Call = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class RequestError(Exception):
    """A request that is not answered: its status, and why in words."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class PageServer(ThreadingHTTPServer):
    """Serves a page at `/` and calls at `/api/NAME`, once it is filled; one call at a time.

    Raises OSError if the port is taken or the host is none of this machine.
    """

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, host: str = HOME, port: int = 0) -> None:
        super().__init__((host, port), Handler)
        self.fill("", "default-src 'none'", {})
        self.turn = threading.Lock()
        names = {HOME, "localhost", host} if host in (HOME, "localhost") else {host}
        self.hosts = {f"{name}:{self.server_port}" for name in names}

    def fill(self, page: str, policy: str, calls: Mapping[str, Call]) -> None:
        """Takes the page, its content security policy, and the calls by name."""
        self.page, self.policy, self.calls = page.encode(), policy, calls

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who leaves or falls silent is no error; anything else is reported as the library does."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{self.server_address[0]!s}:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: PageServer
    server_version, sys_version = "detente", ""
    timeout = PATIENCE

    def do_GET(self) -> None:
        """The page."""
        self.reply(self._page)

    def do_POST(self) -> None:
        """A call."""
        self.reply(self._called)

    def reply(self, answer: Callable[[], tuple[str, bytes]]) -> None:
        """Sends what `answer` gives, or why it is refused."""
        try:
            self._check_sender()
            kind, content = answer()
            status = HTTPStatus.OK
        except RequestError as refused:
            status, kind, content = refused.status, JSON, _json({"error": str(refused)})
            self.close_connection = True
        self.send_response(status)
        for name, value in self._headers(kind, len(content)):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _headers(self, kind: str, length: int) -> list[tuple[str, str]]:
        return [
            ("Content-Type", kind),
            ("Content-Length", str(length)),
            ("Content-Security-Policy", f"{self.server.policy}; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ]

    def _check_sender(self) -> None:
        """Refuses what another site sends through the reader's browser (rebinding, forgery)."""
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if host not in self.server.hosts:
            raise RequestError(HTTPStatus.MISDIRECTED_REQUEST, "this server has another name")
        if origin is not None and origin.removeprefix("http://") not in self.server.hosts:
            raise RequestError(HTTPStatus.FORBIDDEN, "a request of another site")

    def _page(self) -> tuple[str, bytes]:
        if self.path.partition("?")[0] != "/":
            raise RequestError(HTTPStatus.NOT_FOUND, "there is one page here: /")
        return HTML, self.server.page

    def _called(self) -> tuple[str, bytes]:
        call = self.server.calls.get(self.path.removeprefix("/api/"))
        if call is None or not self.path.startswith("/api/"):
            raise RequestError(HTTPStatus.NOT_FOUND, "no such call")
        with_body = self._body()
        try:
            with self.server.turn:
                return JSON, _json(call(with_body))
        except (DetenteError, PolicyError, ValueError) as error:
            raise RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error

    def _body(self) -> Mapping[str, Any]:
        if self.headers.get("Content-Type", "").partition(";")[0].strip() != JSON:
            raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"a call has a body of {JSON}")
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or "Transfer-Encoding" in self.headers:
            raise RequestError(HTTPStatus.LENGTH_REQUIRED, "a call says how long its body is")
        if len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
            raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BYTES:,} bytes")
        try:
            body = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError) as error:
            raise RequestError(HTTPStatus.BAD_REQUEST, "the body is no JSON") from error
        if not isinstance(body, dict):
            raise RequestError(HTTPStatus.BAD_REQUEST, "the body is no JSON object")
        return body

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the terminal is the reader's."""


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()
