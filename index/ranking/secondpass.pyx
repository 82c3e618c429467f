# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""What does the wording of the best passages add to their scores? ``index.ranking.shortlist``, compiled.

The words of each passage are read once, where they stand in the files, and nothing is laid out. Each sum adds
the same numbers in the same order as there, so that scores are the same to the last bit. Every place is
checked before it is read, those that come from files too: damaged arrays raise IndexError.

What a question knows are terms; each has a number from 1 on, its slot. Slot 0 is any other word.
"""

import numpy as np

from libc.math cimport isnan
from libc.stdint cimport uint16_t, uint32_t

from index.fields import HEADING_AS_NAME, K1, ORDER_WEIGHT, PAIR_WEIGHT, SMALL_WEIGHT, TITLE_WEIGHT
from index.impacts import FIELD_END
from index.plan import in_fields
from index.query import SEARCH_FIELDS

VERSION = 1
"""Goes up with every change: of another version than shortlist.py asks for, this is not used."""

cdef enum:
    TEXT = 3
    PARTS = 4
    NAMES = 2  # the parts with an even number: the title, the deepest heading

cdef double _k1 = K1, _heading = HEADING_AS_NAME
cdef double _small = SMALL_WEIGHT, _title = TITLE_WEIGHT, _order = ORDER_WEIGHT, _pair = PAIR_WEIGHT
cdef uint32_t _field_end = FIELD_END
cdef int[PARTS] _field_of_part = [
    SEARCH_FIELDS.index(name) for name in ("title", "headings", "headings", "text")
]


cdef class Segment:
    """The words and whole forms of the passages up to ``end``; its first term has the number ``terms``."""

    cdef const uint32_t[::1] words, wholes
    cdef Py_ssize_t end, terms

    def __init__(self, words, wholes, *, Py_ssize_t end, Py_ssize_t terms):
        self.words, self.wholes, self.end, self.terms = words, wholes, end, terms


cdef class Reading:
    """The words of a question in one language, by slots; see ``reranking.Reading``."""

    cdef double asked
    cdef int[::1] words, places, seen
    cdef int[:, ::1] meant  # where the meanings of each slot begin and end
    cdef double[::1] rarity, shares, weights, held, best
    cdef int names

    def __init__(self, reading, dict slots, *, Py_ssize_t longest):
        cdef Py_ssize_t at = 0
        cdef int slot
        self.asked = sum(reading.weights)
        self.words = np.array([slots[word] for word in reading.words], np.intc)
        self.weights = np.array(reading.weights, np.float64)
        self.rarity, self.meant = np.zeros(len(slots) + 1), np.zeros((len(slots) + 1, 2), np.intc)
        for word, rarity in reading.rarity.items():
            slot = slots[word]
            self.rarity[slot] = rarity
        size = sum([len(standing) for standing in reading.meant.values()])
        self.places, self.shares = np.empty(size, np.intc), np.empty(size)
        for term, standing in reading.meant.items():
            slot = slots[term]
            self.meant[slot, 0] = at
            for place, share in standing:
                self.places[at], self.shares[at] = place, share
                at += 1
            self.meant[slot, 1] = at
        self.seen, self.names = np.zeros(len(slots) + 1, np.intc), 0
        self.held, self.best = np.zeros(len(reading.weights)), np.empty(longest + 1)

    cdef double shared(self, const int[::1] name) except -1.0:
        """Return ``reranking.shared`` of a name."""
        cdef double total = 0.0
        cdef Py_ssize_t at, entry, place
        cdef int slot
        self.names += 1
        for at in range(name.shape[0]):
            slot = name[at]
            if self.seen[slot] != self.names:
                self.seen[slot] = self.names
                for entry in range(self.meant[slot, 0], self.meant[slot, 1]):
                    self.held[self.places[entry]] += self.shares[entry]
        for place in range(self.weights.shape[0]):
            total += self.weights[place] * min(1.0, self.held[place])
            self.held[place] = 0.0
        return total

    cdef double in_same_order(self, const int[::1] name) except -1.0:
        """Return ``reranking.in_same_order`` of a name."""
        cdef double before, above
        cdef Py_ssize_t row, at, size = name.shape[0]
        cdef int word
        for at in range(size + 1):
            self.best[at] = 0.0
        for row in range(self.words.shape[0]):
            word, before = self.words[row], 0.0
            for at in range(size):
                above = self.best[at + 1]
                if name[at] == word:
                    self.best[at + 1] = before + self.rarity[word]
                else:
                    self.best[at + 1] = max(above, self.best[at])
                before = above
        return self.best[size]

    cdef double likeness(self, double shared, double own):
        """Return ``reranking.likeness`` of a name, from what it shares with the question and weighs itself."""
        cdef double share = min(1.0, 2.0 * shared / (self.asked + own)) if shared > 0.0 else 0.0
        return self.asked * (share * share)


cdef class StopWords:
    """The stop words of a question: what each weighs, and how often each is in a passage."""

    cdef int[::1] slots, fields  # the fields that are looked at, as bits
    cdef double[::1] factors
    cdef double[:, ::1] frequencies  # among the words, and among the whole forms
    cdef Py_ssize_t size

    def __init__(self, groups, dict slots):
        # In the order in which they are added up: by their fields, then as they were asked.
        bits = {group.wanted.field: 0 for group in groups}
        ordered = [group for field in bits for group in groups if group.wanted.field == field]
        for field in bits:
            bits[field] = sum([1 << SEARCH_FIELDS.index(name) for name in in_fields(field)])
        self.size = len(ordered)
        self.slots = np.array([slots[group.wanted.term] for group in ordered], np.intc)
        self.fields = np.array([bits[group.wanted.field] for group in ordered], np.intc)
        self.factors = np.array([group.wanted.count * group.rarity for group in ordered], np.float64)
        self.frequencies = np.zeros((2, self.size))

    cdef int count(self, int slot, int field, double worth, bint whole) except -1 nogil:
        """Count a stop word that stands in a field."""
        cdef Py_ssize_t at
        for at in range(self.size):
            if self.slots[at] == slot and self.fields[at] >> field & 1:
                self.frequencies[whole, at] += worth
        return 0

    cdef double score(self) except -1.0 nogil:
        """Return what those score that were counted, and begin anew."""
        cdef double total = 0.0, frequency
        cdef Py_ssize_t at
        for at in range(self.size):
            frequency = self.frequencies[0, at] + self.frequencies[1, at]
            total += (_k1 + 1.0) * frequency / (_k1 + frequency) * self.factors[at]
            self.frequencies[0, at] = self.frequencies[1, at] = 0.0
        return total


cdef class Pairs:
    """The neighbours in a question, in order of their slots, and which of them a text has."""

    cdef int[::1] starts, seconds
    cdef char[::1] there
    cdef double[::1] worths

    def __init__(self, pairs, dict slots):
        known = sorted([(slots[one], slots[two], worth) for (one, two), worth in pairs.items()])
        firsts = [one for one, _, _ in known]
        self.starts = np.searchsorted(firsts, range(len(slots) + 2)).astype(np.intc)
        self.seconds = np.array([two for _, two, _ in known], np.intc)
        self.worths = np.array([worth for _, _, worth in known], np.float64)
        self.there = np.zeros(len(known), np.int8)

    cdef int find(self, int one, int two) except -1 nogil:
        """Note that two words are neighbours."""
        cdef Py_ssize_t at
        for at in range(self.starts[one], self.starts[one + 1]):
            if self.seconds[at] == two:
                self.there[at] = 1
        return 0

    cdef double score(self) except -1.0 nogil:
        """Return what the pairs add that are there, and begin anew."""
        cdef double total = 0.0
        cdef Py_ssize_t at
        for at in range(self.there.shape[0]):
            if self.there[at]:
                total += self.worths[at]
                self.there[at] = 0
        return total


cdef class Passages:
    """Some passages, in order of their numbers, and what is found in them; see the interface for the arrays."""

    cdef const Py_ssize_t[::1] numbers
    cdef const Py_ssize_t[:, ::1] starts, whole_starts
    cdef const double[:, ::1] worths
    cdef const uint16_t[::1] marks
    cdef double[::1] small, pairs
    cdef int[::1] names  # the slots in all names, one after another
    cdef Py_ssize_t[::1] ends
    cdef Py_ssize_t longest, size

    def __init__(self, numbers, *, starts, whole_starts, worths, marks):
        self.numbers, self.starts, self.whole_starts = numbers, starts, whole_starts
        self.worths, self.marks, self.size = worths, marks, len(numbers)
        self.small, self.pairs = np.empty(self.size), np.empty(self.size)
        self.ends = np.zeros(NAMES * self.size + 1, np.intp)

    cdef int read(self, tuple segments, StopWords small, Pairs pairs, int last_small) except -1:
        """Read all passages."""
        cdef Segment segment
        cdef Py_ssize_t row = 0
        self._make_room(segments)
        for segment in segments:
            with nogil:
                while row < self.size and self.numbers[row] < segment.end:
                    self._read(segment, row, small, pairs, last_small, False)
                    if self.whole_starts.shape[0]:
                        self._read(segment, row, small, pairs, last_small, True)
                    self.small[row], self.pairs[row] = small.score(), pairs.score()
                    row += 1
        return 0

    cdef int _make_room(self, tuple segments) except -1:
        """Make room for the names, once it is sure that all parts are where they can be."""
        cdef Segment segment
        cdef Py_ssize_t row = 0, part, first, end, room = 0
        for segment in segments:
            while row < self.size and self.numbers[row] < segment.end:
                for part in range(PARTS):
                    first, end = self.starts[row, part], self.starts[row, part + 1]
                    if not 0 <= first <= end <= segment.words.shape[0]:
                        raise IndexError("a part of a passage is not where the words of its segment are")
                    if not part & 1:
                        self.longest = max(self.longest, end - first)
                        room += end - first
                row += 1
        self.names = np.empty(room, np.intc)
        return 0

    cdef int _read(
        self, Segment segment, Py_ssize_t row, StopWords small, Pairs pairs, int last_small, bint whole
    ) except -1 nogil:
        """Read the words of a passage, or its whole forms, of which only the stop words are looked for."""
        cdef const uint32_t[::1] words = segment.wholes if whole else segment.words
        cdef const Py_ssize_t[:, ::1] starts = self.whole_starts if whole else self.starts
        cdef const uint16_t[::1] marks = self.marks
        cdef Py_ssize_t at, part, named = self.ends[NAMES * row]
        cdef int slot, before, field
        for part in range(PARTS):
            before, field = 0, _field_of_part[part]
            for at in range(starts[row, part], starts[row, part + 1]):
                slot = marks[segment.terms + words[at]] if words[at] != _field_end else 0
                if 0 < slot <= last_small:
                    small.count(slot, field, self.worths[row, field], whole)
                if slot != 0 and not whole:
                    if part == TEXT and before != 0:
                        pairs.find(before, slot)
                    elif not part & 1:
                        self.names[named] = slot
                        named += 1
                before = slot
            if not (part & 1 or whole):
                self.ends[NAMES * row + (part >> 1) + 1] = named
        return 0


cdef class SecondPass:
    """The second pass over some segments.

    ``alone`` (D): what the title of a passage counts as a name. ``own`` (D, names): what all words of a name
    weigh, or not a number where nobody asked yet: then ``weigh`` puts it there.
    """

    cdef tuple segments
    cdef const double[:, ::1] own
    cdef object alone, weigh

    def __init__(self, segments, *, alone, own, weigh):
        self.segments, self.alone, self.own, self.weigh = tuple(segments), alone, own, weigh

    def added(self, Passages passages, asked, dict slots, *, int small):
        """Return what is added to the scores of some passages; the slots up to ``small`` are stop words."""
        passages.read(self.segments, StopWords(asked.small, slots), Pairs(asked.pairs, slots), small)
        readings = [Reading(one, slots, longest=passages.longest) for one in asked.readings]
        likeness, order = self._fit(passages, readings)
        scores = _small * np.asarray(passages.small) + _title * likeness
        return scores + _order * order + _pair * np.asarray(passages.pairs)

    cdef tuple _fit(self, Passages passages, list readings):
        """Return how alike each passage's names are to the question, and how much is in the same order."""
        cdef Py_ssize_t name, row, number
        cdef double[:, ::1] shared = np.zeros((NAMES * passages.size, len(readings)))
        cdef double[:, :, ::1] fits = np.zeros((2, passages.size, NAMES))
        cdef const int[::1] slots
        cdef Reading reading
        lacking = []
        for name in range(NAMES * passages.size):
            if passages.ends[name] == passages.ends[name + 1]:
                continue
            slots = passages.names[passages.ends[name] : passages.ends[name + 1]]
            row, number = 0, passages.numbers[name >> 1]
            for reading in readings:
                shared[name, row] = reading.shared(slots)
                fits[1, name >> 1, name & 1] = max(fits[1, name >> 1, name & 1], reading.in_same_order(slots))
                if shared[name, row] > 0.0 and isnan(self.own[number, name & 1]):
                    lacking.append(name)
                row += 1
        if lacking:
            self.weigh(np.asarray(passages.numbers), np.unique(lacking))
        for name in range(NAMES * passages.size):
            row, number = 0, passages.numbers[name >> 1]
            for reading in readings:
                if shared[name, row] > 0.0:
                    fits[0, name >> 1, name & 1] = max(
                        fits[0, name >> 1, name & 1],
                        reading.likeness(shared[name, row], self.own[number, name & 1]),
                    )
                row += 1
        found = np.asarray(fits)
        return tuple(np.maximum(self.alone.take(passages.numbers) * found[..., 0], _heading * found[..., 1]))
