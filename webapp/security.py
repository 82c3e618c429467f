"""Who may ask, and what may a page do? Known host names only; no scripts or styles but our own."""

from __future__ import annotations

import re

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_babel import gettext
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from kb.errors import SettingsError
from kb.settings import Settings
from webapp.errors import API

# https://www.w3.org/TR/CSP3/: nothing is allowed but what is named here.
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Of a document as it came: it may be a web page with scripts of its own, and must stay inert.
ORIGINAL_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Questions stand in our addresses; other sites that a page links to must not learn them.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_ALWAYS_KNOWN = ("localhost", "127.0.0.1", "::1")
_ORIGIN = re.compile(r"https?://[^/\s*?#@]+")
_HOST = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<name>[^:\[\]/@\s]+))(?::\d{1,5})?")


def protect(app: Flask, settings: Settings) -> None:
    """Refuse requests for unknown host names, and send the headers with every answer."""
    known = known_hosts(settings)
    always = list(HEADERS.items())
    but_files = [*always, ("Cache-Control", "private, no-cache")]

    @app.before_request
    def refuse_unknown_hosts() -> None:
        """A page on another site can point a name of its own at this machine (DNS rebinding)."""
        if host_name(request.environ.get("HTTP_HOST", "")) not in known:
            raise BadRequest(
                gettext("These pages do not answer to this host name. Use the address that kb serve printed.")
            )

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Looked through once: to ask for each of them takes as long as all else that is done to an answer.
        there = {name.lower() for name, _ in response.headers}
        wanted = always if request.endpoint == "static" else but_files
        response.headers.extend([pair for pair in wanted if pair[0].lower() not in there])
        return response

    _let_origins_read(app, known_origins(settings))


def _let_origins_read(app: Flask, origins: frozenset[str]) -> None:
    """Let the scripts of sites that the settings name read what the API says (CORS), and change nothing."""

    @app.after_request
    def allow(response: Response) -> Response:
        if not origins or not request.path.startswith(API):
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if origin in origins and request.method in ("GET", "HEAD", "OPTIONS"):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def guard_changes(app: Flask) -> None:
    """Refuse a change that was not asked for from a page of ours: each carries a token, on loopback too."""
    app.session_interface = SessionsOfCookies()
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # it lasts as long as the browser's session: pages stay open for days
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )

    @app.before_request
    def refuse_nameless_fields() -> None:
        """A part of a form may come without a name, which those who read the form do not expect."""
        if request.method == "POST" and any(name is None for name in [*request.form, *request.files]):
            raise BadRequest(gettext("A field of the form has no name."))

    CSRFProtect(app)


class SessionsOfCookies(SecureCookieSessionInterface):
    """The sessions of Flask; for a request without a cookie there is nothing to check the signature of.

    What checks it takes .1 ms to make, and programs send no cookie.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of a request, empty if it has none."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def known_hosts(settings: Settings) -> frozenset[str]:
    """Return the host names that are answered to, in lower case."""
    more = (name.strip() for name in settings.allowed_hosts.split(","))
    names = (*_ALWAYS_KNOWN, settings.host, *more)
    return frozenset(name.lower().strip("[]") for name in names if name)


def known_origins(settings: Settings) -> frozenset[str]:
    """Return the sites whose scripts may read the API.

    Raises SettingsError for one that is not written as browsers do (https://www.rfc-editor.org/rfc/rfc6454).
    """
    named = [name.strip().rstrip("/").lower() for name in settings.api_origins.split(",") if name.strip()]
    for name in named:
        if not _ORIGIN.fullmatch(name):
            raise SettingsError(f"KB_API_ORIGINS: {name!r} is no site", remedy="Write it like https://host.")
    return frozenset(named)


def host_name(header: str) -> str | None:
    """Return the name in a ``Host`` header without its port, or None if there is none to speak of."""
    match = _HOST.fullmatch(header)
    return None if match is None else (match["v6"] or match["name"]).lower()
