"""Which links to this knowledge base are in some texts? (ingest.linktexts has those of a file.)"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

# The path of a permalink and what stands before it; ids are written in small letters.
_LINK = re.compile(r"(?P<before>[^\s\"'<>(){}|\\^`]{0,300}?)/p/(?P<id>[0-9a-hjkmnp-tv-z]{12})(?![0-9A-Za-z])")
_HOST = re.compile(r"(?:[^/@]*@)?(?P<host>[^/:@]+|\[[0-9a-f:]+\])(?::\d+)?(?:/.*)?", re.IGNORECASE)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Written:
    """A link as it is written: the id, and the host that it names; empty for a bare ``/p/…``."""

    passage_id: str
    host: str

    def is_ours(self, hosts: Collection[str]) -> bool:
        """Tell whether the link names no host, this machine, or one of ours."""
        return not self.host or self.host in LOOPBACK or self.host in hosts


def written_in(texts: Iterable[str]) -> list[Written]:
    """Return the links in some texts, each once, in order."""
    found: dict[Written, None] = {}
    for text in texts:
        for form in dict.fromkeys((text, html.unescape(text), unquote(text))):
            for match in _LINK.finditer(form):
                host = _host(match["before"])
                if host is not None:
                    found.setdefault(Written(match["id"], host))
    return list(found)


def _host(before: str) -> str | None:
    """Return the host that stands before the path; None where it is no address but a path like ``a/b``."""
    _, scheme, rest = before.rpartition("//")
    if not scheme and not before.strip("[.=,;:/-—–"):
        return ""
    matched = _HOST.fullmatch(rest)
    if matched is None:
        return None
    host = matched["host"].lower().strip("[]")
    return host if scheme or "." in host.strip(".") or host in LOOPBACK else None
