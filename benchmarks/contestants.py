"""Which engines are timed, and how does each answer? All over the same terms of the same fields.

Each is told the terms of every passage's title, headings and text, and of every question, as our own
analysis gives them, so that nothing is compared but storing and ranking. ``TantivyAsSold`` alone gets the
plain text and the question as it was typed, and analyses both itself.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import bm25s
import tantivy
import whoosh.analysis
import whoosh.fields
import whoosh.index
import whoosh.query
from whoosh.filedb.filestore import FileStorage
from whoosh.matching.binary import AndMaybeMatcher
from whoosh.matching.mcore import ReadTooFar

from index.engines import segments
from index.engines.whoosh import WhooshEngine
from index.plan import plan
from index.query import SEARCH_FIELDS, Query
from index.queryparser import parse

LIMIT = 10


def _skip_to_quality(matcher: Any, least: float) -> int:
    """Skip blocks of no use, as Whoosh's own does; but end where nothing is skipped.

    Where two qualities add up to just the least one, but either is more than the least less the other, as
    numbers are rounded, Whoosh's own never ends: one of 200 questions over 100,000 passages.
    """
    one, two, skipped = matcher.a, matcher.b, 0
    if not one.is_active():
        raise ReadTooFar
    if not two.is_active():
        return int(one.skip_to_quality(least))
    of_one, of_two = one.block_quality(), two.block_quality()
    while one.is_active() and two.is_active() and of_one + of_two <= least:
        if of_one < of_two:
            here = one.skip_to_quality(least - of_two)
            of_one = one.block_quality()
        else:
            here = two.skip_to_quality(least - of_one)
            of_two = two.block_quality()
        if not here:
            break
        skipped += here
    return skipped


AndMaybeMatcher.skip_to_quality = _skip_to_quality
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Analysed:
    """The terms of a passage in each field, joined by spaces, and its title and text as they are."""

    id: str
    terms: tuple[str, ...]
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was typed, the same parsed, and its terms that are no stop words, each once."""

    typed: str
    parsed: Query
    terms: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> Question:
        """Analyse a question."""
        parsed = parse(typed)
        wanted = [wanted.term for wanted in plan(parsed).wanted if not wanted.small]
        return cls(typed, parsed, tuple(dict.fromkeys(wanted)))


class Contestant(Protocol):
    """An engine that is timed: ``search`` returns the ids of the best passages."""

    name: str

    def build(self, batches: Iterable[Sequence[Analysed]], folder: Path) -> None:
        """Index the passages; ``folder`` is empty and the engine's own."""

    def search(self, question: Question) -> list[str]:
        """Return the ids of the ten best passages for any of the terms in any field."""


class StockWhoosh:
    """Whoosh's own writer and searcher with its BM25F. Each batch becomes a segment."""

    name = "whoosh"

    def build(self, batches: Iterable[Sequence[Analysed]], folder: Path) -> None:
        """Index the passages."""
        analyzer = whoosh.analysis.SpaceSeparatedTokenizer()
        schema = whoosh.fields.Schema(
            id=whoosh.fields.ID(stored=True, unique=True),
            **{name: whoosh.fields.TEXT(analyzer=analyzer) for name in SEARCH_FIELDS},
        )
        self.index = whoosh.index.create_in(folder, schema)
        for batch in batches:
            writer = self.index.writer(limitmb=256)
            for one in batch:
                writer.add_document(id=one.id, **dict(zip(SEARCH_FIELDS, one.terms, strict=True)))
            writer.commit(merge=False)
        self._searcher = self.index.searcher()

    def open(self, folder: Path) -> None:
        """Open what another process built."""
        self.index = whoosh.index.open_dir(folder)
        self._searcher = self.index.searcher()

    def delete(self, ids: Iterable[str]) -> None:
        """Delete passages, leaving the segments as they are."""
        # By their numbers: ``delete_by_term`` opens the whole index anew for each, which takes 0.1 s.
        with self.index.reader() as reader:
            numbers = [reader.postings("id", passage_id).id() for passage_id in ids]
        writer = self.index.writer()
        for number in numbers:
            writer.delete_document(number)
        writer.commit(merge=False)
        self._searcher = self.index.searcher()

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        query = whoosh.query.Or(
            [whoosh.query.Term(name, term) for term in question.terms for name in SEARCH_FIELDS]
        )
        return [hit["id"] for hit in self._searcher.search(query, limit=LIMIT)]


class Tantivy:
    """tantivy over the same terms."""

    name = "tantivy"

    def build(self, batches: Iterable[Sequence[Analysed]], folder: Path) -> None:
        """Index the passages on one thread, and wait until all is merged."""
        index = self._index(folder)
        writer = index.writer(heap_size=256_000_000, num_threads=1)
        for batch in batches:
            for one in batch:
                values = {name: [terms] for name, terms in zip(SEARCH_FIELDS, one.terms, strict=True)}
                writer.add_document(tantivy.Document(id=[one.id], **values))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def open(self, folder: Path) -> None:
        """Open what was built before."""
        self._searcher = self._index(folder).searcher()

    def _index(self, folder: Path) -> tantivy.Index:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in SEARCH_FIELDS:
            builder.add_text_field(name, tokenizer_name="whitespace")
        self._schema = builder.build()
        return tantivy.Index(self._schema, path=str(folder))

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, name, term))
                for term in question.terms
                for name in SEARCH_FIELDS
            ]
        )
        hits = self._searcher.search(query, LIMIT, count=False).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]


class TantivyAsSold:
    """tantivy over title and text with its own English analysis and query parser, stop words and all."""

    name = "tantivy, own analysis"

    def build(self, batches: Iterable[Sequence[Analysed]], folder: Path) -> None:
        """Index the passages on one thread, and wait until all is merged."""
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "text"):
            builder.add_text_field(name, tokenizer_name="en_stem")
        self._index = tantivy.Index(builder.build(), path=str(folder))
        writer = self._index.writer(heap_size=256_000_000, num_threads=1)
        for batch in batches:
            for one in batch:
                writer.add_document(tantivy.Document(id=[one.id], title=[one.title], text=[one.text]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        query = self._index.parse_query(" ".join(_WORD.findall(question.typed.lower())), ["title", "text"])
        hits = self._searcher.search(query, LIMIT, count=False).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]


class SqliteFts5:
    """SQLite's FTS5 with bm25."""

    name = "sqlite fts5"

    def build(self, batches: Iterable[Sequence[Analysed]], folder: Path) -> None:
        """Index the passages."""
        self._connection = sqlite3.connect(folder / "fts.sqlite")
        columns = ", ".join(SEARCH_FIELDS)
        self._connection.execute(
            f"CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, {columns}, tokenize='unicode61')"
        )
        for batch in batches:
            rows = [(one.id, *one.terms) for one in batch]
            self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", rows)
        self._connection.commit()

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        match = " OR ".join(f'"{term}"' for term in question.terms)
        found = self._connection.execute(
            "SELECT id FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (match, LIMIT)
        )
        return [row[0] for row in found]


class Bm25s:
    """bm25s, all fields as one, in memory."""

    name = "bm25s"

    def build(self, batches: Iterable[Sequence[Analysed]], folder: Path) -> None:
        """Index the passages."""
        self._ids: list[str] = []
        tokens: list[list[str]] = []
        for batch in batches:
            self._ids += [one.id for one in batch]
            tokens += [" ".join(one.terms).split() for one in batch]
        self._model = bm25s.BM25()
        self._model.index(tokens, show_progress=False)

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        known = [term for term in question.terms if term in self._model.vocab_dict]
        if not known:
            return []
        found, _ = self._model.retrieve([known], k=LIMIT, show_progress=False)
        return [self._ids[number] for number in found[0]]


class Xapian:
    """xapian with BM25, all fields as one, in the system's Python, where its module is installed."""

    name = "xapian"

    def build(self, batches: Iterable[Sequence[Analysed]], folder: Path) -> None:
        """Index the passages."""
        python = xapian_python()
        assert python is not None
        command = [python, str(Path(__file__).with_name("xapian_answers.py")), str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for batch in batches:
            self._ask("add", [(one.id, " ".join(one.terms)) for one in batch])
        self._ask("commit")

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        return self._ask("search", list(question.terms), LIMIT)

    def close(self) -> None:
        """End its process."""
        self._process.communicate()

    def _ask(self, *line: object) -> list[str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        found: list[str] = json.loads(self._process.stdout.readline())
        return found


def xapian_python() -> str | None:
    """Return a Python that can import xapian, or None."""
    for python in (sys.executable, "/usr/bin/python3"):
        if Path(python).exists():
            tried = subprocess.run([python, "-c", "import xapian"], capture_output=True, check=False)
            if tried.returncode == 0:
                return python
    return None


def stored(folder: Path, texts: Callable[[str], tuple[str, str]]) -> Iterable[Sequence[Analysed]]:
    """Yield the passages of an index of ours, segment by segment, in order, deleted ones too.

    ``texts`` gives the title and the text of an id.
    """
    storage = FileStorage(str(folder))
    toc = whoosh.index.TOC.read(storage, segments.NAME, schema=segments.schema())
    for segment in toc.segments:
        yield [
            Analysed(
                one.id,
                tuple(
                    " ".join((*words, *wholes)) for words, wholes in zip(one.words, one.wholes, strict=True)
                ),
                *texts(one.id),
            )
            for one in segments.read(storage, segment)
        ]


class Plain:
    """Ours with Whoosh's own BM25F, from the terms."""

    name = "plain"

    def __init__(self, engine: WhooshEngine) -> None:
        self._ranking = engine.plain_ranking()

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        return [hit.passage_id for hit in self._ranking.best(question.terms, limit=LIMIT)]


class PlainFromQuestion:
    """Ours with Whoosh's own BM25F, from the question as it was typed."""

    name = "plain, from the question"

    def __init__(self, engine: WhooshEngine) -> None:
        self._engine = engine

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        return [hit.passage_id for hit in self._engine.plain(parse(question.typed), limit=LIMIT)]


class Shipped:
    """Ours as it is served, from the question as it was typed: parsing, language and analysis included."""

    name = "shipped"

    def __init__(self, engine: WhooshEngine) -> None:
        self._engine = engine

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        ranking = self._engine.search(parse(question.typed), limit=LIMIT)
        return [hit.passage_id for hit in ranking.hits]


class ShippedFromParsed:
    """Ours as it is served, from a query: its words are analysed, its language is known."""

    name = "shipped, from the parsed question"

    def __init__(self, engine: WhooshEngine) -> None:
        self._engine = engine

    def search(self, question: Question) -> list[str]:
        """Return the best passages."""
        return [hit.passage_id for hit in self._engine.search(question.parsed, limit=LIMIT).hits]
