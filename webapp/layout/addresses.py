"""Where is a page? What Flask's ``url_for`` says, which is made once where at most one id differs.

A page of answers has fifty such addresses, and Flask takes 30 µs to put one together.
"""

from __future__ import annotations

import functools

from flask import request, url_for

# Stands for an id while an address is made.
_ID = "0theid0"


def address(endpoint: str, /, **values: object) -> str:
    """Return the address of a page, as ``url_for`` does within a request."""
    root = request.script_root
    if not values:
        return _alone(endpoint, root)
    (name, value), *others = values.items()
    if others or name.startswith("_") or not (isinstance(value, str) and value.isascii() and value.isalnum()):
        return url_for(endpoint, **values)  # type: ignore[arg-type]
    before, after = _around(endpoint, name, root)
    return f"{before}{value}{after}"


@functools.lru_cache(maxsize=512)
def _alone(endpoint: str, _root: str) -> str:
    return url_for(endpoint)


@functools.lru_cache(maxsize=512)
def _around(endpoint: str, name: str, _root: str) -> tuple[str, str]:
    """Return what stands before and after an id in the addresses of a kind of pages."""
    before, _, after = url_for(endpoint, **{name: _ID}).rpartition(_ID)  # type: ignore[arg-type]
    return before, after
