"""How does a committed segment look as arrays? One sidecar file for each, made once.

A segment never changes, so what it holds can be laid out for ranking when it is committed: for each term the
passages that hold it and how often in each field, the exact lengths of the fields, the words of each field in
order, and the values to filter by. Rarity and average lengths change with every commit and are no part of it.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from index.query import SEARCH_FIELDS

FILTERS = ("language", "collection", "source_id", "media_type", "day")
FIELD_END = 0xFFFFFFFF
"""What stands after the last word of each field among the words in order; no term has this number."""

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """What a segment keeps of a passage: its id, the values to filter by, and the terms of each search field.

    ``words`` are the terms at successive places, ``wholes`` the whole forms, which have no place. The last
    ``deepest`` words of the headings are the deepest heading.
    """

    id: str
    values: Mapping[str, str]
    words: Sequence[Sequence[str]]
    wholes: Sequence[Sequence[str]]
    deepest: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Sidecar:
    """The arrays of one segment of D passages and T terms.

    ``terms`` (bytes) and ``term_at`` (T + 1): the terms in byte order, one after another. ``post_at``
    (T + 1): where the postings of each begin in ``docs`` (P) and ``tf_<field>`` (P). ``length_<field>`` (D).
    ``occurrences`` (T): how often a term stands in all fields. ``keys`` (T): a number for each term, the same
    in any segment; ``key_order``: their sorted order.
    ``words``: the term number of each word in order, FIELD_END after each field; ``word_at``
    (D · fields + 1). ``wholes`` and ``whole_at`` (D · fields + 1): the whole forms likewise, without ends.
    ``ids`` (D) and ``id_order``, their sorted order. ``code_<filter>`` (D): numbers of
    ``values[filter]``. ``deepest`` (D): how many words at the end of the headings are the deepest heading.
    ``named`` and ``named_at`` (T + 1): the passages that have a term in the title or the deepest heading.
    ``title_key`` (D): a number that passages of one document share that share the words of their title, in
    any segment.
    """

    arrays: Mapping[str, Array]
    values: Mapping[str, Sequence[str]]
    sorted_keys: Array = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sorted_keys", self.arrays["keys"][self.arrays["key_order"]])

    @property
    def size(self) -> int:
        """Return the number of passages, deleted ones too."""
        return len(self.arrays["ids"])

    def term(self, number: int) -> str:
        """Return the term of a number."""
        places = self.arrays["term_at"]
        raw: bytes = self.arrays["terms"][places[number] : places[number + 1]].tobytes()
        return raw.decode("utf-8", "surrogatepass")

    def term_number(self, term: str) -> int:
        """Return the number of a term, or −1 if no passage holds it."""
        # Memory views, which give plain numbers, are several times faster here than arrays.
        terms, places = self.arrays["terms"].data, self.arrays["term_at"].data
        wanted = encoded(term)
        low, high = 0, len(places) - 2
        while low <= high:
            middle = (low + high) // 2
            here = bytes(terms[places[middle] : places[middle + 1]])
            if here == wanted:
                return middle
            if here < wanted:
                low = middle + 1
            else:
                high = middle - 1
        return -1

    def term_numbers(self, keys: Array) -> Array:
        """Return the numbers of the terms that have these keys, −1 where no passage holds one."""
        if not len(self.sorted_keys):
            return np.full(len(keys), -1)
        at = np.minimum(self.sorted_keys.searchsorted(keys), len(self.sorted_keys) - 1)
        return np.where(self.sorted_keys[at] == keys, self.arrays["key_order"][at].astype(np.int64), -1)


def encoded(term: str) -> bytes:
    """Return a term as it is kept; a lone surrogate, which no text should have, must not stop a search."""
    return term.encode("utf-8", "surrogatepass")


def build(passages: Iterable[StoredPassage]) -> Sidecar:
    """Lay out the passages of a segment, in their order, deleted ones too."""
    number: defaultdict[str, int] = defaultdict()
    number.default_factory = number.__len__
    gathered = [_Gathered() for _ in SEARCH_FIELDS]
    stored: list[StoredPassage] = []
    title_keys = array("Q")
    for passage in passages:
        for each, words, wholes in zip(gathered, passage.words, passage.wholes, strict=True):
            each.take(map(number.__getitem__, words), map(number.__getitem__, wholes))
        title_keys.append(_title_key(passage))
        stored.append(replace(passage, words=(), wholes=()))
    terms = sorted((encoded(term), place) for term, place in number.items())
    order = np.empty(len(terms), np.uint32)
    order[[place for _, place in terms]] = np.arange(len(terms), dtype=np.uint32)
    arrays = {
        "terms": np.frombuffer(b"".join(term for term, _ in terms), np.uint8),
        "term_at": starts_of(np.array([len(term) for term, _ in terms], np.int64)),
    }
    arrays |= _postings(
        [each.occurrences(order) for each in gathered], terms=len(terms), passages=len(stored)
    )
    arrays |= _words([each.in_order(order) for each in gathered])
    arrays |= _wholes([each.wholes_in_order(order) for each in gathered])
    arrays |= _keys([term for term, _ in terms])
    arrays |= {
        "occurrences": occurrences(arrays),
        "deepest": narrow(np.array([passage.deepest for passage in stored], np.uint32)),
        "title_key": np.array(title_keys, np.uint64),
    }
    arrays |= named(arrays, terms=len(terms))
    ids = np.array([encoded(passage.id) for passage in stored], dtype=np.bytes_)
    arrays |= {"ids": ids, "id_order": np.argsort(ids, kind="stable").astype(np.uint32)}
    values = {}
    for name in FILTERS:
        values[name] = sorted({passage.values[name] for passage in stored})
        code = {value: place for place, value in enumerate(values[name])}
        arrays[f"code_{name}"] = narrow(
            np.array([code[passage.values[name]] for passage in stored], np.uint32)
        )
    return Sidecar(arrays, values)


class _Gathered:
    """The terms of one field of all passages, numbered as they were met."""

    def __init__(self) -> None:
        self.words, self.wholes = array("I"), array("I")
        self.word_ends, self.whole_ends = array("Q", (0,)), array("Q", (0,))

    def take(self, words: Iterable[int], wholes: Iterable[int]) -> None:
        self.words.extend(words)
        self.wholes.extend(wholes)
        self.word_ends.append(len(self.words))
        self.whole_ends.append(len(self.wholes))

    def in_order(self, order: Array) -> tuple[Array, Array]:
        """Return the words of all passages one after another, and how many each has."""
        return order[np.array(self.words, np.int64)], _sizes(self.word_ends)

    def wholes_in_order(self, order: Array) -> tuple[Array, Array]:
        """Return the whole forms of all passages one after another, and how many each has."""
        return order[np.array(self.wholes, np.int64)], _sizes(self.whole_ends)

    def occurrences(self, order: Array) -> tuple[Array, Array]:
        """Return the term and the passage of each occurrence."""
        numbers = np.concatenate((np.array(self.words, np.int64), np.array(self.wholes, np.int64)))
        sizes = [_sizes(self.word_ends), _sizes(self.whole_ends)]
        docs = [np.repeat(np.arange(len(size), dtype=np.int64), size) for size in sizes]
        return order[numbers], np.concatenate(docs)


def _postings(fields: Sequence[tuple[Array, Array]], *, terms: int, passages: int) -> dict[str, Array]:
    """Return one posting list for each term: the passages that hold it, and how often in each field."""
    across = max(passages, 1)
    keys, counts = [], []
    for numbers, docs in fields:
        key, count = _distinct(numbers.astype(np.int64) * across + docs)
        keys.append(key)
        counts.append(count)
    every, _ = _distinct(np.concatenate(keys))
    arrays = {
        "docs": (every % across).astype(np.uint32),
        "post_at": starts_of(np.bincount(every // across, minlength=terms)),
    }
    for name, key, count in zip(SEARCH_FIELDS, keys, counts, strict=True):
        frequency = np.zeros(len(every), np.int64)
        frequency[np.searchsorted(every, key)] = count
        arrays[f"tf_{name}"] = narrow(frequency)
    return arrays


def occurrences(arrays: Mapping[str, Array]) -> Array:
    """Return how often each term stands in all fields; each has a posting."""
    together = np.zeros(len(arrays["docs"]), np.uint32)
    for name in SEARCH_FIELDS:
        together += arrays[f"tf_{name}"]
    if not len(together):
        return together
    return np.add.reduceat(together, arrays["post_at"][:-1], dtype=np.uint32)


def _words(fields: Sequence[tuple[Array, Array]]) -> dict[str, Array]:
    """Return the length of each field, and the words of all fields of all passages in order."""
    lengths = np.stack([sizes for _, sizes in fields], axis=1)
    starts = starts_of(lengths.ravel() + 1)
    words = np.full(int(starts[-1]), FIELD_END, np.uint32)
    arrays = {"words": words, "word_at": starts}
    for column, (name, (numbers, sizes)) in enumerate(zip(SEARCH_FIELDS, fields, strict=True)):
        within = np.arange(len(numbers)) - np.repeat(starts_of(sizes)[:-1], sizes)
        words[np.repeat(starts[column : -1 : len(fields)], sizes) + within] = numbers
        arrays[f"length_{name}"] = sizes.astype(np.uint32)
    return arrays


def _wholes(fields: Sequence[tuple[Array, Array]]) -> dict[str, Array]:
    """Return the whole forms of all fields of all passages in order."""
    starts = starts_of(np.stack([sizes for _, sizes in fields], axis=1).ravel())
    wholes = np.zeros(int(starts[-1]), np.uint32)
    for column, (numbers, sizes) in enumerate(fields):
        within = np.arange(len(numbers)) - np.repeat(starts_of(sizes)[:-1], sizes)
        wholes[np.repeat(starts[column : -1 : len(fields)], sizes) + within] = numbers
    return {"wholes": wholes, "whole_at": starts}


def term_key(term: bytes) -> int:
    """Return the number of an encoded term that is the same in every segment."""
    return int.from_bytes(hashlib.blake2b(term, digest_size=8).digest(), "little")


def _keys(terms: Sequence[bytes]) -> dict[str, Array]:
    keys = np.fromiter(map(term_key, terms), np.uint64, len(terms))
    return {"keys": keys, "key_order": np.argsort(keys).astype(np.uint32)}


def named(arrays: Mapping[str, Array], *, terms: int) -> dict[str, Array]:
    """Return for each term the passages that have it in the title or the deepest heading."""
    fields, size = len(SEARCH_FIELDS), len(arrays["deepest"])
    ends = arrays["word_at"][1:] - 1
    keys = []
    for name, lengths in (("title", arrays["length_title"]), ("headings", arrays["deepest"])):
        lengths = lengths.astype(np.int64)
        docs = np.repeat(np.arange(size), lengths)
        last = ends[SEARCH_FIELDS.index(name) :: fields]
        within = np.arange(len(docs)) - np.repeat(starts_of(lengths)[:-1], lengths)
        numbers = arrays["words"][np.repeat(last - lengths, lengths) + within]
        keys.append(numbers.astype(np.int64) * max(size, 1) + docs)
    every, _ = _distinct(np.concatenate(keys))
    across = max(size, 1)
    return {
        "named": (every % across).astype(np.uint32),
        "named_at": starts_of(np.bincount(every // across, minlength=terms)),
    }


def _title_key(passage: StoredPassage) -> int:
    key = "\x1f".join((passage.values["source_id"], *passage.words[SEARCH_FIELDS.index("title")]))
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def _distinct(numbers: Array) -> tuple[Array, Array]:
    """Return the distinct numbers in order, and how often each is there; faster than numpy's hash table."""
    numbers.sort(kind="stable")
    first = np.flatnonzero(np.diff(numbers, prepend=-1))
    return numbers[first], np.diff(first, append=len(numbers))


def starts_of(sizes: Array) -> Array:
    """Return where each of the pieces of these sizes begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))).astype(np.int64)


def _sizes(ends: array[int]) -> Array:
    places = np.array(ends, np.int64)
    return places[1:] - places[:-1]


def narrow(values: Array) -> Array:
    """Return whole numbers in the smallest type that holds them."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
