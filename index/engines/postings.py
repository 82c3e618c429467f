"""How are the postings of a field written quickly? As Whoosh's codec does, byte for byte, but all at once.

The codec makes several objects and two dozen calls for each term, and most terms are in few passages. Here
what it works out for each term is worked out for all in arrays, and the bytes are put together in one go.

    postings     b"WH3P", then a block for each term: its length, negated, and two pickles
                 (size, last number, highest count, 0, 0, 0), (gaps of the numbers, counts, None)
    terms        for each the lengths of key and value; the field's number and the term; flag, sum of the
                 counts, size, shortest, longest, highest count, first and last number, place and length of
                 its block
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from pickle import dumps
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC

_LENGTH = struct.Struct("!i")
_LENGTHS = struct.Struct("!ii")
_FIELD = struct.Struct("!H")
_VALUE = struct.Struct("!BfIBBfIIqi")
# What Whoosh pickles with.
_PROTOCOL = 2
# Postings that are made plain numbers at once: 70 bytes each.
_TOGETHER = 500_000

Array = npt.NDArray[Any]


def write_field(
    writer: Any,
    name: str,
    field: Any,
    *,
    terms: Sequence[bytes],
    starts: Array,
    numbers: Array,
    counts: Array,
) -> None:
    """Write the postings of a field through a codec's field writer: T terms in order, P postings.

    ``starts`` (T + 1): where the postings of each begin in ``numbers`` (P), which rise within a term, and
    ``counts`` (P). A term without any is left out.
    """
    writer.start_field(name, field)
    posted, table = writer._postfile, writer._tindex
    prefix = _FIELD.pack(writer._fieldid)
    at, place = posted.tell(), table.tell()
    # The plain numbers of some postings at a time: those of all would take most of the memory of indexing.
    for first, end in _stretches(starts):
        within = slice(int(starts[first]), int(starts[end]))
        blocks: list[bytes] = []
        rows: list[bytes] = []
        for term, block, told in _blocks(
            terms[first:end], starts[first : end + 1] - starts[first], numbers[within], counts[within]
        ):
            key, value = prefix + term, _VALUE.pack(*told, at, len(block))
            digest = int.from_bytes(hashlib.md5(key, usedforsecurity=False).digest()[-4:], "big")
            table.index.append(place)
            table.buckets[digest & 255].append((digest, place))
            row = _LENGTHS.pack(len(key), len(value)) + key + value
            blocks.append(block)
            rows.append(row)
            at += len(block)
            place += len(row)
            table.lastkey = key
        posted.write(b"".join(blocks))
        table.dbfile.write(b"".join(rows))
    writer.finish_field()


def _stretches(starts: Array) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first term and of that after the last of stretches of not many postings."""
    first, terms = 0, len(starts) - 1
    while first < terms:
        fitting = int(np.searchsorted(starts, starts[first] + _TOGETHER, side="right")) - 1
        end = min(max(fitting, first + 1), terms)
        yield first, end
        first = end


def _blocks(
    terms: Sequence[bytes], starts: Array, numbers: Array, counts: Array
) -> Iterator[tuple[bytes, bytes, tuple[Any, ...]]]:
    """Yield each term with its block, and what its row says of it."""
    held = np.flatnonzero(np.diff(starts))
    if not len(held):
        return
    first, end = starts[held], starts[held + 1]
    gaps = np.diff(numbers.astype(np.int64), prepend=0)
    gaps[first] = numbers[first]
    counted = counts.astype(np.float64)
    columns = (
        held,
        first,
        end,
        np.add.reduceat(counted, first),
        np.maximum.reduceat(counted, first),
        np.minimum.reduceat(counted, first),
        numbers[first],
        numbers[end - 1],
    )
    every_gap, every_count = gaps.tolist(), counted.tolist()
    for term, start, stop, total, most, least, lowest, highest in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        counted_here: Any = tuple(every_count[start:stop]) if most != least else None if most == 1.0 else most
        head = dumps((stop - start, highest, most, 0, 0, 0), _PROTOCOL)
        body = dumps((tuple(every_gap[start:stop]), counted_here, None), _PROTOCOL)
        block = WHOOSH3_HEADER_MAGIC + _LENGTH.pack(-len(head) - len(body)) + head + body
        yield terms[term], block, (0, total, stop - start, 0, 0, most, lowest, highest)
