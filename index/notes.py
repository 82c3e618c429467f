"""What of a passage is worked out when it is indexed, so that no answer has to take it apart?

Its terms and sentences with their places, what it is alike to, what it names, and its short forms. All of it
follows from the words of the passage, so a note that is lost or out of date is made again when it is needed.
"""

from __future__ import annotations

import hashlib
import itertools
import logging
import struct
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.alike.fingerprint import Sketch, sketch
from index.alike.statements import Names, telling, telling_names
from index.library.acronyms import written
from index.library.store import Library, unpacked_keys
from index.wording import Span, Wording, remember, wording
from kb.model import Passage

log = logging.getLogger("kb.index")

# Of a passage of a hundred words a note takes 9 KB in memory; what is not remembered is read in 30 µs.
_REMEMBERED = 4_000
_CHECK = 8
_COUNTS = struct.Struct("<8H")
# Places are kept in two bytes each.
_LONGEST = 0xFFFF


@dataclass(frozen=True, eq=False)
class Note:
    """What is noted of a passage.

    ``telling`` stands for the names of ``statements.telling``, a number for each. ``apart`` gives its terms
    and short forms, which an answer needs of few of the passages that it looks at.
    """

    sketch: Sketch
    telling: tuple[int, ...]
    names: Names | None
    apart: Callable[[], tuple[Wording, tuple[Span, ...]]]

    @cached_property
    def _apart(self) -> tuple[Wording, tuple[Span, ...]]:
        return self.apart()

    @property
    def wording(self) -> Wording:
        """Return its terms and sentences with their places."""
        return self._apart[0]

    @property
    def short_forms(self) -> tuple[Span, ...]:
        """Return the places of words that may be short forms."""
        return self._apart[1]


# By the ids of passages, as to take the hash of a passage costs more than all else here.
_known: OrderedDict[str, tuple[Passage, Note]] = OrderedDict()


def note(passage: Passage) -> Note:
    """Return the note of a passage: the one that is remembered, or a new one."""
    found = _known_of(passage)
    return found if found is not None else _remembered(passage, made(passage))


def look_up(passages: Iterable[Passage], library: Library) -> None:
    """Read the notes of those passages that none is remembered of, as far as the library has them.

    Notes of passages that were looked up last are forgotten last: those of one answer stay until it is made.
    """
    wanted = {}
    for passage in passages:
        known = _known_of(passage)
        if known is None:
            wanted[passage.id] = passage
        else:
            _remembered(passage, known)
    if not wanted:
        return
    marks = ", ".join("?" * len(wanted))
    query = f"SELECT id, keys, note FROM passages WHERE id IN ({marks})"
    for passage_id, keys, kept in library.rows(query, list(wanted)):
        found = unpacked(wanted[passage_id], keys, kept)
        if found is not None:
            _remembered(wanted[passage_id], found)


def made(passage: Passage) -> Note:
    """Work out the note of a passage."""
    apart = wording(passage.text, passage.language), tuple(written(passage.text))
    telling_here = tuple(sorted({_number(each) for each in telling(passage)}))
    return Note(sketch(passage), telling_here, telling_names(passage), lambda: apart)


def packed(passage: Passage, found: Note) -> bytes:
    """Return a note as bytes, without its keys; none for a passage too long for that."""
    taken, names = found.wording, found.names
    parts = (
        _steps(taken.starts),
        [end - start for start, end in zip(taken.starts, taken.ends, strict=True)],
        sorted(taken.whole),
        [place for span in taken.sentences for place in span],
        [place for span in found.short_forms for place in span],
        found.sketch.buckets.tolist(),
    )
    counts = [found.sketch.runs, len(found.telling), *map(len, parts)]
    if max(len(passage.text), *counts) > _LONGEST:
        return b""
    words = "\n".join((names.every if names else "", names.code if names else "", *taken.terms))
    packing = [_COUNTS.pack(*counts), struct.pack(f"<{len(found.telling)}I", *found.telling)]
    packing += [struct.pack(f"<{len(part)}H", *part) for part in parts]
    return _check(passage) + zlib.compress(b"".join((*packing, words.encode("utf-8", "surrogatepass"))))


def unpacked(passage: Passage, keys: bytes, kept: bytes) -> Note | None:
    """Return what ``packed`` made bytes of; None if it is damaged, or of other words than the passage has."""
    if kept[:_CHECK] != _check(passage):
        return None
    try:
        content = zlib.decompress(kept[_CHECK:])
    except zlib.error:
        log.warning("what is noted of passage %s is damaged", passage.id)
        return None
    runs, tellings, *counts = _COUNTS.unpack_from(content)
    numbers = struct.unpack_from(f"<{tellings}I", content, _COUNTS.size)
    edges = [*itertools.accumulate((2 * count for count in counts), initial=_COUNTS.size + 4 * tellings)]
    buckets = np.frombuffer(content, "<u2", counts[-1], edges[-2])
    every, code, *_ = content[edges[-1] :].split(b"\n", 2)
    return Note(
        Sketch(runs, buckets, tuple(unpacked_keys(keys))),
        numbers,
        Names(_text(every), _text(code)) if code else None,
        lambda: _taken_apart(content, edges),
    )


def _taken_apart(content: bytes, edges: Sequence[int]) -> tuple[Wording, tuple[Span, ...]]:
    """Return the terms and short forms in an unpacked note, whose parts have these edges."""
    parts = [content[start:end] for start, end in itertools.pairwise(edges)]
    _, _, *terms = _text(content[edges[-1] :]).split("\n")
    starts = np.cumsum(np.frombuffer(parts[0], "<u2"), dtype=np.uint16)
    ends = starts + np.frombuffer(parts[1], "<u2")
    whole, sentences, short_forms = (np.frombuffer(part, "<u2").tolist() for part in parts[2:5])
    taken = Wording(
        tuple(terms),
        array("H", starts.tobytes()),
        array("H", ends.tobytes()),
        frozenset(whole),
        _pairs(sentences),
    )
    return taken, _pairs(short_forms)


def _remembered(passage: Passage, found: Note) -> Note:
    _known.pop(passage.id, None)
    while len(_known) >= _REMEMBERED:
        _known.popitem(last=False)
    _known[passage.id] = (passage, found)
    remember(passage, lambda: found.wording)
    return found


def _known_of(passage: Passage) -> Note | None:
    known = _known.get(passage.id)
    return known[1] if known is not None and known[0] == passage else None


def _check(passage: Passage) -> bytes:
    """Return what is another for other words, another language or other headings."""
    said = "\0".join((passage.language, *passage.headings, passage.text))
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=_CHECK).digest()


def _number(names: frozenset[str]) -> int:
    return zlib.crc32("\0".join(sorted(names)).encode("utf-8", "surrogatepass"))


def _steps(places: Sequence[int]) -> list[int]:
    """Return how far each place is from the one before, in two bytes: they pack better than the places."""
    return [(two - one) & _LONGEST for one, two in itertools.pairwise((0, *places))]


def _pairs(places: list[int]) -> tuple[Span, ...]:
    return tuple(zip(places[::2], places[1::2], strict=True))


def _text(kept: bytes) -> str:
    return kept.decode("utf-8", "surrogatepass")
