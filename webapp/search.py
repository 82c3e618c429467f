"""How does a reader ask, and what does the answer look like? The start page and the page of results."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from index.alike.conflicts import Conflict
from index.queryparser import MAX_CHARACTERS, MAX_WORDS
from index.ranking.confidence import Confidence
from index.results import SearchResult
from index.search import CitedHit, leading_headings
from kb.model import Citation, Document, SourceState
from webapp.asking import Asked, asked
from webapp.current import services
from webapp.insight import note
from webapp.judging import marks
from webapp.layout.narrowing import choices, orders
from webapp.layout.paging import page_asked, with_query
from webapp.layout.prose import Look, as_html, marked
from webapp.layout.reasons import reasons
from webapp.layout.returning import this_page
from webapp.passages import document_address
from webapp.sending import kept

bp = Blueprint("search", __name__)

# As far as the API goes too: nobody reads on to the ten-thousandth passage.
LAST_OFFSET = 10_000


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the page shows it: the path of headings and the passage under it, with words marked.

    ``conflicts`` are the contradictions of what it says besides an answer to the question.
    """

    hit: CitedHit
    address: str
    title_language: str
    path: tuple[Markup, ...]
    words: Markup
    why: str
    conflicts: tuple[Conflict, ...]

    @property
    def citation(self) -> Citation:
        """Return the proof."""
        return self.hit.citation


@bp.get("/")
def start() -> str | Response:
    """Show the box to ask in and what the library holds; a question is led on to its answer."""
    if "q" in request.args:
        return redirect(with_query(url_for("search.results")))
    return _start()


def _start(*, empty: bool = False) -> str:
    with services().catalog.reading() as transaction:
        states = transaction.sources.states()
        collections = transaction.sources.collections()
        passages = transaction.passages.count()
    return render_template(
        "start.html",
        ready=states.get(SourceState.READY, 0),
        waiting=states.get(SourceState.PENDING, 0) + states.get(SourceState.READING, 0),
        collections=collections,
        passages=passages,
        empty=empty,
    )


@bp.get("/search")
def results() -> str | Response:
    """Show the passages that answer the question in the address, or are about the same as a passage."""
    wanted = asked(request.args, strict=False)
    if not wanted.question.strip() and not wanted.like:
        return _start(empty="q" in request.args)
    response, page = kept(lambda: _results(wanted))
    if page_asked() == 1:
        note(wanted, page)
    return response


def _results(wanted: Asked) -> tuple[str, SearchResult]:
    size = max(1, services().settings.results_per_page)
    page = min(page_asked(), LAST_OFFSET // size + 1)
    # One more than is shown: passages that say the same share a place, so the total does not tell whether
    # another page follows.
    found = wanted.answer(services().search, limit=size + 1, offset=(page - 1) * size)
    collections = services().catalog.collections()
    with services().catalog.reading() as transaction:
        like = transaction.passages.citation(wanted.like) if wanted.like else None
        documents = transaction.stretches([hit.citation for hit in found.hits[:size]])
    # The answers to a question alone are found again by the question.
    back = this_page() if set(request.args) - {"q", "ui"} else None
    why_at = with_query(url_for("search.why"), ("page", "ui", "rank", "passage"))
    shown = render_template(
        "results.html",
        marks=marks(wanted.question, [hit.citation.passage.id for hit in found.hits[:size]]),
        question=wanted.question,
        back=back,
        wanted=wanted,
        like=like,
        found=found,
        hits=[
            _shown(
                hit,
                documents[hit.citation.passage.id],
                found,
                question=wanted.question,
                back=back,
                why=why_at,
            )
            for hit in found.hits[:size]
        ],
        page=page,
        more=len(found.hits) > size and page * size <= LAST_OFFSET,
        collections=collections,
        narrow=choices(found, wanted, list(collections)),
        orders=orders(wanted),
        nothing=found.confidence is Confidence.NONE,
        cut=_is_cut(wanted.question),
    )
    return shown, found


@bp.get("/search/why")
def why() -> str:
    """Show what makes up the score of one hit of an answer: the passage at a rank, as long as it is there."""
    wanted = asked(request.args, strict=False)
    rank = request.args.get("rank", 0, type=int)
    if not (wanted.question.strip() or wanted.like) or not 1 <= rank <= LAST_OFFSET:
        raise NotFound
    wanted = replace(wanted, view=replace(wanted.view, explain=True, facets=False))
    hits = wanted.answer(services().search, limit=1, offset=rank - 1).hits
    if not hits or hits[0].citation.passage.id != request.args.get("passage"):
        raise NotFound
    return render_template(
        "why.html", hit=hits[0], question=wanted.question, reasons=reasons(hits[0], gettext)
    )


def _is_cut(question: str) -> bool:
    return len(question) > MAX_CHARACTERS or len(set(question.casefold().split())) > MAX_WORDS


def _shown(
    hit: CitedHit, document: Document, found: SearchResult, *, question: str, back: str | None, why: str
) -> ShownHit:
    passage = hit.citation.passage
    look = Look(
        language=passage.language,
        words=[(passage.start + start, passage.start + end) for start, end in hit.highlights],
        sentence=None
        if hit.best_sentence is None
        else (passage.start + hit.best_sentence[0], passage.start + hit.best_sentence[1]),
    )
    look = replace(
        look,
        abbreviations={
            (passage.start + each.start, passage.start + each.end): each.explained.long
            for each in hit.abbreviations
        },
    )
    skipped = leading_headings(passage)
    return ShownHit(
        hit=hit,
        address=document_address(hit.citation, question, back),
        title_language=document.language,
        path=_path(hit, skipped),
        words=as_html(document, start=passage.start + skipped, end=passage.end, look=look),
        why=f"{why}&rank={hit.rank}&passage={passage.id}",
        conflicts=found.conflicts_beside(hit),
    )


def _path(hit: CitedHit, skipped: int) -> tuple[Markup, ...]:
    """Return the headings above a hit below the title, as HTML.

    Those that begin the passage have the question's words marked.
    """
    passage = hit.citation.passage
    path: list[Markup] = []
    end = skipped
    for heading in reversed(passage.headings):
        start = end - len(heading)
        if start >= 0 and passage.text[start:end] == heading:
            path.append(marked(passage.text, (start, end), words=hit.highlights, sentence=()))
            end = start - len("\n\n")
        else:
            path.append(marked(heading, (0, len(heading)), words=(), sentence=()))
            end = -1
    if passage.headings[:1] == (hit.citation.document_title,):
        path.pop()
    return tuple(reversed(path))
