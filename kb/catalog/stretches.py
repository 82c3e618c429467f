"""What of a document does it take to show one passage of it? Its text, and the blocks that the passage is in.

A page of answers shows ten passages, some of them of books: to check such a document and take all of it apart
took 30 ms. The words that are shown are proved all the same, by the passage's own seal.
"""

from __future__ import annotations

import bisect
import itertools
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kb.catalog.documents import Documents, block_from
from kb.catalog.prepared import WANTED, Prepared
from kb.catalog.tables import documents
from kb.model import Citation, Document

_AMONG = documents.c.id.in_(sa.bindparam(WANTED, expanding=True))
_SEALS = Prepared(sa.select(documents.c.id, documents.c.seal).where(_AMONG))
_READ = Prepared(
    sa.select(
        documents.c.id,
        documents.c.seal,
        documents.c.title,
        documents.c.language,
        documents.c.text,
        sa.cast(documents.c.blocks, sa.Text),
    ).where(_AMONG)
)
# Characters of all that are remembered, where a block counts as two hundred: some 50 MB.
_MOST, _OF_A_BLOCK = 16_000_000, 200


class _Written(NamedTuple):
    """A document as it is kept; its blocks are not taken apart."""

    title: str
    language: str
    text: str
    blocks: list[list[Any]]


class _Remembered:
    """The documents that were shown last, by their ids and seals. Safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], _Written] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[Any, ...]) -> _Written | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: tuple[Any, ...], written: _Written) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = written
                self._size += _size(written)
            while self._size > _MOST:
                _, gone = self._kept.popitem(last=False)
                self._size -= _size(gone)


def _size(written: _Written) -> int:
    return len(written.text) + _OF_A_BLOCK * (1 + len(written.blocks))


_SHOWN = _Remembered()


def stretches(connection: Connection, citations: Sequence[Citation]) -> dict[str, Document]:
    """Return by the ids of passages their documents, with those blocks alone that the passages are in.

    A document that has other words where a passage stands is checked as a whole: raises CatalogError if it
    is damaged or not there.
    """
    found = _written(connection, list({citation.document_id for citation in citations}))
    return {citation.passage.id: _of(connection, citation, found) for citation in citations}


def _of(connection: Connection, citation: Citation, found: dict[int, _Written]) -> Document:
    passage, written = citation.passage, found.get(citation.document_id)
    if written is None or written.text[passage.start : passage.end] != passage.text:
        return Documents(connection).get(citation.document_id).document
    first = bisect.bisect_right(written.blocks, passage.start, key=lambda block: int(block[2]))
    within = itertools.takewhile(
        lambda block: block[1] < passage.end, itertools.islice(written.blocks, first, None)
    )
    return Document(
        title=written.title,
        language=written.language,
        text=written.text,
        blocks=tuple(map(block_from, within)),
        media_type=citation.revision.media_type,
    )


def _written(connection: Connection, document_ids: Sequence[int]) -> dict[int, _Written]:
    """Return documents by their ids, as they are remembered or read; those that are missing are left out."""
    found, lacking = {}, []
    for key in _SEALS.rows(connection, document_ids):
        if (written := _SHOWN.get(key)) is not None:
            found[key[0]] = written
        else:
            lacking.append(key[0])
    for document_id, seal, title, language, text, blocks in _READ.rows(connection, lacking):
        found[document_id] = _Written(title, language, text, json.loads(blocks))
        _SHOWN.keep((document_id, seal), found[document_id])
    return found
