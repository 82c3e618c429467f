"""How does an answer go out? Compressed, and not once more to a browser that has it already.

Pages of results that were made since anything last changed are sent again as they are, to all whose session
is empty: theirs differ by address and language only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import IO, cast

from flask import Flask, Response, current_app, g, request, session
from zlib_ng import zlib_ng

from index.remembered import Remembered
from index.results import SearchResult
from webapp.current import services
from webapp.i18n import page_language

_PAGES = "kb kept pages"
# Bytes: what is shorter fits one packet either way.
_SHORTEST = 1_000
# zlib-ng makes 5.5 kB of a page of results of 24 kB, as zlib does, in half its time: .14 ms.
_LEVEL = 4
# For zlib: with the head and the end of a gzip file (RFC 1952), which names no time.
_AS_GZIP = 31
_TYPES = frozenset(
    (
        "text/html", "text/css", "text/plain", "text/javascript", "application/javascript",
        "application/json", "application/ld+json", "application/problem+json", "application/atom+xml",
        "image/svg+xml",
    )
)  # fmt: skip
_MOST_STATIC = 64


@dataclass(frozen=True, slots=True)
class Page:
    """An answer as it is sent, and what is counted of it: how many passages match, how sure it is."""

    body: bytes
    packed: bytes
    etag: str
    mimetype: str
    total: int
    confidence: str


def send_well(app: Flask) -> None:
    """Compress what is sent, and answer 304 where the browser has it (RFC 9110, 13)."""
    app.extensions[_PAGES] = Remembered[Page]()
    static: dict[tuple[str, str], bytes] = {}

    @app.after_request
    def spare(response: Response) -> Response:
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            return response
        if request.endpoint == "static":
            return _static(response, static)
        if response.direct_passthrough or response.is_streamed:
            return response
        if not response.get_etag()[0]:
            response.set_etag(_fingerprint(response.get_data()), weak=True)
        if _may_be_packed(response):
            response.vary.add("Accept-Encoding")
            if _takes_gzip():
                _pack(response, zlib_ng.compress(response.get_data(), _LEVEL, wbits=_AS_GZIP))
        response.make_conditional(request)
        return response


def kept(make: Callable[[], tuple[str | Response, SearchResult | None]]) -> tuple[Response, Page]:
    """Return the answer to the request at hand: the one that was made before, if it still holds.

    ``make`` returns its body and what it shows. A session may hold what only its reader is to be told or has
    marked: where it is not empty, the answer is made anew and not kept.
    """
    state = None if session else services().search.state()
    pages: Remembered[Page] = current_app.extensions[_PAGES]
    page = pages.get((_asked_at(), page_language()), state, lambda: _page(*make()))
    response = Response(page.body, mimetype=page.mimetype)
    response.set_etag(page.etag, weak=True)
    response.vary.add("Accept-Encoding")
    if _takes_gzip():
        _pack(response, page.packed)
    return response, page


def _asked_at() -> tuple[str, str, str, str, bytes]:
    """Return all that an address is made of, as it came: to write it as people do takes .1 ms."""
    return request.scheme, request.host, request.root_path, request.path, request.query_string


def _page(made: str | Response, found: SearchResult | None) -> Page:
    body = made.encode() if isinstance(made, str) else made.get_data()
    return Page(
        body,
        zlib_ng.compress(body, _LEVEL, wbits=_AS_GZIP),
        _fingerprint(body),
        "text/html" if isinstance(made, str) else made.mimetype or "",
        total=found.total if found else 0,
        confidence=found.confidence.value if found else "",
    )


def _fingerprint(body: bytes) -> str:
    """Return a name of the content itself: what is in it, and so the index and language it is of, counts."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _may_be_packed(response: Response) -> bool:
    """Tell whether to compress. A page with a token and words of others in one could give the token away.

    Y. Gluck, N. Harris, A. Prado: "BREACH: reviving the CRIME attack" (2013).
    """
    return (
        "Content-Encoding" not in response.headers
        and response.mimetype in _TYPES
        and "csrf_token" not in g
        and (response.content_length or _SHORTEST) >= _SHORTEST
    )


def _pack(response: Response, packed: bytes) -> None:
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"


def _static(response: Response, known: dict[tuple[str, str], bytes]) -> Response:
    """Send a file of the pages, whose address changes with it: packed once, and never asked for again."""
    if request.args.get("v"):
        response.cache_control.immutable = True
    if response.mimetype not in _TYPES:
        return response
    response.vary.add("Accept-Encoding")
    if not _takes_gzip():
        return response
    key = (request.path, response.get_etag()[0] or "")
    with closing(cast(IO[bytes], response.response)) as file:
        response.direct_passthrough = False
        if key not in known:
            if len(known) >= _MOST_STATIC:
                known.clear()
            known[key] = zlib_ng.compress(b"".join(file), 9, wbits=_AS_GZIP)
        _pack(response, known[key])
    response.set_etag(key[1], weak=True)
    return response
