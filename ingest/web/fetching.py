"""How is a page got politely? Rules, turns, redirects, and what a status means."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from ingest.web.addresses import Address, parse
from ingest.web.client import Answer, Client
from ingest.web.politeness import LONGEST_WAIT, Turnstile
from ingest.web.robots import SIZE, Robots
from kb.errors import SourceBusy, SourceError, SourceForbidden, SourceGone, SourceUnreachable

# RFC 9309 (2.3.1.2) asks for at least five; browsers follow twenty.
MOST_REDIRECTS = 10
# How often a page is asked for again when the server says when to come back.
_TRIES = 2
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Without a Retry-After, a busy server is left alone this long.
_BUSY_FOR = 60.0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server can tell by whether a page has changed (RFC 9110, 8.8): those of ``url``."""

    url: str = ""
    etag: str = ""
    last_modified: str = ""

    def headers(self, address: Address) -> dict[str, str]:
        """Return the conditional headers for an address; none for any other than their own."""
        if str(address) != self.url:
            return {}
        stated = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in stated.items() if value}


@dataclass(frozen=True, slots=True)
class Page:
    """What stands at an address now. ``content`` is None when it is what it was (304).

    ``address`` is where redirects led. ``media_type`` and ``encoding`` are what the server says.
    """

    address: Address
    content: bytes | None
    validators: Validators
    fetched_at: datetime
    media_type: str = ""
    encoding: str | None = None
    directives: frozenset[str] = frozenset()


class Fetcher:
    """Gets pages. ``agent`` is sent with every request; its first word is what robots.txt calls us by."""

    def __init__(
        self,
        client: Client,
        turnstile: Turnstile,
        *,
        agent: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._turnstile = turnstile
        self.robots = Robots(self._robots_txt, agent=token(agent), clock=clock)

    def get(self, address: Address, *, validators: Validators | None = None) -> Page:
        """Return what stands at an address, or at the one that it leads to.

        Raises SourceForbidden (robots.txt, 401, 403, or a machine that may not be asked), SourceGone (404,
        410), SourceBusy (429, 503 for long), SourceUnreachable or SourceTooLarge.
        """
        for attempt in range(_TRIES + 1):
            try:
                return self._follow(address, validators or Validators())
            except SourceBusy as error:
                if attempt == _TRIES or error.seconds > LONGEST_WAIT:
                    raise
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Break off what is under way. Safe to call from another thread."""
        self._client.close()
        self._turnstile.close()

    def _follow(self, address: Address, validators: Validators) -> Page:
        for _ in range(MOST_REDIRECTS + 1):
            self.robots.check(address)
            answer = self._ask(address, validators.headers(address))
            if answer.status not in _REDIRECTS:
                return self._page(answer, validators)
            address = _led_to(answer)
        raise SourceUnreachable(
            f"{address.host} leads round in circles: more than {MOST_REDIRECTS} redirects"
        )

    def _ask(self, address: Address, headers: Mapping[str, str]) -> Answer:
        with self._turnstile.turn(address.host, delay=self.robots.delay(address)):
            return self._client.get(address, headers=headers)

    def _robots_txt(self, address: Address) -> Answer:
        """Return the answer for a robots.txt; redirects are followed, and too many mean there is none."""
        for _ in range(MOST_REDIRECTS + 1):
            with self._turnstile.turn(address.host):
                answer = self._client.get(address, size=SIZE)
            if answer.status not in _REDIRECTS:
                return answer
            try:
                address = _led_to(answer)
            except SourceError:
                return answer
        return answer

    def _page(self, answer: Answer, validators: Validators) -> Page:
        if answer.status not in {200, 304}:
            raise self._problem(answer)
        url = str(answer.address)
        media_type, encoding = _content_type(answer.headers.get("content-type", ""))
        return Page(
            answer.address,
            answer.content if answer.status == 200 else None,
            Validators(
                url,
                answer.headers.get("etag", "" if answer.status == 200 else validators.etag),
                answer.headers.get("last-modified", "" if answer.status == 200 else validators.last_modified),
            ),
            datetime.now(UTC),
            media_type,
            encoding,
            _directives(answer.headers.get("x-robots-tag", "")),
        )

    def _problem(self, answer: Answer) -> SourceError:
        host, status = answer.address.host, answer.status
        if status in {404, 410}:
            return SourceGone(f"there is no page at {answer.address} (status {status})")
        if status in {401, 403, 407, 451}:
            return SourceForbidden(f"{host} does not show the page to us (status {status})")
        if status in {429, 503}:
            seconds = _retry_after(answer.headers.get("retry-after", ""))
            self._turnstile.hold(host, seconds)
            return SourceBusy(f"{host} is busy (status {status})", seconds=seconds)
        return SourceUnreachable(f"{host} answered with status {status}")


def token(agent: str) -> str:
    """Return the product token of a user agent (RFC 9309, 2.2.1): ``kb/1.0 (…)`` is ``kb``."""
    match = re.match(r"[A-Za-z_-]+", agent)
    return match[0] if match else agent


def _led_to(answer: Answer) -> Address:
    location = answer.headers.get("location", "")
    if not location:
        raise SourceUnreachable(f"{answer.address.host} redirects to nowhere")
    return parse(location, base=answer.address)


def _content_type(value: str) -> tuple[str, str | None]:
    message = Message()
    message["content-type"] = value
    charset = message.get_content_charset()
    return (message.get_content_type() if value else "", charset)


def _retry_after(value: str) -> float:
    """Return seconds from a Retry-After header (RFC 9110, 10.2.3): a number or a date."""
    value = value.strip()
    if value.isdecimal():
        return float(min(int(value), 30 * 24 * 3600))
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return _BUSY_FOR
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max((when - datetime.now(UTC)).total_seconds(), 0.0)


def _directives(value: str) -> frozenset[str]:
    """Return what an X-Robots-Tag asks of all programs; what is meant for another one is left out."""
    return frozenset(word.strip().lower() for word in value.split(",") if ":" not in word)
