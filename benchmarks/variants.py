"""How long do phrases, demanded words, filters, masks and counts take, beside plain questions?

    python -m benchmarks.variants INDEX [FOLDER] [--whoosh]

INDEX is the folder of a generation of an index (in a home: index/00000001), FOLDER holds the measuring data.
All are asked in turn with tantivy's plain search over the same terms; every way starts at another question,
so that none finds what was kept of the question from the way before. What is kept of words and of filters is
there, as for who asks a server that others asked before. ``--whoosh`` also compares the plain ranking with
that of stock Whoosh.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import report
from benchmarks.contestants import (
    LIMIT,
    Contestant,
    Plain,
    PlainFromQuestion,
    Question,
    Shipped,
    ShippedFromParsed,
    StockWhoosh,
    Tantivy,
    stored,
)
from benchmarks.library import folder_of_data, questions, real_lines
from benchmarks.rival import Building
from benchmarks.timing import interleaved
from index.engines.whoosh import WhooshEngine
from index.query import Order, Phrase, Query, Words
from index.queryparser import parse

_QUESTIONS, _ROUNDS = 200, 5
_DOCUMENTS = 2_000
_REFUSED = "health"


@dataclass(frozen=True, slots=True)
class Asking:
    """A way of asking: what becomes of a question, how many hits it wants, and whether all are counted."""

    change: Callable[[Query], Query]
    limit: int = LIMIT
    facets: bool = False


def ways(engine: WhooshEngine) -> dict[str, Asking]:
    """Return the ways of asking, by name."""
    segments = engine.plain_ranking().snapshot.segments
    documents = tuple(sorted({each for one in segments for each in one.sidecar.values["source_id"]}))
    many = documents[:_DOCUMENTS]
    days = sorted({day for one in segments for day in one.sidecar.values["day"]})
    collections = tuple(sorted({each for one in segments for each in one.sidecar.values["collection"]}))

    def filtered(query: Query) -> Query:
        return replace(query, languages=("es",), collections=collections)

    return {
        "with counts": Asking(lambda query: query, facets=True),
        "30 hits": Asking(lambda query: query, limit=30),
        "a language": Asking(lambda query: replace(query, languages=("es",))),
        "days": Asking(lambda query: replace(query, since=days[0] or days[-1])),
        "two filters, with counts": Asking(filtered, facets=True),
        f"{len(many):,} documents": Asking(lambda query: replace(query, source_ids=many)),
        "the newest first": Asking(lambda query: replace(query, order=Order.NEWEST)),
        "a phrase": Asking(lambda query: replace(query, clauses=(Phrase(_first(query, 2)), *query.clauses))),
        "a demanded word": Asking(
            lambda query: replace(query, clauses=(Words(_first(query, 1), required=True), *query.clauses))
        ),
        "all words demanded": Asking(
            lambda query: replace(query, clauses=(Words(query.clauses[0].text, required=True),))
        ),
        "a refused word": Asking(lambda query: replace(query, refused=(Words(_REFUSED),))),
        "in every language": Asking(lambda query: replace(query, language="other")),
    }


def _first(query: Query, count: int) -> str:
    return " ".join(query.clauses[0].text.split()[:count])


def timed(
    engine: WhooshEngine, rival: Contestant, asked: Sequence[str], *, rounds: int = _ROUNDS
) -> dict[str, dict[str, float]]:
    """Return the times of all ways of asking, of a plain question (``shipped``) and of a rival's."""

    def way(asking: Asking) -> Callable[[Question], object]:
        return lambda one: engine.search(
            asking.change(parse(one.typed)), limit=asking.limit, facets=asking.facets
        )

    plain = {
        one.name: one.search
        for one in (
            rival,
            Plain(engine),
            PlainFromQuestion(engine),
            Shipped(engine),
            ShippedFromParsed(engine),
        )
    }
    found: dict[str, Callable[[Question], object]] = {**plain}
    found |= {name: way(asking) for name, asking in ways(engine).items()}
    return interleaved(found, [Question.of(typed) for typed in asked], rounds=dict.fromkeys(found, rounds))


def same_as_whoosh(engine: WhooshEngine, index: Path, asked: Sequence[str], folder: Path) -> int:
    """Return to how many questions the plain ranking has the hits of stock Whoosh, in the same order."""
    live = set(engine.ids())
    gone = {one.id for batch in stored(index, _without_texts) for one in batch} - live
    stock, _ = Building(index, folder / StockWhoosh.name, gone).finish()
    ours = Plain(engine)
    analysed = [Question.of(typed) for typed in asked]
    return sum(ours.search(one) == stock.search(one) for one in analysed)


def _without_texts(_passage_id: str) -> tuple[str, str]:
    return "", ""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--whoosh", action="store_true")
    options = parser.parse_args()
    data = folder_of_data(options.folder)
    asked = questions(real_lines(data), data, _QUESTIONS)
    engine = WhooshEngine.open(options.index)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary) / "tantivy"
        place.mkdir()
        rival = Tantivy()
        rival.build(stored(options.index, _without_texts), place)
        print(report.of_ways(timed(engine, rival, asked)))
        if options.whoosh:
            same = same_as_whoosh(engine, options.index, asked, Path(temporary))
            print(f"\nThe same ten as stock Whoosh, in the same order: {same} of {len(asked)} questions")


if __name__ == "__main__":
    main()
