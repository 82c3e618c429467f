"""Which language does a page speak? The one chosen, else the browser's, else English."""

from __future__ import annotations

import datetime as dates
import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, has_request_context, request
from flask_babel import (
    Babel,
    format_date,
    format_datetime,
    format_decimal,
    get_locale,
    get_translations,
    gettext,
    to_user_timezone,
)
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from webapp.current import once

NAMES = {"en": "English", "es": "Español"}
PARAMETER = "ui"
_YEAR = 365 * 24 * 3600


def speak(app: Flask) -> None:
    """Set up translations, the choice of language, and the filters that write dates and numbers."""
    Babel(app, default_locale="en", locale_selector=chosen)
    # A page has some 150 texts, and Flask-Babel finds out for each of them anew which language it is in.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _texts().ugettext(text),
        lambda one, many, number: _texts().ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = translated

    @app.after_request
    def remember(response: Response) -> Response:
        """Keep a choice made on this request; no cookie is set otherwise."""
        if request.endpoint == "static":
            return response
        response.vary.update(("Accept-Language", "Cookie"))
        wanted = request.args.get(PARAMETER)
        if wanted in NAMES and request.cookies.get(PARAMETER) != wanted:
            response.set_cookie(PARAMETER, wanted, max_age=_YEAR, httponly=True, samesite="Lax")
        return response

    add_spoken_filters(app, date=date, day=day, instant=instant, number=number, language=language_name)
    app.context_processor(lambda: {"ui": page_language(), "other_languages": other_languages()})


def add_spoken_filters(app: Flask, **filters: Callable[..., Any]) -> None:
    """Give all templates filters whose results depend on the language of the page.

    Jinja works out a filter of a constant only once, in the language of whoever comes first, unless the
    filter asks for a context.
    """
    for name, function in filters.items():
        app.jinja_env.filters[name] = _each_time(function)


def _each_time(function: Callable[..., Any]) -> Callable[..., Any]:
    @pass_context
    def filtered(_context: Context, *given: Any) -> Any:
        return function(*given)

    return filtered


def _texts() -> Any:
    """Return the texts of the page at hand, looked up once for each page."""
    if "texts" not in g:
        g.texts = get_translations()
    return g.texts


def chosen() -> str:
    """Return the language of the page for the request at hand."""
    for wanted in (request.args.get(PARAMETER), request.cookies.get(PARAMETER)):
        if wanted in NAMES:
            return str(wanted)
    return request.accept_languages.best_match(list(NAMES)) or "en"


def page_language() -> str:
    """Return ``en`` or ``es``: made out once for each page, which asks for it some fifty times."""
    return once("language", _language) if has_request_context() else _language()


def _language() -> str:
    return str(get_locale() or "en")


def translated(text: str, /, **values: object) -> Markup:
    """Return a text of the pages in their language, with values put in: what Jinja's own ``_`` gives.

    A page has a hundred texts, and Jinja's takes 30 µs for each.
    """
    if values:
        return _translated(text, page_language()) % values
    return _without_values(text, page_language())


# The texts of the templates are some hundreds in each language.
@functools.lru_cache(maxsize=2_048)
def _translated(text: str, _language: str) -> Markup:
    return Markup(_texts().ugettext(text))


@functools.lru_cache(maxsize=2_048)
def _without_values(text: str, language: str) -> Markup:
    return _translated(text, language) % {}


def other_languages() -> list[tuple[str, str, str]]:
    """Return the code, name and address of this page in each other language."""
    here = page_language()
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != PARAMETER]
    return [
        (code, name, f"{request.path}?{urlencode([*kept, (PARAMETER, code)])}")
        for code, name in NAMES.items()
        if code != here
    ]


def number(value: float) -> str:
    """Return a number as the page's language writes it."""
    return _number(value, page_language())


# A page has some fifty dates and numbers, and Babel takes .1 ms to write one.
@functools.lru_cache(maxsize=2_048)
def _number(value: float, language: str) -> str:
    if not isinstance(value, int) or value < 0:
        return str(format_decimal(value))
    return f"{value:,}".replace(",", _between_thousands(language))


@functools.lru_cache(maxsize=8)
def _between_thousands(_language: str) -> str:
    return str(format_decimal(1_000))[1:-3]


def date(time: datetime) -> Markup:
    """Return a day as the page's language writes it, with the exact time for programs and on hover."""
    return _date(time, page_language())


@functools.lru_cache(maxsize=2_048)
def _date(time: datetime, _language: str) -> Markup:
    exact = time.isoformat(timespec="seconds")
    day = escape(_long(to_user_timezone(time).date(), _language))
    return Markup(f'<time datetime="{exact}" title="{exact}">{day}</time>')


# Of many times there are few days, and Babel takes .1 ms to write one.
@functools.lru_cache(maxsize=2_048)
def _long(day: dates.date, _language: str) -> str:
    return str(format_date(day, "long"))


def instant(time: datetime) -> Markup:
    """Return a day with its time (UTC), for what may happen more than once a day."""
    exact = time.isoformat(timespec="seconds")
    return Markup('<time datetime="{exact}">{day} UTC</time>').format(
        exact=exact, day=format_datetime(time, "medium")
    )


def day(day: dates.date) -> Markup:
    """Return a day as the page's language writes it, readable by programs too."""
    return Markup('<time datetime="{exact}">{day}</time>').format(
        exact=day.isoformat(), day=_long(day, page_language())
    )


def language_name(code: str) -> str:
    """Return what the page's language calls the language of a text."""
    return _language_name(code, page_language())


@functools.lru_cache(maxsize=64)
def _language_name(code: str, _language: str) -> str:
    if code == "en":
        return str(gettext("English"))
    return str(gettext("Spanish") if code == "es" else gettext("other language"))
