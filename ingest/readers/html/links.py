"""Where does a web page lead, and what does it ask of programs that read it?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, SoupStrainer, Tag
from bs4.exceptions import ParserRejectedMarkup

from ingest.mediatype import decode, decode_as
from kb.errors import SourceUnreadable

_TELLING = SoupStrainer(["a", "area", "base", "link", "meta", "frame", "iframe"])
_MOST_LINKS = 10_000
# What comes after so many is not looked at: 300,000 links in one another took half a minute, and this is done
# in the process that fetches.
_MOST_TAGS = 20_000
_LEADS = re.compile(r"<(?:a|area|base|link|meta|frame|iframe)\b", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"<\?xml[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses in a page as they are written, in order; ``base`` is what they are relative to.

    ``index`` and ``follow`` tell what the page allows (the robots meta element).
    """

    addresses: tuple[str, ...] = ()
    base: str = ""
    canonical: str = ""
    index: bool = True
    follow: bool = True


def links(content: bytes, *, encoding: str | None = None, agent: str = "") -> Links:
    """Return where a page leads; ``agent`` is the name by which the page may speak to us alone.

    Links marked as not to be followed, and those to be downloaded, mailed or run, are left out.
    """
    try:
        stated = decode_as(content, encoding) if encoding else None
        text = stated if stated is not None else decode(content)[0]
        # With it, the parser would take the page for something other than HTML, and warn.
        text = _XML_DECLARATION.sub("", text)
        soup = BeautifulSoup(_opening(text), "lxml", parse_only=_TELLING)
    except (SourceUnreadable, ParserRejectedMarkup, RecursionError, AssertionError):
        return Links()
    asked = _asked(soup, agent)
    base = soup.find("base", href=True)
    return Links(
        tuple(dict.fromkeys(_followed(soup)))[:_MOST_LINKS],
        str(base["href"]) if isinstance(base, Tag) else "",
        next((str(tag["href"]) for tag in soup.find_all("link", href=True) if "canonical" in _rel(tag)), ""),
        index=not asked & {"noindex", "none"},
        follow=not asked & {"nofollow", "none"},
    )


def _opening(text: str) -> str:
    """Return a page up to the most tags that are looked at."""
    last = next(islice(_LEADS.finditer(text), _MOST_TAGS, None), None)
    return text if last is None else text[: last.start()]


def _followed(soup: BeautifulSoup) -> list[str]:
    found = []
    for tag in soup.find_all(["a", "area", "frame", "iframe", "link"]):
        rel = _rel(tag)
        if tag.name == "link" and not rel & {"next", "canonical"}:
            continue
        address = str(tag.get("src") if "frame" in tag.name else tag.get("href") or "").strip()
        scheme = address.partition(":")[0].lower()
        runs = scheme in {"javascript", "mailto", "tel", "data", "ftp", "file", "sms", "about"}
        if (
            address
            and not runs
            and not address.startswith("#")
            and not rel & {"nofollow", "ugc", "sponsored"}
        ):
            found.append(address)
    return found


def _rel(tag: Tag) -> set[str]:
    value = tag.get("rel") or ()
    words = value.split() if isinstance(value, str) else value
    return {word.lower() for word in words}


def _asked(soup: BeautifulSoup, agent: str) -> set[str]:
    """Return what the robots meta elements ask of all programs, or of us."""
    names = {"robots", agent.lower()}
    said: set[str] = set()
    for tag in soup.find_all("meta"):
        if str(tag.get("name") or "").strip().lower() in names:
            said |= {word.strip().lower() for word in str(tag.get("content") or "").split(",")}
    return said
