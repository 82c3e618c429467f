"""Where did a reader come from, so that a page can lead back there? Its own address says so.

Browsers don't tell us: our pages send no referrer, as questions stand in their addresses. So what leads to a
page that one returns from takes the address along that it stands on, without scripts too.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from flask import request, url_for

PARAMETER = "back"
# What is longer holds a question that nobody typed, and would be written twice into every link.
_LONGEST = 2_000


def this_page() -> str | None:
    """Return the address of the page at hand, for others to lead back to; None for one that is too long."""
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != "ui"]
    address = f"{request.path}?{urlencode(kept, safe='/?')}" if kept else request.path
    return address if len(address) <= _LONGEST else None


def coming_from_here() -> str:
    """Return the end of an address that leads back to the page at hand; the name of a place on it may follow.

    Empty where the page's own address is too long.
    """
    address = this_page()
    return f"?{PARAMETER}={quote(f'{address}#', safe='/')}" if address else ""


def way_back() -> str | None:
    """Return the address that the page at hand leads back to, if it was given one of ours."""
    address = request.args.get(PARAMETER, "")
    return address if len(address) <= 2 * _LONGEST and is_ours(address) else None


def is_ours(address: str) -> bool:
    """Tell whether an address is a path on this site, whatever a browser makes of slashes and signs."""
    if not address.isprintable() or "\\" in address:
        return False
    return address.startswith("/") and not address.startswith("//")


def answers(question: str, anchor: str = "") -> str | None:
    """Return the address of the answers that a reader came from, or of those to a question."""
    back = way_back()
    if back is not None and urlsplit(back).path == url_for("search.results"):
        return back
    return url_for("search.results", q=question, _anchor=anchor or None) if question.strip() else None
