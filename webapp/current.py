"""What is at hand while a request is answered? The application's services, and what was worked out for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Request, current_app, request
from werkzeug.local import LocalProxy

from webapp.wiring import Services

EXTENSION = "kb"
_ONCE = "kb.once"
# A page asks two hundred times for what is worked out once, and what is asked of a proxy takes it 1 µs.
_AT_HAND = cast("LocalProxy[Request]", request)
Value = TypeVar("Value")


def services() -> Services:
    """Return the services of the application that answers the request at hand."""
    return cast(Services, current_app.extensions[EXTENSION])


def once(name: str, make: Callable[[], Value]) -> Value:
    """Return what is worked out once for the request at hand, by a name of its own.

    Raises RuntimeError where there is no request.
    """
    environ = _AT_HAND._get_current_object().environ
    known: dict[str, Value] = environ.get(_ONCE) or environ.setdefault(_ONCE, {})
    if name not in known:
        known[name] = make()
    return known[name]
