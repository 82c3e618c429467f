"""What does a person, or a program, see when something is wrong? Its name, one sentence, and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import gettext, lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from kb.errors import (
    CatalogError,
    KBError,
    PassageUnknown,
    QueryError,
    SearchIndexError,
    SourceUnknown,
)
from webapp.openapi import shapes

API = "/api/"
DOCS = ("/api/docs", "/api/try/")
"""Pages for people below ``/api/``."""

_STATUSES: tuple[tuple[type[KBError], int], ...] = (
    (PassageUnknown, 404),
    (SourceUnknown, 404),
    (QueryError, 400),
    (SearchIndexError, 503),
    (CatalogError, 500),
)
_TITLES = {
    "query": lazy_gettext("There is nothing to search for"),
    "index": lazy_gettext("The index cannot answer"),
    "index-missing": lazy_gettext("No documents yet"),
    "index-incompatible": lazy_gettext("The index must be built again"),
    "index-busy": lazy_gettext("The index is being written"),
    "passage-unknown": lazy_gettext("No passage has this link"),
    "source-unknown": lazy_gettext("No document has this address"),
    "catalog": lazy_gettext("The catalog cannot answer"),
}
# Instead of the error's own words, where those name an id that the address already shows.
_SENTENCES = {
    "passage-unknown": lazy_gettext(
        "Links to passages never expire, so this one was most likely cut short or mistyped."
    ),
    "source-unknown": lazy_gettext("It may have been cut short or mistyped."),
    "index-missing": lazy_gettext("Nothing can be found until the first document has been taken in."),
}
_HTTP = {
    400: (lazy_gettext("The request cannot be understood"), lazy_gettext("Check the address.")),
    404: (
        lazy_gettext("There is no such page"),
        lazy_gettext("Check the address, or search for what you need."),
    ),
    405: (lazy_gettext("This page can only be read"), lazy_gettext("Open it with a plain link.")),
    413: (
        lazy_gettext("This is too much at once"),
        lazy_gettext("Add fewer or smaller files at a time, or raise KB_MAX_FILE_MB."),
    ),
    500: (
        lazy_gettext("Something went wrong on our side"),
        lazy_gettext(
            "Try again. If it happens again, tell whoever looks after this service when it happened."
        ),
    ),
}
_STALE = (
    lazy_gettext("This page was open for too long, or your browser keeps no cookies."),
    lazy_gettext("Go back, load the page again, and try once more."),
)
# Words of errors raised below the pages that readers meet most; here so that they are translated.
_RAISED_BELOW = (
    lazy_gettext("The question has no words to look for."),
    lazy_gettext("The question only says what to leave out."),
    lazy_gettext("The question only says where to look."),
    lazy_gettext("Add a word to look for."),
    lazy_gettext("Add a word to look for, such as: shelter -arrest"),
    lazy_gettext("Split the document, or raise KB_MAX_FILE_MB."),
    lazy_gettext("Split the document, or raise KB_MAX_TEXT_CHARS."),
)


def explain_errors(app: Flask) -> None:
    """Turn errors into pages, and below ``/api/`` into problem details (RFC 9457)."""

    @app.errorhandler(KBError)
    def known(error: KBError) -> AnyResponse:
        status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
        if status >= 500:
            app.logger.error("%s: %s", error.code, error)
        if _asked_by_program():
            return problem(status, code=error.code, detail=str(error), remedy=error.remedy)
        title = _TITLES.get(error.code) or _HTTP[500][0]
        message = _SENTENCES.get(error.code) or gettext(str(error))
        remedy = _HTTP[404][1] if isinstance(error, SourceUnknown) else gettext(error.remedy)
        return _page(status, title=title, message=message, remedy=remedy)

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> AnyResponse:
        if error.response is not None:
            return cast(AnyResponse, error.response)
        status = error.code or 500
        title, remedy = _HTTP.get(status) or _HTTP[500 if status >= 500 else 400]
        if isinstance(error, CSRFError):
            error.description, remedy = str(_STALE[0]), _STALE[1]
        if _asked_by_program():
            code = HTTPStatus(status).phrase.lower().replace(" ", "-")
            response: AnyResponse = problem(
                status, code=code, detail=error.description or str(title), remedy=str(remedy)
            )
        else:
            told = status in (400, 404) and error.description != type(error).description
            own = error.description if told else ""
            response = _page(status, title=title, message=own or "", remedy=remedy)
        for name, value in error.get_headers():
            if name == "Allow":
                response.headers[name] = value
        return response


def _asked_by_program() -> bool:
    return request.path.startswith(API) and not request.path.startswith(DOCS)


def problem(status: int, *, code: str, detail: str, remedy: str, **more: Any) -> Response:
    """Return problem details (RFC 9457) with the error's ``code`` and a ``remedy`` for people, and what more.

    ``more`` are extension members.
    """
    body: shapes.Problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "remedy": remedy,
    }
    response = jsonify({**body, **more})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _page(status: int, *, title: Any, message: Any, remedy: Any) -> AnyResponse:
    response = Response(
        render_template(
            "error.html", status=status, title=title, message=message, remedy=remedy, question=asked()
        )
    )
    response.status_code = status
    return response


def asked() -> str:
    """Return the question in the address, to keep it in the box."""
    return request.args.get("q", "")
