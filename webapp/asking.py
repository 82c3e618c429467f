"""Which passages does an address ask for, in which order, and what besides? The same for pages and the API.

    q=…  or  like=<passage>          a question, or a passage that others should be like
    collection= lang= document=      filters, each may be given several times
    type=                            pdf, html, word …, or a media type
    since=2024-01-31 until= year=    the days that documents may be of
    sort=newest | oldest             else by relevance
    expand=0                         short forms and synonyms are not searched for
    explain=1                        hits tell why they rank where they do
    facets=0                         matches are not counted by collection, document …

The command line gives its options the same names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from index.query import Order
from index.results import SearchResult, View
from index.search import SearchService
from kb import ids
from kb.languages import OTHER
from webapp.i18n import NAMES
from webapp.layout import kinds

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; ``like`` is the id of a passage, or empty."""

    question: str
    like: str
    collections: tuple[str, ...]
    languages: tuple[str, ...]
    year: str
    view: View

    @property
    def narrowed(self) -> bool:
        """Tell whether a part of the library only is looked at."""
        view = self.view
        return bool(
            self.collections
            or self.languages
            or view.documents
            or view.media_types
            or view.since
            or view.until
        )

    @property
    def narrowed_more(self) -> bool:
        """Tell whether a filter is set that the page does not always show."""
        view = self.view
        return bool(view.documents or view.media_types or view.since or view.until)

    @property
    def is_plain(self) -> bool:
        """Tell whether a question is asked of the whole library, in the order that a first answer has."""
        return not self.narrowed and self.view.order is Order.RELEVANCE and self.view.expand

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return the parameters that stay when another question is asked."""
        return [*self.kept_but_days, *self._days()]

    @property
    def kept_but_days(self) -> list[tuple[str, str]]:
        """Return the same without the days that documents may be of."""
        view = self.view
        kept = [("collection", name) for name in self.collections]
        kept += [("lang", code) for code in self.languages]
        kept += [("document", source_id) for source_id in view.documents]
        kept += [("type", kinds.short_name(name)) for name in view.media_types]
        if view.order is not Order.RELEVANCE:
            kept.append(("sort", view.order.value))
        return kept if view.expand else [*kept, ("expand", "0")]

    def _days(self) -> list[tuple[str, str]]:
        if self.year:
            return [("year", self.year)]
        return [(name, day) for name, day in (("since", self.view.since), ("until", self.view.until)) if day]

    def answer(self, search: SearchService, *, limit: int, offset: int) -> SearchResult:
        """Return the answer; raises what the service raises."""
        if self.like:
            return search.like(
                self.like,
                limit=limit,
                offset=offset,
                collections=self.collections,
                languages=self.languages,
                view=self.view,
            )
        return search.search(
            self.question,
            limit=limit,
            offset=offset,
            collections=self.collections,
            languages=self.languages,
            view=self.view,
        )


def asked(values: MultiDict[str, str], *, strict: bool) -> Asked:
    """Return what the parameters of an address ask for.

    A value that means nothing raises BadRequest if ``strict``, else it is passed over.
    """
    year = _day_or_year(values, "year", strict=strict)
    since = _day_or_year(values, "since", strict=strict)
    until = _day_or_year(values, "until", strict=strict)
    if since and until and since > until:
        if strict:
            raise BadRequest("since must not be after until.")
        since, until = until, since
    if year:
        since, until = max(since, f"{year}-01-01"), min(until or "9999", f"{year}-12-31")
    return Asked(
        question=values.get("q", ""),
        like=ids.spoken(values.get("like", "")),
        collections=tuple(name for name in values.getlist("collection") if name),
        languages=tuple(_known(values, "lang", (*NAMES, OTHER), strict=strict)),
        year=year,
        view=View(
            documents=tuple(ids.spoken(name) for name in values.getlist("document") if name),
            media_types=tuple(kinds.media_type(name) for name in values.getlist("type") if name),
            since=since,
            until=until,
            order=Order(next(iter(_known(values, "sort", tuple(Order), strict=strict)), Order.RELEVANCE)),
            expand=_switched(values, "expand", otherwise=True, strict=strict),
            explain=_switched(values, "explain", otherwise=False, strict=strict),
            facets=_switched(values, "facets", otherwise=True, strict=strict),
        ),
    )


def day_given(text: str) -> str:
    """Return a day as ISO 8601 writes it, or raise ValueError."""
    return date.fromisoformat(text).isoformat()


def _day_or_year(values: MultiDict[str, str], name: str, *, strict: bool) -> str:
    given = values.get(name, "").strip()
    if not given:
        return ""
    try:
        if name == "year":
            if _YEAR.fullmatch(given) and given.isascii() and given != "0000":
                return given
            raise ValueError
        return day_given(given)
    except ValueError:
        if strict:
            shape = "2024" if name == "year" else "2024-01-31"
            raise BadRequest(f"{name} must be written like {shape}.") from None
        return ""


def _known(values: MultiDict[str, str], name: str, known: tuple[str, ...], *, strict: bool) -> list[str]:
    given = [value for value in values.getlist(name) if value]
    if strict and not set(given) <= set(known):
        raise BadRequest(f"{name} must be one of: {', '.join(known)}.")
    return [value for value in given if value in known]


def _switched(values: MultiDict[str, str], name: str, *, otherwise: bool, strict: bool) -> bool:
    given = values.get(name)
    if given is None:
        return otherwise
    if strict and given not in ("0", "1"):
        raise BadRequest(f"{name} must be 0 or 1.")
    return given == "1" if given in ("0", "1") else otherwise
