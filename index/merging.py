"""How do the arrays of several segments become those of one? Without a passage of them being read again.

The terms are numbered anew, and all else is copied to where it belongs, so merging takes a fraction of the
time of laying passages out, and memory for the arrays only. The outcome is what ``impacts.build`` makes of
the same passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index.impacts import FIELD_END, FILTERS, Array, Sidecar, named, narrow, occurrences, starts_of
from index.query import SEARCH_FIELDS

_FIELDS = len(SEARCH_FIELDS)


@dataclass(frozen=True, slots=True)
class Part:
    """A segment to merge: its arrays, and the numbers of the passages that are kept, in order."""

    sidecar: Sidecar
    kept: Array

    @property
    def is_whole(self) -> bool:
        """Tell whether all passages are kept."""
        return len(self.kept) == self.sidecar.size


@dataclass(frozen=True, slots=True)
class _Postings:
    """The postings of a part that are kept: how many of each term, their passages, and where they stand.

    ``at`` is None when all are kept.
    """

    sizes: Array
    docs: Array
    at: Array | None

    def of(self, counts: Array) -> Array:
        """Return those of an array of all postings that are kept."""
        return counts if self.at is None else counts[self.at]


def merged(parts: Sequence[Part]) -> Sidecar:
    """Lay out the kept passages of some segments as those of one, part after part."""
    postings = [_kept_postings(part) for part in parts]
    terms, numbers = _numbered(parts, postings)
    arrays = _terms(terms, parts, postings, numbers)
    arrays |= _postings(parts, postings, numbers, terms=len(terms))
    arrays |= _lists(parts, numbers)
    for name in (*(f"length_{field}" for field in SEARCH_FIELDS), "title_key", "ids"):
        arrays[name] = np.concatenate([part.sidecar.arrays[name][part.kept] for part in parts])
    arrays["deepest"] = narrow(
        np.concatenate([part.sidecar.arrays["deepest"][part.kept].astype(np.uint32) for part in parts])
    )
    arrays["occurrences"] = occurrences(arrays)
    arrays |= named(arrays, terms=len(terms))
    arrays["id_order"] = np.argsort(arrays["ids"], kind="stable").astype(np.uint32)
    values = {}
    for name in FILTERS:
        values[name], arrays[f"code_{name}"] = _coded(parts, name)
    # In the order of ``impacts.build``, so that the file of a segment is the same however it was made.
    return Sidecar({name: arrays[name] for name in parts[0].sidecar.arrays}, values)


def _kept_postings(part: Part) -> _Postings:
    arrays = part.sidecar.arrays
    sizes, docs = np.diff(arrays["post_at"]), arrays["docs"]
    if part.is_whole:
        return _Postings(sizes, docs, None)
    place = np.full(part.sidecar.size, -1, np.int64)
    place[part.kept] = np.arange(len(part.kept))
    at = np.flatnonzero(place[docs] >= 0)
    of_term = np.searchsorted(arrays["post_at"], at, side="right") - 1
    return _Postings(np.bincount(of_term, minlength=len(sizes)), place[docs[at]], at)


def _numbered(parts: Sequence[Part], postings: Sequence[_Postings]) -> tuple[list[bytes], list[Array]]:
    """Return the terms that kept passages hold, in byte order, and the new number of each term of each part.

    That of a term that no kept passage holds is never asked for.
    """
    held = [np.flatnonzero(each.sizes) for each in postings]
    of_parts = [_some_terms(part.sidecar, here) for part, here in zip(parts, held, strict=True)]
    terms = sorted(set().union(*of_parts))
    place = {term: number for number, term in enumerate(terms)}
    numbers = []
    for each, here, of_part in zip(postings, held, of_parts, strict=True):
        new = np.zeros(len(each.sizes), np.uint32)
        new[here] = np.fromiter(map(place.__getitem__, of_part), np.uint32, len(of_part))
        numbers.append(new)
    return terms, numbers


def _some_terms(sidecar: Sidecar, numbers: Array) -> list[bytes]:
    raw, places = sidecar.arrays["terms"].tobytes(), sidecar.arrays["term_at"]
    edges = zip(places[numbers].tolist(), places[numbers + 1].tolist(), strict=True)
    return [raw[start:end] for start, end in edges]


def _terms(
    terms: Sequence[bytes], parts: Sequence[Part], postings: Sequence[_Postings], numbers: Sequence[Array]
) -> dict[str, Array]:
    keys = np.zeros(len(terms), np.uint64)
    for part, each, new in zip(parts, postings, numbers, strict=True):
        held = np.flatnonzero(each.sizes)
        keys[new[held]] = part.sidecar.arrays["keys"][held]
    return {
        "terms": np.frombuffer(b"".join(terms), np.uint8),
        "term_at": starts_of(np.fromiter(map(len, terms), np.int64, len(terms))),
        "keys": keys,
        "key_order": np.argsort(keys).astype(np.uint32),
    }


def _postings(
    parts: Sequence[Part], postings: Sequence[_Postings], numbers: Sequence[Array], *, terms: int
) -> dict[str, Array]:
    """Return the posting lists: of each term those of the first part, then those of the next."""
    sizes = np.zeros(terms, np.int64)
    for each, new in zip(postings, numbers, strict=True):
        held = np.flatnonzero(each.sizes)
        sizes[new[held]] += each.sizes[held]
    post_at = starts_of(sizes)
    docs = np.empty(int(post_at[-1]), np.uint32)
    counts = {name: np.empty(len(docs), _widest(parts, f"tf_{name}")) for name in SEARCH_FIELDS}
    free, base = post_at[:-1].copy(), 0
    for part, each, new in zip(parts, postings, numbers, strict=True):
        held = np.flatnonzero(each.sizes)
        here, many = new[held], each.sizes[held]
        # Where the postings of each term go, less where they come from.
        shift = np.repeat(free[here] - (np.cumsum(many) - many), many)
        to = shift + np.arange(len(shift))
        docs[to] = each.docs + base
        for name, into in counts.items():
            into[to] = each.of(part.sidecar.arrays[f"tf_{name}"])
        free[here] += many
        base += len(part.kept)
    return {"docs": docs, "post_at": post_at} | {f"tf_{name}": narrow(of) for name, of in counts.items()}


def _widest(parts: Sequence[Part], name: str) -> np.dtype[Any]:
    return np.result_type(*(part.sidecar.arrays[name] for part in parts))


def _lists(parts: Sequence[Part], numbers: Sequence[Array]) -> dict[str, Array]:
    """Return the words of all passages in order, and their whole forms."""
    found: dict[str, Array] = {}
    for name, places in (("words", "word_at"), ("wholes", "whole_at")):
        pieces, sizes = [], []
        for part, new in zip(parts, numbers, strict=True):
            arrays = part.sidecar.arrays
            terms, of_fields = arrays[name], np.diff(arrays[places]).reshape(-1, _FIELDS)
            if not part.is_whole:
                gone = np.ones(part.sidecar.size, bool)
                gone[part.kept] = False
                terms = terms[~np.repeat(gone, of_fields.sum(axis=1))]
                of_fields = of_fields[part.kept]
            # The end of a field has the highest number there is, which is clipped to that of no term.
            pieces.append(np.append(new, FIELD_END).astype(np.uint32).take(terms, mode="clip"))
            sizes.append(of_fields.ravel())
        found |= {name: np.concatenate(pieces), places: starts_of(np.concatenate(sizes))}
    return found


def _coded(parts: Sequence[Part], name: str) -> tuple[list[str], Array]:
    """Return the values of the kept passages, in order, and which of them each passage has."""
    codes = [part.sidecar.arrays[f"code_{name}"][part.kept] for part in parts]
    used = [np.unique(of_part) for of_part in codes]
    held = [
        [part.sidecar.values[name][code] for code in here.tolist()]
        for part, here in zip(parts, used, strict=True)
    ]
    values = sorted(set().union(*held))
    place = {value: number for number, value in enumerate(values)}
    pieces = []
    for of_part, here, told in zip(codes, used, held, strict=True):
        new = np.zeros(int(here.max(initial=0)) + 1, np.uint32)
        new[here] = [place[value] for value in told]
        pieces.append(new[of_part])
    return values, narrow(np.concatenate(pieces))
