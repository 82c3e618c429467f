"""How is the knowledge base served? Waitress answers the pages, a worker process keeps the index up.

Several processes answer on the same sockets: Python uses one processor for each process.
"""

from __future__ import annotations

import base64
import errno
import ipaddress
import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence, Sized
from types import FrameType
from typing import Any

import waitress

from kb.errors import KBError, ServerError
from kb.processes import settle
from kb.sentences import sentence_spans
from webapp import create_app
from webapp.wiring import Services
from webapp.work.supervising import Pages, Supervised

log = logging.getLogger("kb.server")

# Seconds that the processes beside the server get to finish what they are at.
STOP_WITHIN = 4.5
_WAITING = 1024
# Seconds that a process leaves a new connection to the others: for each that it has, and at most.
_LEFT_FOR_EACH, _LEFT_AT_MOST = 0.001, 0.01
# Seconds that it may do so on end, and how much of the time: clients that keep no connection come quickly.
_LEFT_ON_END, _LEFT_SHARE = 0.2, 0.1


class Courteous(socket.socket):
    """A socket that others listen on too: who has more connections gives them time to take the next.

    Whoever comes first takes one, and it stays there for as long as its client asks: of 16 clients chance
    alone brought 13 or all 16 to one of two processes as often as 8.
    """

    def __init__(self, shared: socket.socket, connections: Sized) -> None:
        """Take over a socket."""
        super().__init__(fileno=shared.detach())
        self._connections = connections
        self._may_leave, self._since = _LEFT_ON_END, time.monotonic()

    def accept(self) -> tuple[socket.socket, Any]:
        """Return a connection; raises BlockingIOError when another process has taken it."""
        now = time.monotonic()
        self._may_leave = min(_LEFT_ON_END, self._may_leave + (now - self._since) * _LEFT_SHARE)
        self._since = now
        left = min(len(self._connections) * _LEFT_FOR_EACH, _LEFT_AT_MOST, self._may_leave)
        self._may_leave -= left
        time.sleep(left)
        return super().accept()


def serve(services: Services, *, with_worker: bool = True) -> None:
    """Serve the pages until interrupted or terminated; a worker runs beside them and stops with them.

    Raises ServerError when the address is not this machine's own or the port is taken, IndexIncompatible
    when the live index cannot be used.
    """
    settings = services.settings
    check_host(settings.host)
    number = services.generations.live()
    if number is not None:
        services.generations.open(number).close()
    sockets = _listening(settings.host, settings.port)
    signal.signal(signal.SIGTERM, _leave)
    beside = [Supervised("worker", ["worker", "--parent", str(os.getpid())])] if with_worker else []
    several = settings.processes or os.cpu_count() or 1
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    ready = f"kb is ready on http://{host}:{settings.port} (stop with Ctrl+C)"
    try:
        if several == 1:
            _start(beside)
            _answer(services, sockets, ready=ready)
        else:
            command = ["pages", "--host", settings.host, "--port", str(settings.port)]
            pages = [Pages(command, sockets) for _ in range(several)]
            beside += pages
            _start(beside)
            if not all(each.is_ready() for each in pages):
                raise ServerError("a process that answers the pages ended as it began")
            print(ready, flush=True)
            while True:
                time.sleep(3_600)
    except (SystemExit, KeyboardInterrupt):
        log.info("stopping")
    finally:
        _stop(beside)
        for each in sockets:
            each.close()
        services.close()


def answer_beside(services: Services) -> None:
    """Answer on the sockets that are named on standard input, until that is closed or SIGTERM comes."""
    named = json.loads(sys.stdin.readline())
    sockets = [socket.socket(fileno=number) for number in named["numbers"]]
    sockets += [_from_share(base64.b64decode(each)) for each in named["shared"]]
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_leave_with_parent, name="parent", daemon=True).start()
    connections: dict[int, Any] = {}
    courteous = [Courteous(each, connections) for each in sockets]
    _answer(services, courteous, ready="ready", connections=connections)


def _answer(
    services: Services,
    sockets: Sequence[socket.socket],
    *,
    ready: str,
    connections: dict[int, Any] | None = None,
) -> None:
    """Answer until interrupted; what is open by then stands in ``connections``, by the numbers of files."""
    server = waitress.create_server(
        create_app(services),
        map=connections,
        sockets=sockets,
        threads=services.settings.threads,
        backlog=_WAITING,
        ident=None,
        # A question has at most a few thousand characters; the default allows a 256 KB header.
        max_request_header_size=65_536,
    )
    threading.Thread(target=_warm_up, args=(services,), name="warm-up", daemon=True).start()
    print(ready, flush=True)
    try:
        server.run()
    finally:
        server.close()


def _from_share(shared: bytes) -> socket.socket:
    from_share: Any = getattr(socket, "fromshare")  # noqa: B009  # Windows has it only
    found: socket.socket = from_share(shared)
    return found


def _leave_with_parent() -> None:
    sys.stdin.read()
    signal.raise_signal(signal.SIGTERM)


def _start(beside: list[Supervised]) -> None:
    for each in beside:
        each.start()


def _stop(beside: list[Supervised]) -> None:
    for each in beside:
        each.ask_to_stop()
    until = time.monotonic() + STOP_WITHIN
    for each in beside:
        each.wait(until)


def _warm_up(services: Services) -> None:
    """Ask a question, so that no person's first one waits for word lists, models and the index."""
    try:
        # Mistyped, so that the lists of ordinary words are read.
        services.search.search("which docments are there", limit=1)
        # Sentences are worked out when passages are indexed, but for the few that have changed just now.
        sentence_spans("See page 3. Then go on.", "en")
    except KBError as error:
        log.info("nothing can be searched yet: %s", error)
    settle()


def check_host(host: str) -> None:
    """Raise ServerError for an address that other machines could reach: there is no sign-in yet."""
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise ServerError(
        f"serving on {host} is refused: there is no sign-in yet, and all who reach it could read all",
        remedy="Use --host 127.0.0.1, and reach it from elsewhere through an SSH tunnel.",
    )


def _listening(host: str, port: int) -> list[socket.socket]:
    """Return sockets that are bound to an address, one for each of IPv4 and IPv6 if its name has both."""
    if not 0 < port < 65536:
        raise ServerError(f"{port} is no port number", remedy="Choose one from 1 to 65535 with --port.")
    sockets: list[socket.socket] = []
    try:
        for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            each = socket.socket(family, socket.SOCK_STREAM)
            sockets.append(each)
            if os.name != "nt":
                # On Windows this would let another program take the port too.
                each.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                each.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            each.bind(address)
            each.listen(_WAITING)
    except OSError as error:
        for each in sockets:
            each.close()
        reason = (
            "is taken by another program"
            if error.errno == errno.EADDRINUSE
            else f"cannot be used: {error.strerror}"
        )
        raise ServerError(
            f"port {port} {reason}",
            remedy=f"Choose another with --port, for example --port {port + 1}.",
        ) from error
    return sockets


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
