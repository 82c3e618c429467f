"""Which page of a long list is shown, and where are the others?"""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from flask import request

from webapp.current import once

PARAMETER = "page"


@dataclass(frozen=True, slots=True)
class Paging:
    """A page of a list; ``page`` counts from 1. A page past the end is shown as the last one."""

    asked: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def page(self) -> int:
        """Return the number of the page shown."""
        return min(self.asked, self.pages)

    @property
    def offset(self) -> int:
        """Return how many entries stand before this page."""
        return (self.page - 1) * self.size


def page_asked() -> int:
    """Return the page number in the address; 1 for none and for what is no number."""
    return max(1, request.args.get(PARAMETER, 1, type=int))


def here(**changes: str | int | list[str] | None) -> str:
    """Return the address at hand with some parameters changed; None takes one away."""
    kept = [written for name, written in once("written", _written) if name not in changes]
    kept += [_pair(name, value) for name, value in changes.items() if value is not None]
    query = "&".join(filter(None, kept))
    return f"{request.path}?{query}" if query else request.path


def _pair(name: str, value: str | int | list[str]) -> str:
    if isinstance(value, list):
        return urlencode({name: value}, doseq=True)
    return f"{name}={_quoted(str(value))}"


# A page has some twenty addresses with another value each, much the same on the next.
@functools.lru_cache(maxsize=2_048)
def _quoted(value: str) -> str:
    return quote_plus(value)


def _written() -> list[tuple[str, str]]:
    """Return the parameters at hand as an address has them, each name's together."""
    names = request.args.lists()
    return [(name, urlencode({name: values}, doseq=True)) for name, values in names if name != "ui"]


def with_query(address: str, without: Collection[str] = ()) -> str:
    """Return an address with the parameters of the one at hand, but for some."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in without]
    return f"{address}?{urlencode(kept)}" if kept else address
