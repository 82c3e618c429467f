"""Which passages meet what a question demands or refuses: words that are there, phrases?

What was found out of a word is kept, as questions share words: the passages that hold it, and its places. A
phrase is looked for at the places of its rarest word only, where the others must stand around it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.impacts import Array, Sidecar
from index.plan import Condition, Plan, in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS
from index.ranking.lexicon import Lexicon
from index.ranking.scoring import Kept

# From this share of the passages on, to look at every word is faster than to pick out those of some passages.
_SCAN_FROM = 0.05
# To look for each passage of a short list in one so many times as long is faster than to mark all of these.
_SEARCH_FROM = 16
# Bytes that all kept passages, and all kept places, may take.
_ROOM = 32 << 20
_FIELDS = len(SEARCH_FIELDS)


class Conditions:
    """The words of some segments as conditions, ``bases`` the number of the first passage of each.

    Safe to share between threads.
    """

    def __init__(self, sidecars: Sequence[Sidecar], bases: Sequence[int], lexicon: Lexicon) -> None:
        self._sidecars, self._bases, self._lexicon = sidecars, bases, lexicon
        self._size = sum(sidecar.size for sidecar in sidecars)
        self._holding: Kept[Array] = Kept(_ROOM, _bytes)
        self._places: Kept[Array] = Kept(_ROOM, _bytes)

    def allowed(self, question: Plan) -> Array | None:
        """Return which passages, deleted ones too, meet all conditions of a question; None if it has none."""
        if not (question.required or question.refused):
            return None
        allowed = None
        for condition in question.required:
            meeting = np.zeros(self._size, bool)
            for reading in condition.readings:
                meeting[self._meeting(reading, condition)] = True
            allowed = meeting if allowed is None else allowed & meeting
        if allowed is None:
            allowed = np.ones(self._size, bool)
        for condition in question.refused:
            for reading in condition.readings:
                allowed[self._meeting(reading, condition)] = False
        return allowed

    def _meeting(self, reading: Sequence[str], condition: Condition) -> Array:
        """Return the passages that hold all words of a reading, if it is a phrase one after another."""
        if condition.phrase and len(reading) > 1:
            return self._in_order(reading, condition.field)
        lists = sorted((self._that_hold(term, condition.field) for term in dict.fromkeys(reading)), key=len)
        held = lists[0]
        for other in lists[1:]:
            held = held[_are_in(held, other, size=self._size)]
        return held

    def _that_hold(self, term: str, within: str) -> Array:
        """Return the passages that hold a term in a field, in order."""
        return self._holding.get((term, within), lambda: self._find_holding(term, within))

    def _find_holding(self, term: str, within: str) -> Array:
        found = []
        for place, part in self._lexicon.postings(term).parts.items():
            arrays = self._sidecars[place].arrays
            docs = arrays["docs"][part]
            if within != ANY_FIELD:
                docs = docs[arrays[f"tf_{within}"][part] > 0]
            found.append(docs.astype(np.intp) + self._bases[place])
        return np.concatenate(found) if found else np.zeros(0, np.intp)

    def _in_order(self, reading: Sequence[str], within: str) -> Array:
        """Return the passages where terms follow one another in one field.

        As each field ends with FIELD_END, no run of terms goes over an end.
        """
        postings = [self._lexicon.postings(term) for term in reading]
        rarest = min(range(len(reading)), key=lambda at: postings[at].counts.passages)
        columns = [SEARCH_FIELDS.index(name) for name in in_fields(within)]
        found = []
        for place in postings[rarest].parts:
            if any(place not in each.parts for each in postings):
                continue
            words, word_at = (self._sidecars[place].arrays[name] for name in ("words", "word_at"))
            numbers = [self._number(term, place) for term in reading]
            at = self._places_of(reading[rarest], place)
            last = len(words) - (len(reading) - rarest)
            at = at[at.searchsorted(rarest) : at.searchsorted(last, side="right")]
            for shift, number in enumerate(numbers, start=-rarest):
                if shift:
                    at = at[words.take(at + shift) == number]
            row = word_at.searchsorted(at, side="right") - 1
            if within != ANY_FIELD:
                row = row[np.isin(row % _FIELDS, columns)]
            found.append(row // _FIELDS + self._bases[place])
        return np.concatenate(found) if found else np.zeros(0, np.intp)

    def _number(self, term: str, place: int) -> int:
        """Return the number of a term in a segment that has it."""
        return int(self._lexicon.numbers((term,))[place]) - self._lexicon.firsts[place]

    def _places_of(self, term: str, place: int) -> Array:
        """Return the places of a term among the words of a segment, in order."""
        return self._places.get((term, place), lambda: self._find_places(term, place))

    def _find_places(self, term: str, place: int) -> Array:
        sidecar, number = self._sidecars[place], self._number(term, place)
        words, word_at = sidecar.arrays["words"], sidecar.arrays["word_at"]
        docs = sidecar.arrays["docs"][self._lexicon.postings(term).parts[place]].astype(np.intp)
        if len(docs) > sidecar.size * _SCAN_FROM:
            everywhere: Array = (words == number).nonzero()[0]
            return everywhere
        starts = word_at[docs * _FIELDS]
        sizes = word_at[(docs + 1) * _FIELDS] - starts
        at = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        there: Array = at[words[at] == number]
        return there


def _bytes(numbers: Array) -> int:
    return numbers.nbytes


def _are_in(some: Array, others: Array, *, size: int) -> Array:
    """Return which of some passages are among others; both in order, each once."""
    found: Array
    if len(some) * _SEARCH_FROM < len(others):
        found = others.take(others.searchsorted(some), mode="clip") == some
        return found
    marked = np.zeros(size, bool)
    marked[others] = True
    found = marked.take(some)
    return found
