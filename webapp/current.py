"""What is at hand while a request is answered? The application's services, and what was worked out for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import current_app, request

from webapp.wiring import Services

EXTENSION = "kb"
_ONCE = "kb.once"
Value = TypeVar("Value")


def services() -> Services:
    """Return the services of the application that answers the request at hand."""
    return cast(Services, current_app.extensions[EXTENSION])


def once(name: str, make: Callable[[], Value]) -> Value:
    """Return what is worked out once for the request at hand, by a name of its own."""
    known: dict[str, Value] = request.environ.setdefault(_ONCE, {})
    if name not in known:
        known[name] = make()
    return known[name]
