"""By what can an answer be narrowed, and how many passages would be left? The choices that a page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from index.query import Order
from index.results import SearchResult
from webapp.asking import Asked
from webapp.i18n import language_name
from webapp.layout import kinds
from webapp.layout.paging import here

# Values of one kind that are offered; those chosen are always shown.
_MOST = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One value: its name, how many passages have it (None: not counted), and where choosing it leads."""

    label: str
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of one kind, and the address with none of them; ``open``: they are always in sight."""

    label: str
    every: str
    chosen: bool
    values: tuple[Choice, ...]
    open: bool = False


def choices(found: SearchResult, asked: Asked, collections: Sequence[str]) -> list[Choices]:
    """Return what the passages of an answer can be narrowed by, kinds without a choice left out."""
    facets, view = found.facets, asked.view
    counted = {name: facets.get("collection", {}).get(name, 0) for name in collections}
    languages = {code: facets.get("language", {}).get(code, 0) for code in ("en", "es")}
    types = {kinds.short_name(name): count for name, count in facets.get("media_type", {}).items()}
    documents = {source: facets["source_id"][source] for source in found.titles}
    years = dict(sorted(facets.get("year", {}).items(), reverse=True))
    made = [
        _choices("collection", gettext("Collection"), counted, asked.collections, str),
        _choices("lang", gettext("Language"), languages, asked.languages, language_name),
        _choices(
            "type", gettext("Type"), types, [kinds.short_name(name) for name in view.media_types], _kind
        ),
        _choices("year", gettext("Year"), years, [asked.year] if asked.year else [], str, single=True),
        _choices(
            "document",
            gettext("Document"),
            documents,
            view.documents,
            lambda source: found.titles.get(source, source),
        ),
    ]
    return [group for group in made if len(group.values) > 1 or group.chosen]


def orders(asked: Asked) -> list[Choice]:
    """Return the orders that hits can be put in."""
    names = {
        Order.RELEVANCE: gettext("Best first"),
        Order.NEWEST: gettext("Newest first"),
        Order.OLDEST: gettext("Oldest first"),
    }
    return [
        Choice(
            str(name),
            None,
            here(sort=None if order is Order.RELEVANCE else order.value, page=None),
            order is asked.view.order,
        )
        for order, name in names.items()
    ]


def _kind(name: str) -> str:
    return kinds.kind_name(kinds.media_type(name))


def _choices(
    parameter: str,
    label: str,
    counts: dict[str, int],
    chosen: Sequence[str],
    name: Callable[[str], str],
    *,
    single: bool = False,
) -> Choices:
    listed = [value for value in counts if value][:_MOST]
    listed += [value for value in chosen if value not in listed]
    values = []
    for value in listed:
        on = value in chosen
        others = [] if single else [one for one in chosen if one != value]
        then = others if on else [*others, value]
        address = here(**{parameter: then or None, "page": None})
        values.append(Choice(name(value), counts.get(value, 0), address, on))
    every = here(**{parameter: None, "page": None})
    in_sight = parameter in ("collection", "lang")
    return Choices(str(label), every, bool(chosen), tuple(values), in_sight)
