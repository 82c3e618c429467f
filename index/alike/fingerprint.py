"""Which passages say nearly the same? Those that share most of their runs of three words.

The share is Jaccard's over the sets of runs (A. Broder, "On the resemblance and containment of documents",
Compression and Complexity of Sequences 1997). To find such passages among many, each gets eight keys, every
one made of the least of three hash functions over its runs: two passages have a given key in common with the
third power of their share. So of passages that share .7 of their runs all but 4 in 100 have a key in common.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library.leading import body
from kb.model import Passage
from kb.text import fold

NEARLY_FROM = 0.7
"""From which share of common runs on two passages say nearly the same. On guides kept as web page, text and
PDF (docs/answers.md) passages of the same place share .7 or more, and others less than .5."""

_RUN = 3
_KEYS, _ROWS = 8, 3
# Words whose numbers are kept.
_KEPT = 1 << 17
_WORD = re.compile(r"\w+")

# Any odd numbers do; drawn once, they must stay the same for as long as the keys are kept.
_DRAWN = np.random.Generator(np.random.PCG64(20240229)).integers(1, 2**63, 2 * _KEYS * _ROWS, np.uint64)
_FACTORS, _TERMS = _DRAWN[::2] | np.uint64(1), _DRAWN[1::2]
_IN_RUN = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


def runs(text: str) -> npt.NDArray[np.uint64]:
    """Return the distinct runs of three words of a text, as numbers in order; of fewer words, the one run.

    Case, accents, punctuation and the breaks of lines make no difference.
    """
    return np.unique(_runs(text))


# Of a passage of a hundred words they take 1 KB.
@functools.lru_cache(maxsize=1_000)
def runs_of(passage: Passage) -> npt.NDArray[np.uint64]:
    """Return the runs of a passage under whatever headings."""
    return runs(body(passage))


def _runs(text: str) -> npt.NDArray[np.uint64]:
    words = _WORD.findall(text)
    hashed = np.fromiter(map(_HASHES.__getitem__, words), np.uint64, len(words))
    # A text shorter than a run is one run, filled up with a word that no text has.
    hashed = np.concatenate((hashed, np.zeros(max(0, _RUN - len(words)), np.uint64)))
    mixed = sum(
        (hashed[at : len(hashed) - _RUN + 1 + at] * _IN_RUN[at] for at in range(_RUN)),
        start=np.zeros(len(hashed) - _RUN + 1, np.uint64),
    )
    hashes: npt.NDArray[np.uint64] = mixed ^ (mixed >> np.uint64(29))
    return hashes


class _Hashes(dict[str, int]):
    """The numbers of words, worked out when they are first asked for.

    A cache that knows which word was asked for last takes five times as long to ask as a dictionary, which
    starts afresh rather than grow without end.
    """

    def __missing__(self, word: str) -> int:
        if len(self) >= _KEPT:
            self.clear()
        hashed = self[word] = zlib.crc32(fold(word).encode())
        return hashed


_HASHES = _Hashes()


def keys(text: str) -> tuple[int, ...]:
    """Return eight signed numbers of 64 bits, of which passages that say nearly the same share some."""
    return _keys(_runs(text))


def keys_of(passage: Passage) -> tuple[int, ...]:
    """Return the keys of a passage under whatever headings."""
    return keys(body(passage))


def _keys(every: npt.NDArray[np.uint64]) -> tuple[int, ...]:
    # A row for each function: so numpy finds the least three times as fast as in columns.
    hashed = np.multiply.outer(_FACTORS, every)
    hashed += _TERMS[:, None]
    hashed >>= np.uint64(16)
    least = hashed.min(axis=1).reshape(_KEYS, _ROWS)
    mixed = (least * _IN_RUN).sum(axis=1, dtype=np.uint64) ^ np.arange(_KEYS, dtype=np.uint64)
    return tuple(mixed.view(np.int64).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """What is kept of the runs of a text: how many there are, their buckets and their keys.

    Each run falls into one of 65,536 ``buckets``; those that it has are in order, each once.
    """

    runs: int
    buckets: npt.NDArray[np.uint16]
    keys: tuple[int, ...]


def sketch(passage: Passage) -> Sketch:
    """Return what is kept of the runs of a passage under whatever headings."""
    every = _runs(body(passage))
    runs = set(every.tolist())
    # Sets of Python's are faster than numpy's on so few.
    buckets = sorted({run & 0xFFFF for run in runs})
    return Sketch(len(runs), np.array(buckets, np.uint16), _keys(every))


def resemblance(one: npt.NDArray[np.uint64], two: npt.NDArray[np.uint64]) -> float:
    """Return the share of runs that two texts have in common, from what ``runs`` returned, 0 to 1."""
    together = np.concatenate((one, two))
    together.sort(kind="stable")
    common = int(np.count_nonzero(together[1:] == together[:-1]))
    return common / (len(one) + len(two) - common)


def at_most_alike(each: Sequence[Sketch]) -> npt.NDArray[np.float64]:
    """Return how much each of some texts can resemble each other one at most: seldom more than it does.

    What two share in runs they share in buckets, but for runs of one text that fell into one bucket.
    """
    runs = np.array([one.runs for one in each], np.float64)
    sizes = np.array([len(one.buckets) for one in each], np.intp)
    every = np.concatenate([*(one.buckets for one in each), np.zeros(0, np.uint16)])
    order = every.argsort(kind="stable")
    every, owners = every[order], np.repeat(np.arange(len(each)), sizes)[order]
    shared = np.zeros(len(each) ** 2)
    # Equal buckets follow one another: each is held against the next one, then against that after.
    for step in range(1, len(each)):
        equal = np.flatnonzero(every[step:] == every[:-step])
        if not len(equal):
            break
        shared += np.bincount(owners[equal] * len(each) + owners[equal + step], minlength=len(shared))
    square = shared.reshape(len(each), len(each))
    joined = runs - sizes
    common = square + square.T + np.minimum(joined[:, None], joined)
    shares: npt.NDArray[np.float64] = common / np.maximum(runs[:, None] + runs - common, 1.0)
    return shares


def may_resemble(one: Sketch, two: Sketch) -> float:
    """Return how much two texts can resemble each other at most, as ``at_most_alike`` does for many."""
    together = np.concatenate((one.buckets, two.buckets))
    together.sort(kind="stable")
    joined = min(one.runs - len(one.buckets), two.runs - len(two.buckets))
    common = int(np.count_nonzero(together[1:] == together[:-1])) + joined
    return common / max(one.runs + two.runs - common, 1)
