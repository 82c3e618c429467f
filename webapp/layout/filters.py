"""What may a template do to a value? The filters and functions that all templates share."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import unquote, urlparse

from flask import Flask, get_flashed_messages, request
from flask_babel import format_decimal, gettext
from markupsafe import Markup

from index.ranking.confidence import Confidence
from ingest.parts import INSIDE
from ingest.pipeline import name_in
from kb.model import SourceState
from kb.text import canonical_line
from webapp.current import services
from webapp.i18n import NAMES, add_spoken_filters, page_language
from webapp.judging import mark_address
from webapp.layout.addresses import address
from webapp.layout.kinds import kind_name
from webapp.layout.paging import here
from webapp.layout.refusals import refusal, sentence
from webapp.layout.returning import answers, coming_from_here, this_page, way_back
from webapp.links.citations import text_fragment
from webapp.passages import document_address, passage_address

_UNITS = ("B", "kB", "MB", "GB")


def add_filters(app: Flask) -> None:
    """Give all templates the filters and functions of this module."""
    app.jinja_env.filters.update(
        file_path=file_path, lang=lang, one_line=canonical_line, title_text=title_text, toggled=toggled
    )
    add_spoken_filters(
        app,
        confidence=confidence_name,
        kind=kind_name,
        mark_name=mark_name,
        particular=particular_name,
        refusal=refusal,
        sentence=sentence,
        size=size,
        state=state_name,
    )
    app.jinja_env.globals.update(
        here=here,
        mark_address=mark_address,
        most_bytes=most_bytes,
        answers=answers,
        coming_from_here=coming_from_here,
        document_address=document_address,
        passage_address=passage_address,
        text_fragment=text_fragment,
        this_page=this_page,
        shared_part=_shared_parts(app),
        url_for=address,
        told=partial(get_flashed_messages, with_categories=True),
        way_back=way_back,
    )


def _shared_parts(app: Flask) -> Callable[[str], Markup]:
    """Return what writes a template that is the same on all pages of a language, made once for each.

    The scripts with their words and the help on keys are half of a page's texts, a millisecond on each.
    """

    @functools.lru_cache(maxsize=64)
    def part(name: str, _language: str, _root: str) -> Markup:
        return Markup(app.jinja_env.get_template(name).render())

    return lambda name: part(name, page_language(), request.script_root)


def most_bytes() -> int:
    """Return how large a file may be that is taken in."""
    return services().settings.max_file_mb * 1_000_000


def title_text(text: str) -> str:
    """Return text fit for a page's title, where nothing can isolate text that runs the other way."""
    line = canonical_line(text)
    return line if len(line) <= 80 else line[:79].rstrip() + "…"


@functools.lru_cache(maxsize=256)
def lang(code: str, around: str) -> Markup:
    """Return a ``lang`` attribute for text whose language is not that of the page around it."""
    return Markup(' lang="{}"').format(code) if code in NAMES and code != around else Markup("")


def file_path(uri: str) -> str:
    """Return the path of a ``file:`` URI, or of an upload, as people write it; any other place as it is.

    On one line, and without what would turn it about.
    """
    parts = urlparse(uri)
    if parts.scheme not in ("file", "upload"):
        return canonical_line(uri)
    # A part of an archive or message: the name that it has there, and in the ones around it.
    inner = parts.fragment.split(INSIDE) if parts.fragment else []
    return canonical_line(" › ".join(map(unquote, [parts.path, *inner])))


def file_name(uri: str) -> str:
    """Return the file name that a URI ends in, without control characters; empty if there is none."""
    return canonical_line(name_in(uri))


def size(count: int) -> str:
    """Return a number of bytes in the unit that keeps it short."""
    amount = float(count)
    for unit in _UNITS:
        if amount < 1000 or unit == _UNITS[-1]:
            break
        amount /= 1000
    return f"{format_decimal(round(amount, 1 if amount < 10 and unit != 'B' else 0))} {unit}"


def state_name(state: str) -> str:
    """Return what people call the state of a source."""
    names = {
        SourceState.PENDING: gettext("waiting to be read"),
        SourceState.READING: gettext("being read"),
        SourceState.READY: gettext("ready"),
        SourceState.FAILED: gettext("could not be read"),
        SourceState.REMOVED: gettext("removed"),
    }
    return str(names[SourceState(state)])


def confidence_name(confidence: str) -> str:
    """Return what people call how well a question was answered."""
    names = {
        Confidence.STRONG: gettext("good answer"),
        Confidence.PARTIAL: gettext("answer in part"),
        Confidence.WEAK: gettext("weak answer"),
        Confidence.NONE: gettext("nothing found"),
    }
    return str(names[Confidence(confidence)])


def mark_name(mark: str) -> str:
    """Return what people call a mark on an answer."""
    names = {
        "answers": gettext("Answers it"),
        "related": gettext("Related"),
        "wrong": gettext("Wrong"),
    }
    return str(names[mark])


def particular_name(label: str) -> str:
    """Return what people call something that a document states of itself; a label of its own as it is."""
    names = {
        "Licence": gettext("Licence"),
        "Rights": gettext("Rights"),
        "Owner": gettext("Owner"),
        "Publisher": gettext("Publisher"),
        "From": gettext("From"),
        "To": gettext("To"),
        "Cc": gettext("Copy to"),
        "Date": gettext("Date"),
    }
    return str(names.get(label, label))


def toggled(values: Sequence[str], value: str) -> list[str] | None:
    """Return the values with one added, or taken away if it was there; None for none."""
    left = [one for one in values if one != value]
    return (left if value in values else [*values, value]) or None
