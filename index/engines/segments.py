"""How does Whoosh keep a passage, and how is it read back?

A segment is written in one go through Whoosh's codec, term by term, which is several times faster than its
writer, which sorts postings one at a time. Each search field has postings of our own terms, so the folder is
an index that Whoosh itself can search. Beside them the terms are stored in order: from these come the arrays
that we search (``index.impacts``), and the segments that others are merged into.
"""

from __future__ import annotations

import itertools
import os
import pickle
import secrets
import shutil
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields, formats
from whoosh.codec.whoosh3 import STORED_COLUMN, W3Codec
from whoosh.columns import VarBytesColumn
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile, StructFile

from index.analysis import analyzer
from index.engine import IndexedPassage
from index.engines import postings, sums
from index.fields import field_texts
from index.impacts import FILTERS, Sidecar, StoredPassage
from index.query import SEARCH_FIELDS
from kb.blobs import fsync_folder

NAME = "MAIN"
"""The name of the index in its folder, and so the first part of the names of its files."""

_LIST, _LISTS = ".toc", "tocs.json"

# Control characters are never part of a term.
_BETWEEN_TERMS, _BEFORE_WHOLES, _BETWEEN_FIELDS = "\x1f", "\x1e", "\x1d"

# What Whoosh keeps the stored values in, and pickles and packs them with.
_STORED, _PROTOCOL, _LEVEL = "_stored", 2, 3


def schema() -> fields.Schema:
    """Return the fields of a Whoosh index of passages."""
    searched = {name: fields.FieldType(formats.Existence(), None) for name in SEARCH_FIELDS}
    stored = {name: fields.STORED() for name in (*FILTERS, "terms", "deepest")}
    return fields.Schema(id=fields.ID(unique=True, stored=True), **searched, **stored)


def analysed(passage: IndexedPassage) -> StoredPassage:
    """Return what is kept of a passage: its terms, in its language."""
    analysis = analyzer(passage.language)
    both = [analysis.words(text) for text in field_texts(passage).values()]
    return StoredPassage(
        passage.id,
        {name: getattr(passage, name) for name in FILTERS},
        [words for words, _ in both],
        [wholes for _, wholes in both],
        deepest=len(analysis.words(passage.headings[-1])[0]) if passage.headings else 0,
    )


def write(storage: FileStorage, stored: Iterable[bytes], sidecar: Sidecar) -> Any:
    """Write a new segment and return it; it is part of no index until a list of segments names it.

    ``stored`` are its passages as ``packed`` makes them; ``sidecar`` holds the same as arrays, with the
    postings ready.
    """
    # Most terms are in few passages: packing their postings would save little and take a third of the time.
    codec = W3Codec(compression=0)
    # Whoosh draws the name from random numbers that a program may have seeded, and then it gives it twice.
    segment = codec.new_segment(storage, NAME)
    segment.segid = secrets.token_hex(8)
    segment.set_doc_count(sidecar.size)
    try:
        _write_stored(codec.per_document_writer(storage, segment), stored)
        _write_postings(codec.field_writer(storage, segment), sidecar)
    finally:
        shutil.rmtree(Path(storage.folder) / f"{NAME}.tmp", ignore_errors=True)
    return segment


def packed(passage: StoredPassage) -> bytes:
    """Return a passage as Whoosh keeps it."""
    terms = _BETWEEN_FIELDS.join(
        _BETWEEN_TERMS.join(words) + _BEFORE_WHOLES + _BETWEEN_TERMS.join(wholes)
        for words, wholes in zip(passage.words, passage.wholes, strict=True)
    )
    stored = {"id": passage.id, **passage.values, "terms": terms, "deepest": passage.deepest}
    return zlib.compress(pickle.dumps(stored, _PROTOCOL), _LEVEL)


def read_packed(storage: FileStorage, segment: Any, numbers: Iterable[int]) -> Iterator[bytes]:
    """Yield some passages of a segment as they are kept; raises as ``read`` does."""
    reader = segment.codec().per_document_reader(storage, segment)
    try:
        kept = reader.column_reader(_STORED, STORED_COLUMN)._child
        for number in numbers:
            yield VarBytesColumn.Reader.__getitem__(kept, number)
    finally:
        reader.close()


def read(storage: FileStorage, segment: Any) -> Iterator[StoredPassage]:
    """Yield the passages of a segment in order, deleted ones too.

    Raises whatever Whoosh raises for damaged files: OSError, ValueError, KeyError, EOFError and more.
    """
    reader = segment.codec().per_document_reader(storage, segment)
    try:
        for number in range(segment.doc_count_all()):
            stored = reader.stored_fields(number)
            parts = [field.split(_BEFORE_WHOLES) for field in stored["terms"].split(_BETWEEN_FIELDS)]
            yield StoredPassage(
                stored["id"],
                {name: stored[name] for name in FILTERS},
                [_split(words) for words, _ in parts],
                [_split(wholes) for _, wholes in parts],
                deepest=stored["deepest"],
            )
    finally:
        reader.close()


def _split(terms: str) -> list[str]:
    return terms.split(_BETWEEN_TERMS) if terms else []


def _write_stored(writer: Any, stored: Iterable[bytes]) -> None:
    column = writer._get_column(_STORED)._child
    for number, passage in enumerate(stored):
        writer.start_doc(number)
        # As it comes: packing again what was read from another segment took longer than all else of merging.
        VarBytesColumn.Writer.add(column, number, passage)
        writer.finish_doc()
    writer.close()


def _write_postings(writer: Any, sidecar: Sidecar) -> None:
    fields_written, arrays = schema(), sidecar.arrays
    raw, places = arrays["terms"].tobytes(), arrays["term_at"].tolist()
    terms = [raw[start:end] for start, end in itertools.pairwise(places)]
    of_field: dict[str, dict[str, Any]] = {}
    for name in SEARCH_FIELDS:
        held = np.flatnonzero(arrays[f"tf_{name}"])
        of_field[name] = {
            "terms": terms,
            "starts": np.searchsorted(held, arrays["post_at"]),
            "numbers": arrays["docs"][held],
            "counts": arrays[f"tf_{name}"][held],
        }
    of_field["id"] = {
        "terms": arrays["ids"][arrays["id_order"]].tolist(),
        "starts": np.arange(sidecar.size + 1),
        "numbers": arrays["id_order"],
        "counts": np.ones(sidecar.size),
    }
    for name in sorted(of_field):
        postings.write_field(writer, name, fields_written[name], **of_field[name])
    writer.close()


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder of files that are on the disk, not only in its cache, before a commit counts."""

    def create_file(self, name: str, **_: Any) -> StructFile:
        """Create a file that is synced when it is closed."""
        return StructFile(open(self._fpath(name), "wb"), name=name, onclose=_sync)

    def open_file(self, name: str, **_: Any) -> BufferFile:
        """Read a file whole: what we read is small, and no error leaves it open."""
        return BufferFile(memoryview(Path(self._fpath(name)).read_bytes()), name=name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file, the new name as durable as its content."""
        if newname.endswith(_LIST):
            self._note(Path(self._fpath(oldname)), newname)
        super().rename_file(oldname, newname, safe=safe)
        fsync_folder(Path(self.folder))

    def _note(self, written: Path, name: str) -> None:
        """Write down the fingerprint of a list of segments, before its name makes it true."""
        path = Path(self.folder) / _LISTS
        try:
            known = {old: value for old, value in sums.read_checked(path).items() if self.file_exists(old)}
        except (OSError, ValueError):
            known = {}
        sums.write_checked(path, {**known, name: sums.fingerprint(written)})

    def is_as_written(self, name: str) -> bool:
        """Tell whether a list of segments is what was written, as far as that was written down."""
        path = Path(self.folder) / _LISTS
        if not path.exists():
            return True
        return sums.read_checked(path).get(name) == sums.fingerprint(Path(self._fpath(name)))


def _sync(file: StructFile) -> None:
    file.flush()
    os.fsync(file.fileno())
