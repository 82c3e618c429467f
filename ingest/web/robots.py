"""What does a site allow programs to ask? Its robots.txt, by RFC 9309, kept for a day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from ingest.web.addresses import Address, parse
from ingest.web.client import Answer
from kb.errors import SourceForbidden, SourceTooLarge, SourceUnreachable

# RFC 9309: cached for no more than a day (2.4), and at least the first 500 KiB are read (2.5).
_KEPT_FOR = 24 * 3600.0
_UNREACHABLE_FOR = 300.0
SIZE = 512_000

Fetch = Callable[[Address], Answer]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site says: the parsed file, or None where all is allowed; or why nothing is."""

    parsed: Protego | None
    refusal: str
    good_until: float


class Robots:
    """The rules of the sites asked so far. ``agent`` is the product token that sites name us by.

    ``fetch`` gets an address, following redirects, whatever the status.
    """

    def __init__(self, fetch: Fetch, *, agent: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._agent = agent
        self._clock = clock
        self._known: dict[str, Rules] = {}

    def check(self, address: Address) -> None:
        """Raise SourceForbidden when the site does not want this address asked for, SourceUnreachable when
        its rules cannot be got, which means stay away (RFC 9309, 2.3.1.4).
        """
        rules = self._rules(address)
        if rules.refusal:
            raise SourceUnreachable(rules.refusal)
        if rules.parsed is not None and not rules.parsed.can_fetch(str(address), self._agent):
            raise SourceForbidden(f"{address.host} asks programs not to read {address.path} (robots.txt)")

    def delay(self, address: Address) -> float:
        """Return the seconds that the site asks to leave between two requests; 0 where it says nothing."""
        parsed = self._rules(address).parsed
        return float(parsed.crawl_delay(self._agent) or 0) if parsed is not None else 0.0

    def sitemaps(self, address: Address) -> list[Address]:
        """Return the sitemaps that the site names."""
        parsed = self._rules(address).parsed
        found = []
        for text in parsed.sitemaps if parsed is not None else ():
            try:
                found.append(parse(text, base=parse(address.origin)))
            except SourceForbidden:
                continue
        return found

    def _rules(self, address: Address) -> Rules:
        known = self._known.get(address.origin)
        if known is None or known.good_until < self._clock():
            known = self._known[address.origin] = self._read(address)
        return known

    def _read(self, address: Address) -> Rules:
        place = parse(address.origin + "/robots.txt")
        now = self._clock()
        try:
            answer = self._fetch(place)
        except SourceTooLarge:
            return Rules(None, f"the robots.txt of {address.host} is endless", now + _KEPT_FOR)
        except SourceUnreachable as error:
            return Rules(None, str(error), now + _UNREACHABLE_FOR)
        if answer.status == 200:
            text = answer.content.decode("utf-8-sig", errors="replace")
            return Rules(Protego.parse(text), "", now + _KEPT_FOR)
        if answer.status >= 500 or answer.status == 429:
            refusal = f"{address.host} does not give its robots.txt (status {answer.status})"
            return Rules(None, refusal, now + _UNREACHABLE_FOR)
        # 2.3.1.3: with any other answer there are no rules.
        return Rules(None, "", now + _KEPT_FOR)
