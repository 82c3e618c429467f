"""Which parameters does a search take? Those of ``webapp.asking``, as programs are told of them."""

from __future__ import annotations

from typing import Any

from index.query import Order
from kb.languages import OTHER
from kb.model import SourceState
from webapp.i18n import NAMES
from webapp.openapi.described import Parameter

MOST = 100
LAST_OFFSET = 10_000
LAST_DOCUMENT = 1_000_000

_DAY = {"type": "string", "format": "date"}


def _one_of(*values: str, otherwise: str | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "enum": list(values)}
    return schema if otherwise is None else {**schema, "default": otherwise}


def _switch(otherwise: str) -> dict[str, Any]:
    return _one_of("0", "1", otherwise=otherwise)


def _whole(least: int, most: int, otherwise: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most, "default": otherwise}


COLLECTION = Parameter("collection", "Documents of this collection only.", several=True)
NARROWED = (
    COLLECTION,
    Parameter("lang", "Passages in this language only.", _one_of(*NAMES, OTHER), several=True),
    Parameter("document", "Passages of the document with this id only.", several=True),
    Parameter("type", "Documents of this type only: pdf, html, word …, or a media type.", several=True),
    Parameter("since", "Documents of this day or later.", _DAY),
    Parameter("until", "Documents of this day or earlier.", _DAY),
    Parameter("year", "Documents of this year.", {"type": "string", "pattern": "^[0-9]{4}$"}),
    Parameter("sort", "The order of the hits.", _one_of(*Order, otherwise=Order.RELEVANCE.value)),
    Parameter(
        "expand", "1: short forms and synonyms are searched for too.", _one_of("0", "1", otherwise="1")
    ),
    Parameter("explain", "1: hits tell why they rank where they do.", _switch("0")),
    Parameter("facets", "1: matches are counted by collection, document …", _switch("1")),
    Parameter("limit", "Most hits to return.", _whole(1, MOST, 10)),
    Parameter("offset", "Hits to pass over.", _whole(0, LAST_OFFSET, 0)),
)
SEARCH = (
    Parameter("q", "The question; this or like."),
    Parameter("like", "The id of a passage: find passages about the same."),
    *NARROWED,
)
SUGGEST = (Parameter("q", "What has been typed."), COLLECTION)
LISTING = (
    Parameter("collection", "Documents of this collection only."),
    Parameter("state", "Documents in this state only.", _one_of(*SourceState), several=True),
    Parameter("limit", "Most documents to return.", _whole(1, MOST, MOST)),
    Parameter("offset", "Documents to pass over.", _whole(0, LAST_DOCUMENT, 0)),
)
