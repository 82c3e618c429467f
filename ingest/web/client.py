"""What does a server answer to one request? Within limits of time and size, from a machine that may be asked.

Redirects are not followed here: each is a request of its own, checked like the first.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

import truststore
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from ingest.web.addresses import Address
from ingest.web.guard import Guard
from kb.errors import SourceTooLarge, SourceUnreachable

_READ = 65_536
# zstd and brotli are left out: their decoders come only with other packages, if at all.
_ENCODINGS = "gzip, deflate"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``headers`` with names in lower case, the body with its transfer encoding undone."""

    address: Address
    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """``quiet``: seconds without a sign of life; ``total``: seconds for all; ``size``: bytes of a body."""

    quiet: float = 30.0
    total: float = 300.0
    size: int = 64_000_000


class Client:
    """Asks one thing at a time of machines that the guard allows."""

    def __init__(
        self,
        guard: Guard,
        *,
        agent: str,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._guard = guard
        self._agent = agent
        self._limits = limits or Limits()
        self._tls = tls or truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._closed = threading.Event()
        self._open: set[socket.socket] = set()

    def get(
        self, address: Address, *, headers: Mapping[str, str] | None = None, size: int | None = None
    ) -> Answer:
        """Return what a server answers; ``size`` lowers the limit of the body.

        Raises SourceForbidden, SourceUnreachable or SourceTooLarge.
        """
        deadline = time.monotonic() + self._limits.total
        line = self._line(address)
        with self._watched(line, deadline) as expired:
            try:
                answer = self._exchange(line, address, headers or {}, size=size)
            except (HTTPError, OSError, ValueError) as error:
                # A watchdog that closes the line shows as any of these.
                if expired.is_set():
                    raise self._too_slow(address) from None
                raise SourceUnreachable(f"{address.host} gave no answer: {_why(error)}") from error
            if expired.is_set():
                raise self._too_slow(address)
        return answer

    def close(self) -> None:
        """Break off what is under way and ask nothing more. Safe to call from another thread."""
        self._closed.set()
        for line in list(self._open):
            _break(line)

    def _line(self, address: Address) -> socket.socket:
        """Return a line to the first machine that takes one; the name is resolved this once."""
        problem: OSError | None = None
        for ip in self._guard.addresses(address):
            if self._closed.is_set():
                break
            try:
                return socket.create_connection((ip, address.port), self._patience)
            except OSError as error:
                problem = error
        raise SourceUnreachable(f"{address.host} cannot be reached: {_why(problem)}") from problem

    @property
    def _patience(self) -> float:
        return min(self._limits.quiet, self._limits.total)

    def _exchange(
        self, line: socket.socket, address: Address, headers: Mapping[str, str], *, size: int | None
    ) -> Answer:
        if address.scheme == "https":
            # To a checked machine; the certificate is asked for and checked by name.
            line = self._tls.wrap_socket(line, server_hostname=address.host)
        with closing(HTTPConnection(address.host, address.port, timeout=self._patience)) as connection:
            connection.sock = line
            return self._asked(connection, address, headers, size=size)

    def _asked(
        self, connection: HTTPConnection, address: Address, headers: Mapping[str, str], *, size: int | None
    ) -> Answer:
        connection.request(
            "GET",
            address.target,
            headers={
                "Host": address.authority,
                "User-Agent": self._agent,
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Encoding": _ENCODINGS,
                "Connection": "close",
                **headers,
            },
            preload_content=False,
        )
        response = connection.getresponse()
        limit = min(size or self._limits.size, self._limits.size)
        # The body of a redirect or an error is of no use.
        content = self._body(response, limit) if response.status == 200 else b""
        return Answer(
            address,
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            content,
        )

    def _body(self, response: BaseHTTPResponse, limit: int) -> bytes:
        stated = response.headers.get("content-length", "")
        if stated.isdecimal() and int(stated) > limit:
            raise _too_large(limit)
        body = bytearray()
        while part := response.read(_READ, decode_content=True):
            body += part
            if len(body) > limit:
                raise _too_large(limit)
        return bytes(body)

    @contextmanager
    def _watched(self, line: socket.socket, deadline: float) -> Iterator[threading.Event]:
        """Close the line at the deadline: a server that drips one byte a second never times out by itself."""
        expired = threading.Event()
        # A second handle: TLS takes the first one over, and a shutdown of either ends both.
        handle = line.dup()

        def expire() -> None:
            expired.set()
            _break(handle)

        watchdog = threading.Timer(max(deadline - time.monotonic(), 0), expire)
        watchdog.daemon = True
        self._open.add(handle)
        watchdog.start()
        try:
            yield expired
        finally:
            watchdog.cancel()
            watchdog.join()
            self._open.discard(handle)
            handle.close()
            line.close()

    def _too_slow(self, address: Address) -> SourceUnreachable:
        return SourceUnreachable(f"{address.host} took longer than {self._limits.total:g} seconds")


def _break(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _too_large(limit: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"the page is larger than the limit of {limit / 1e6:,.0f} MB",
        remedy="Leave it out, or raise KB_MAX_FILE_MB.",
    )


def _why(error: Exception | None) -> str:
    """Return the innermost reason in words, without the names of classes and connections."""
    reason: BaseException | None = error
    while reason is not None and not isinstance(reason, OSError) and reason.__cause__ is not None:
        reason = reason.__cause__
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({reason.verify_message})"
    if reason is None:
        return "the work was broken off"
    if isinstance(reason, TimeoutError):
        return "it took too long"
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return str(reason) or type(reason).__name__
