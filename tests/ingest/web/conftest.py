"""A web server on this machine that says what a test tells it to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ingest.pipeline import Pipeline
from ingest.web.addresses import Address, parse
from ingest.web.client import Client, Limits
from ingest.web.fetching import Fetcher
from ingest.web.guard import Guard
from ingest.web.intake import WebIntake
from ingest.web.politeness import Turnstile
from kb.blobs import BlobStore
from kb.catalog import Catalog

AGENT = "kb/1.0"
HTML = {"Content-Type": "text/html; charset=utf-8"}


@dataclass
class Reply:
    """One answer. ``send`` writes the body itself, for servers that misbehave."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(HTML))
    send: Callable[[BaseHTTPRequestHandler], None] | None = None


class Site:
    """The pages by path; ``asked`` are the paths asked for, ``sent`` the headers of each request."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Reply | Callable[[BaseHTTPRequestHandler], Reply]] = {}
        self.asked: list[str] = []
        self.sent: list[dict[str, str]] = []
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._scheme = "https" if tls else "http"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def address(self, path: str = "/", *, host: str = "127.0.0.1") -> Address:
        return parse(self.url(path, host=host))

    def page(self, path: str, words: str, *, head: str = "", **headers: str) -> None:
        html = f"<!doctype html><html><head><title>{path}</title>{head}</head><body>{words}</body></html>"
        self.pages[path] = Reply(html.encode(), headers={**HTML, **headers})

    def redirect(self, path: str, to: str, *, status: int = 302) -> None:
        self.pages[path] = Reply(status=status, headers={"Location": to})

    def close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.sent.append({name.lower(): value for name, value in self.headers.items()})
                reply = site.pages.get(self.path, Reply(status=404))
                reply = reply if isinstance(reply, Reply) else reply(self)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if reply.send is not None:
                    self.end_headers()
                    reply.send(self)
                    return
                if "Content-Length" not in reply.headers:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def client_for(
    *sites: Site, limits: Limits | None = None, allow: str = "127.0.0.1", **named: object
) -> Client:
    guard = Guard(allow, ports=",".join(str(site.port) for site in sites), **named)  # type: ignore[arg-type]
    return Client(guard, agent=AGENT, limits=limits)


def fetcher_for(*sites: Site, clock: Clock, delay: float = 0.0, **named: object) -> Fetcher:
    turnstile = Turnstile(delay, clock=clock, sleep=clock.sleep)
    return Fetcher(client_for(*sites, **named), turnstile, agent=AGENT, clock=clock)  # type: ignore[arg-type]


@pytest.fixture
def fetcher(site: Site, clock: Clock) -> Fetcher:
    return fetcher_for(site, clock=clock)


@pytest.fixture
def web(pipeline: Pipeline, catalog: Catalog, blobs: BlobStore, fetcher: Fetcher) -> WebIntake:
    return WebIntake(pipeline, catalog, blobs, fetcher=fetcher, agent="kb", most_pages=50)
