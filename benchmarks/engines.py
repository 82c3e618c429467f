"""Which engines are compared? Each is set up as its manual shows, over title and text, for any of the words.

An engine takes (id, title, text) and answers a question with the ids of its best passages, best first.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import bm25s
import Stemmer
import tantivy
import whoosh.analysis
import whoosh.fields
import whoosh.index
import whoosh.query

Line = tuple[str, str, str]

_WORD = re.compile(r"\w+")
# Words beyond this are cut, as our own parser does: long pasted questions cost all engines alike.
_MOST_WORDS = 64


class Peer(Protocol):
    """An engine under comparison."""

    name: str

    def build(self, lines: Sequence[Line], folder: Path) -> None:
        """Index the passages; ``folder`` is empty and the engine's own."""

    def search(self, question: str, limit: int) -> list[str]:
        """Return the ids of the best passages."""


def words(question: str) -> list[str]:
    """Return the distinct words of a question in lower case."""
    return list(dict.fromkeys(word.lower() for word in _WORD.findall(question)))[:_MOST_WORDS]


class StockWhoosh:
    """Whoosh with its stemming analyzer and BM25F."""

    name = "whoosh"

    def build(self, lines: Sequence[Line], folder: Path) -> None:
        """Index the passages."""
        self._analyzer = whoosh.analysis.StemmingAnalyzer()
        schema = whoosh.fields.Schema(
            id=whoosh.fields.ID(stored=True),
            title=whoosh.fields.TEXT(analyzer=self._analyzer),
            text=whoosh.fields.TEXT(analyzer=self._analyzer),
        )
        index = whoosh.index.create_in(folder, schema)
        writer = index.writer(limitmb=512)
        for passage_id, title, text in lines:
            writer.add_document(id=passage_id, title=title, text=text)
        writer.commit()
        self._searcher = index.searcher()

    def search(self, question: str, limit: int) -> list[str]:
        """Return the best passages for any of the words in either field."""
        terms = dict.fromkeys(token.text for token in self._analyzer(question, mode="query"))
        fields = ("title", "text")
        query = whoosh.query.Or([whoosh.query.Term(field, term) for term in terms for field in fields])
        hits = self._searcher.search(query, limit=limit)
        return [hit["id"] for hit in hits]


class SqliteFts5:
    """SQLite's FTS5 with the porter tokenizer and bm25."""

    name = "sqlite-fts5"

    def build(self, lines: Sequence[Line], folder: Path) -> None:
        """Index the passages."""
        self._connection = sqlite3.connect(folder / "fts.sqlite")
        self._connection.execute(
            "CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, title, text, tokenize='porter unicode61')"
        )
        self._connection.executemany("INSERT INTO passages VALUES (?, ?, ?)", lines)
        self._connection.commit()

    def search(self, question: str, limit: int) -> list[str]:
        """Return the best passages for any of the words."""
        match = " OR ".join(f'"{word}"' for word in words(question))
        if not match:
            return []
        found = self._connection.execute(
            "SELECT id FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?", (match, limit)
        )
        return [row[0] for row in found]


class Tantivy:
    """tantivy with its English stemming tokenizer."""

    name = "tantivy"

    def build(self, lines: Sequence[Line], folder: Path) -> None:
        """Index the passages."""
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for field in ("title", "text"):
            builder.add_text_field(field, tokenizer_name="en_stem")
        self._index = tantivy.Index(builder.build(), path=str(folder))
        writer = self._index.writer(heap_size=256_000_000, num_threads=1)
        for passage_id, title, text in lines:
            writer.add_document(tantivy.Document(id=[passage_id], title=[title], text=[text]))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: str, limit: int) -> list[str]:
        """Return the best passages for any of the words in either field."""
        query = self._index.parse_query(" ".join(words(question)), ["title", "text"])
        hits = self._searcher.search(query, limit, count=False).hits
        return [self._searcher.doc(address)["id"][0] for _, address in hits]


class Bm25s:
    """bm25s with Snowball's English stemmer and its English stop words, title and text as one."""

    name = "bm25s"

    def build(self, lines: Sequence[Line], folder: Path) -> None:
        """Index the passages, in memory."""
        self._stemmer = Stemmer.Stemmer("english")
        self._ids = [passage_id for passage_id, _, _ in lines]
        self._model = bm25s.BM25()
        self._model.index(self._tokens([f"{title} {text}" for _, title, text in lines]), show_progress=False)

    def search(self, question: str, limit: int) -> list[str]:
        """Return the best passages for any of the words."""
        tokens = self._tokens([question])
        if not any(tokens.ids):
            return []
        found, scores = self._model.retrieve(tokens, k=min(limit, len(self._ids)), show_progress=False)
        pairs = zip(found[0], scores[0], strict=True)
        return [self._ids[number] for number, score in pairs if score > 0]

    def _tokens(self, texts: list[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)


PEERS: tuple[type[Peer], ...] = (StockWhoosh, SqliteFts5, Tantivy, Bm25s)
