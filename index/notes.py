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
_COUNTS = struct.Struct("<9H")
_SUM = struct.Struct("<I")
# Places are kept in two bytes each.
_LONGEST = 0xFFFF


@dataclass(frozen=True, eq=False)
class Note:
    """What is noted of a passage.

    ``telling`` stands for the names of ``statements.telling``, a number for each: an odd one for all those of
    a sentence, an even one for a code. ``apart`` gives its terms and short forms, which an answer needs of
    few of the passages that it looks at.
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
    for passage_id, keys, kept in _rows(list(wanted), library):
        found = unpacked(wanted[passage_id], keys, kept)
        if found is not None:
            _remembered(wanted[passage_id], found)


def sketches(passage_ids: Sequence[str], library: Library) -> dict[str, Sketch]:
    """Return the sketches of passages, as far as the library has them.

    They are not held against the words of the passages, which need not be read to have them: those that are
    remembered could be of other headings than a passage has by now.
    """
    found = {}
    for passage_id, keys, kept in _rows(passage_ids, library):
        noted = _unpacked(passage_id, keys, kept)
        if noted is not None:
            found[passage_id] = noted.sketch
    return found


def _rows(passage_ids: Sequence[str], library: Library) -> list[tuple[str, bytes, bytes]]:
    """Return id, keys and note of passages, none of those that the library does not have."""
    if not passage_ids:
        return []
    marks = ", ".join("?" * len(passage_ids))
    return library.rows(f"SELECT id, keys, note FROM passages WHERE id IN ({marks})", passage_ids)


def made(passage: Passage) -> Note:
    """Work out the note of a passage."""
    apart = wording(passage.text, passage.language), tuple(written(passage.text))
    telling_here = tuple(sorted({_number(each) for each in telling(passage)}))
    return Note(sketch(passage), telling_here, telling_names(passage), lambda: apart)


def packed(passage: Passage, found: Note) -> bytes:
    """Return a note as bytes, without its keys; none for a passage too long for that.

    What tells whether another passage is about the same comes first, as it is: of most that an answer looks
    at no more is needed. The rest is compressed.
    """
    taken, names = found.wording, found.names
    named = _bytes("\n".join((names.every, names.code) if names else ()))
    first = (found.sketch.buckets.tolist(), found.telling)
    parts = (
        _steps(taken.starts),
        [end - start for start, end in zip(taken.starts, taken.ends, strict=True)],
        sorted(taken.whole),
        [place for span in taken.sentences for place in span],
        [place for span in found.short_forms for place in span],
    )
    counts = [found.sketch.runs, *map(len, first), len(named), *map(len, parts)]
    if max(len(passage.text), *counts) > _LONGEST:
        return b""
    rest = [struct.pack(f"<{len(part)}H", *part) for part in parts] + [_bytes("\n".join(taken.terms))]
    buckets, telling_here = (
        struct.pack(f"<{len(first[0])}H", *first[0]),
        struct.pack(f"<{len(first[1])}I", *first[1]),
    )
    content = b"".join((_COUNTS.pack(*counts), buckets, telling_here, named, zlib.compress(b"".join(rest))))
    return _check(passage) + _SUM.pack(zlib.crc32(content)) + content


def unpacked(passage: Passage, keys: bytes, kept: bytes) -> Note | None:
    """Return what ``packed`` made bytes of; None if it is damaged, or of other words than the passage has."""
    if kept[:_CHECK] != _check(passage):
        return None
    return _unpacked(passage.id, keys, kept)


def _unpacked(passage_id: str, keys: bytes, kept: bytes) -> Note | None:
    """Return the note in some bytes, of whatever words; None if it is damaged, or none was made."""
    content = kept[_CHECK + _SUM.size :]
    if not content or _SUM.unpack_from(kept, _CHECK)[0] != zlib.crc32(content):
        if kept:
            log.warning("what is noted of passage %s is damaged", passage_id)
        return None
    runs, buckets, tellings, named, *counts = _COUNTS.unpack_from(content)
    at_telling = _COUNTS.size + 2 * buckets
    at_names = at_telling + 4 * tellings
    every, _, code = _text(content[at_names : at_names + named]).partition("\n")
    return Note(
        Sketch(runs, np.frombuffer(content, "<u2", buckets, _COUNTS.size), unpacked_keys(keys)),
        struct.unpack_from(f"<{tellings}I", content, at_telling),
        Names(every, code) if code else None,
        lambda: _taken_apart(zlib.decompress(content[at_names + named :]), counts),
    )


def _taken_apart(content: bytes, counts: Sequence[int]) -> tuple[Wording, tuple[Span, ...]]:
    """Return the terms and short forms in the second part of a note, whose parts are so long."""
    edges = [*itertools.accumulate((2 * count for count in counts), initial=0)]
    parts = [content[start:end] for start, end in itertools.pairwise(edges)]
    terms = _text(content[edges[-1] :]).split("\n") if len(parts[0]) else []
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
    return hashlib.blake2b(_bytes(said), digest_size=_CHECK).digest()


def _number(names: frozenset[str]) -> int:
    number = zlib.crc32(_bytes("\0".join(sorted(names))))
    return number | 1 if len(names) > 1 else number & ~1


def _steps(places: Sequence[int]) -> list[int]:
    """Return how far each place is from the one before, in two bytes: they pack better than the places."""
    return [(two - one) & _LONGEST for one, two in itertools.pairwise((0, *places))]


def _pairs(places: list[int]) -> tuple[Span, ...]:
    return tuple(zip(places[::2], places[1::2], strict=True))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(kept: bytes) -> str:
    return kept.decode("utf-8", "surrogatepass")
