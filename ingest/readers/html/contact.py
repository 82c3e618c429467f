"""Does a part of a web page say how to reach someone?

Whoever needs help needs the number: what holds one is kept where other parts of the frame are not.
"""

from __future__ import annotations

import html
import re

from bs4 import Tag

# Numbers as they are written in North America, by words in English and Spanish, and in letters.
_NUMBER = re.compile(
    r"(?<![\w.-])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}(?![\w-])"
    r"|(?<!\w)1?[\s-]?8\d\d[\s-](?=[A-Z0-9-]*[A-Z])[A-Z0-9-]{7,14}(?!\w)"
    r"|(?<!\w)\+\d{1,3}[\s.()-]{0,2}\d[\d\s.()-]{6,14}\d(?!\w)"
    r"|\b(?:tel|tfno|tél|phone|telephone|teléfonos?|fax|hotline|helpline|línea|call|text|dial|llame|llamar|llama"
    r"|marque|marcar|marca|envíe)\b[^\d\n.!?]{0,40}\d(?:[\d\s.()-]{1,16}\d)(?![\w%])",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"hot\s?line|help\s?line|crisis|abus[eo]|neglect|emergenc|suicid|poison|línea de (?:ayuda|crisis)"
    r"|maltrato|denunci|violencia|violence",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"<(?P<tag>a|span)\b[^<>]{0,400}?\bdata-cfemail=[\"'](?P<code>(?:[0-9a-f]{2}){4,200})[\"'][^<>]{0,400}>"
    r"[^<]{0,80}</(?P=tag)>",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
# A box with more characters is a part of the page with an article of its own.
BOX = 1500


def reaches(text: str) -> bool:
    """Return whether a text gives a telephone number, or a number to write to."""
    return _NUMBER.search(text) is not None


def with_addresses(markup: str) -> str:
    """Return a page with the mail addresses in it that Cloudflare hid from programs, as people see them.

    Each letter is hidden by the number that stands first (exclusive or); people have it undone by a script.
    """
    return _HIDDEN.sub(_address, markup) if "data-cfemail" in markup else markup


def _address(found: re.Match[str]) -> str:
    code = bytes.fromhex(found["code"])
    address = bytes(byte ^ code[0] for byte in code[1:]).decode("utf-8", "replace")
    return html.escape(address) if _ADDRESS.fullmatch(address) else found[0]


def is_urgent(text: str) -> bool:
    """Return whether a text speaks of help in need: a hotline, a crisis, abuse, an emergency."""
    return _URGENT.search(text) is not None


def is_contact(tag: Tag, size: int) -> bool:
    """Return whether an element of ``size`` characters is a box that gives a number to call."""
    if not 0 < size <= BOX:
        return False
    return tag.find("a", href=_calls) is not None or reaches(tag.get_text(" "))


def _calls(address: str | None) -> bool:
    return address is not None and address.strip().casefold().startswith(("tel:", "sms:"))
