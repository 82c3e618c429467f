# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""What does the wording of the best passages add to their scores? ``index.ranking.sidebyside``, compiled.

The words of each passage are read once, where they stand in the files, and nothing is laid out. Each sum adds
the same numbers in the same order as there, so that scores are the same to the last bit. Every place is
checked before it is read, those that come from files too: damaged arrays raise IndexError.

What a question knows are terms; each has a number from 1 on, its slot. Slot 0 is any other word. The arrays
that take in a question are kept for the next one: to make them takes longer than to fill them.
"""

import numpy as np

from libc.math cimport isnan
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t

from index.fields import HEADING_AS_NAME, K1, ORDER_WEIGHT, PAIR_WEIGHT, SMALL_WEIGHT, TITLE_WEIGHT
from index.impacts import FIELD_END
from index.plan import in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS
from index.ranking.forward cimport DEEPEST, FIELDS, HEADINGS, PARTS, TEXT, TITLE, Segment, segment_of

VERSION = 7
"""Goes up with every change: of another version than shortlist.py asks for, this is not used."""

cdef enum:
    NAMES = 2  # the parts with an even number
    SIEVE = 0x4000  # a power of two

cdef double _k1, _heading, _small, _title, _order, _pair
cdef uint32_t _field_end = FIELD_END
cdef int[PARTS] _field_of_part = [
    SEARCH_FIELDS.index(name) for name in ("title", "headings", "headings", "text")
]
_bits = {
    field: sum([1 << SEARCH_FIELDS.index(name) for name in in_fields(field)])
    for field in (ANY_FIELD, *SEARCH_FIELDS)
}


cdef _take_constants():
    """Read the constants for each question: to be measured they are moved where they were imported."""
    global _k1, _heading, _small, _title, _order, _pair
    _k1, _heading, _small = K1, HEADING_AS_NAME, SMALL_WEIGHT
    _title, _order, _pair = TITLE_WEIGHT, ORDER_WEIGHT, PAIR_WEIGHT


cdef int[::1] _no_ints = np.zeros(0, np.intc)
cdef double[::1] _no_doubles = np.zeros(0)


cdef int[::1] _ints(int[::1] have, Py_ssize_t size):
    """Return room for so many numbers: what there is, or if that is too little, more of it with zeros."""
    # Not in one expression: what there is would be wrapped once more each time, and never given back.
    if size <= have.shape[0]:
        return have
    return np.zeros(2 * size, np.intc)


cdef double[::1] _doubles(double[::1] have, Py_ssize_t size):
    if size <= have.shape[0]:
        return have
    return np.zeros(2 * size)


cdef class Reading:
    """The words of a question in one language, by slots; see ``reranking.Reading``."""

    cdef double asked
    cdef Py_ssize_t size, distinct
    cdef int names
    cdef int[::1] words, places, starts, ends, seen
    cdef double[::1] rarity, shares, weights, held, best

    def __cinit__(self):
        self.words = self.places = self.starts = self.ends = self.seen = _no_ints
        self.rarity = self.shares = self.weights = self.held = self.best = _no_doubles

    cdef int take(self, reading, dict slots, Py_ssize_t longest) except -1:
        """Take in a question whose names have up to so many words."""
        cdef Py_ssize_t at = 0, known = len(slots) + 1
        cdef int slot
        cdef dict meant = reading.meant
        self.asked = sum(reading.weights)
        self.size, self.distinct, self.names = len(reading.words), len(reading.weights), 0
        self.words, self.rarity = _ints(self.words, self.size), _doubles(self.rarity, self.size)
        for at, word in enumerate(reading.words):
            self.words[at], self.rarity[at] = slots[word], reading.rarity[word]
        self.weights, self.held = _doubles(self.weights, self.distinct), _doubles(self.held, self.distinct)
        for at, weight in enumerate(reading.weights):
            self.weights[at] = weight
        self.starts, self.ends = _ints(self.starts, known), _ints(self.ends, known)
        self.seen, self.best = _ints(self.seen, known), _doubles(self.best, longest + 1)
        for at in range(known):
            self.starts[at] = self.ends[at] = self.seen[at] = 0
        at = sum([len(<tuple>standing) for standing in meant.values()])
        self.places, self.shares = _ints(self.places, at), _doubles(self.shares, at)
        at = 0
        for term, standing in meant.items():
            slot = slots[term]
            self.starts[slot] = at
            for place, share in <tuple>standing:
                self.places[at], self.shares[at] = place, share
                at += 1
            self.ends[slot] = at
        return 0

    cdef double shared(self, const int[::1] names, Py_ssize_t first, Py_ssize_t end) except -1.0:
        """Return ``reranking.shared`` of a name."""
        cdef double total = 0.0
        cdef Py_ssize_t at, entry, place
        cdef int slot
        self.names += 1
        for at in range(first, end):
            slot = names[at]
            if self.seen[slot] != self.names:
                self.seen[slot] = self.names
                for entry in range(self.starts[slot], self.ends[slot]):
                    self.held[self.places[entry]] += self.shares[entry]
        for place in range(self.distinct):
            total += self.weights[place] * min(1.0, self.held[place])
            self.held[place] = 0.0
        return total

    cdef double in_same_order(self, const int[::1] names, Py_ssize_t first, Py_ssize_t end) except -1.0:
        """Return ``reranking.in_same_order`` of a name."""
        cdef double before, above
        cdef Py_ssize_t row, at
        for at in range(end - first + 1):
            self.best[at] = 0.0
        for row in range(self.size):
            before = 0.0
            for at in range(end - first):
                above = self.best[at + 1]
                if names[first + at] == self.words[row]:
                    self.best[at + 1] = before + self.rarity[row]
                else:
                    self.best[at + 1] = max(above, self.best[at])
                before = above
        return self.best[end - first]

    cdef double likeness(self, double shared, double own):
        """Return ``reranking.likeness`` of a name that shares something, and weighs so much itself."""
        cdef double share = min(1.0, 2.0 * shared / (self.asked + own))
        return self.asked * (share * share)


cdef class StopWords:
    """The stop words of a question: what each weighs, and how often each is in a passage."""

    cdef int[::1] slots, fields  # the fields that are looked at, as bits
    cdef double[::1] factors, in_words, in_wholes
    cdef Py_ssize_t size

    def __cinit__(self):
        self.slots = self.fields = _no_ints
        self.factors = self.in_words = self.in_wholes = _no_doubles

    cdef int take(self, tuple groups, dict slots) except -1:
        cdef Py_ssize_t at = 0
        self.size = len(groups)
        self.slots, self.fields = _ints(self.slots, self.size), _ints(self.fields, self.size)
        self.factors = _doubles(self.factors, self.size)
        self.in_words, self.in_wholes = _doubles(self.in_words, self.size), _doubles(self.in_wholes, self.size)
        # In the order in which they are added up: by their fields, then as they were asked.
        for field in dict.fromkeys([group.wanted.field for group in groups]):
            for group in groups:
                wanted = group.wanted
                if wanted.field == field:
                    self.slots[at], self.fields[at] = slots[wanted.term], _bits[field]
                    self.factors[at] = wanted.count * group.rarity
                    at += 1
        return 0

    cdef int count(self, int slot, int field, double worth, bint whole) except -1:
        """Count a stop word that stands in a field."""
        cdef Py_ssize_t at
        for at in range(self.size):
            if self.slots[at] == slot and self.fields[at] >> field & 1:
                if whole:
                    self.in_wholes[at] += worth
                else:
                    self.in_words[at] += worth
        return 0

    cdef double score(self) except -1.0:
        """Return what those score that were counted, and begin anew."""
        cdef double total = 0.0, frequency
        cdef Py_ssize_t at
        for at in range(self.size):
            frequency = self.in_words[at] + self.in_wholes[at]
            total += (_k1 + 1.0) * frequency / (_k1 + frequency) * self.factors[at]
            self.in_words[at] = self.in_wholes[at] = 0.0
        return total


cdef class Pairs:
    """The neighbours in a question, in order of their slots, and which of them a text has."""

    cdef int[::1] starts, seconds, there
    cdef double[::1] worths
    cdef Py_ssize_t size

    def __cinit__(self):
        self.starts = self.seconds = self.there = _no_ints
        self.worths = _no_doubles

    cdef int take(self, dict pairs, dict slots) except -1:
        cdef Py_ssize_t at = 0, first = 0
        known = sorted([(slots[one], slots[two], worth) for (one, two), worth in pairs.items()])
        self.size = len(known)
        self.starts, self.seconds = _ints(self.starts, len(slots) + 2), _ints(self.seconds, self.size)
        self.there, self.worths = _ints(self.there, self.size), _doubles(self.worths, self.size)
        for at in range(len(slots) + 2):
            while first < self.size and known[first][0] < at:
                first += 1
            self.starts[at] = first
        for at, (_, two, worth) in enumerate(known):
            self.seconds[at], self.worths[at] = two, worth
        return 0

    cdef int find(self, int one, int two) except -1:
        """Note that two words are neighbours."""
        cdef Py_ssize_t at
        for at in range(self.starts[one], self.starts[one + 1]):
            if self.seconds[at] == two:
                self.there[at] = 1
        return 0

    cdef double score(self) except -1.0:
        """Return what the pairs add that are there, and begin anew."""
        cdef double total = 0.0
        cdef Py_ssize_t at
        for at in range(self.size):
            if self.there[at]:
                total += self.worths[at]
                self.there[at] = 0
        return total


cdef class SecondPass:
    """The second pass over some segments, for one question at a time; see the interface for the arrays."""

    cdef tuple segments
    cdef object weigh
    cdef const double[::1] alone, by_length
    cdef const double[:, ::1] own
    cdef const Py_ssize_t[::1] field_at
    cdef uint16_t[::1] marks
    cdef double[FIELDS] worth  # what a word counts in each field of the passage that is read
    cdef uint8_t[SIEVE] sieve  # marks by the last bits of the numbers: small enough to be read at once
    cdef StopWords small
    cdef Pairs pairs
    cdef list readings
    cdef int last_small
    cdef int[::1] names, ends  # the slots in all names, one name after another
    cdef double[::1] of_small, of_pairs

    def __init__(self, segments, *, Py_ssize_t terms, alone, own, weigh, by_length, field_at):
        self.segments, self.alone, self.own, self.weigh = tuple(segments), alone, own, weigh
        self.by_length, self.field_at = by_length, field_at
        self.marks = np.zeros(terms, np.uint16)
        self.small, self.pairs, self.readings = StopWords(), Pairs(), []
        self.names = self.ends = _no_ints
        self.of_small = self.of_pairs = _no_doubles

    def added(self, const Py_ssize_t[::1] numbers, asked, dict slots, const Py_ssize_t[::1] terms,
              *, int small, bint wholes):
        """Return what is added to the scores of some passages; see the interface."""
        cdef Py_ssize_t size = numbers.shape[0], longest
        found = np.zeros(size)
        _take_constants()
        self.last_small = small
        self.small.take(asked.small, slots)
        self.pairs.take(asked.pairs, slots)
        self.of_small, self.of_pairs = _doubles(self.of_small, size), _doubles(self.of_pairs, size)
        longest = self._make_room(numbers)
        self._mark(terms, len(self.segments))
        self._read_all(numbers, wholes)
        self._mark(terms, 0)
        while len(self.readings) < len(asked.readings):
            self.readings.append(Reading())
        readings = self.readings[: len(asked.readings)]
        for reading, taken in zip(readings, asked.readings):
            (<Reading>reading).take(taken, slots, longest)
        self._fit(numbers, readings, found)
        return found

    cdef int _mark(self, const Py_ssize_t[::1] terms, Py_ssize_t segments) except -1:
        """Mark the terms of each segment with their slots, or with nothing."""
        cdef Py_ssize_t at
        for at in range(terms.shape[0]):
            self.marks[terms[at]] = at // segments + 1 if segments else 0
            self.sieve[terms[at] & (SIEVE - 1)] = segments != 0
        return 0

    cdef Py_ssize_t _make_room(self, const Py_ssize_t[::1] numbers) except -1:
        """Make room for all names, and return the length of the longest."""
        cdef int64_t[PARTS + 1] edges
        cdef Py_ssize_t row = 0, part, longest = 0, room = 0
        cdef Segment segment
        for segment in self.segments:
            while row < numbers.shape[0] and numbers[row] < segment.end:
                segment.find(numbers[row], edges, False)
                for part in range(0, PARTS, NAMES):
                    longest = max(longest, edges[part + 1] - edges[part])
                    room += edges[part + 1] - edges[part]
                row += 1
        self.names, self.ends = _ints(self.names, room), _ints(self.ends, NAMES * row + 1)
        return longest

    cdef int _read_all(self, const Py_ssize_t[::1] numbers, bint wholes) except -1:
        cdef Py_ssize_t row = 0
        cdef Segment segment
        self.ends[0] = 0
        for segment in self.segments:
            # Other threads wait meanwhile: with four of them, to let them work and to be let in again took half
            # of the questions up to three times as long.
            while row < numbers.shape[0] and numbers[row] < segment.end:
                self._read(segment, row, numbers[row], False)
                if wholes:
                    self._read(segment, row, numbers[row], True)
                self.of_small[row], self.of_pairs[row] = self.small.score(), self.pairs.score()
                row += 1
        return 0

    cdef int _read(self, Segment segment, Py_ssize_t row, Py_ssize_t number, bint whole) except -1:
        """Read the words of a passage, or its whole forms, of which only the stop words are looked for."""
        cdef const uint32_t[::1] words = segment.wholes if whole else segment.words
        cdef const uint16_t[::1] marks = self.marks
        cdef int64_t[PARTS + 1] edges
        cdef Py_ssize_t at, part, term, terms = segment.terms
        cdef uint32_t word
        cdef int slot, before, field, named = self.ends[NAMES * row]
        segment.find(number, edges, whole)
        if not whole:
            # Each field ends with a mark, which is no word of it.
            self.worth[0] = self.by_length[self.field_at[0] + edges[HEADINGS] - edges[TITLE] - 1]
            self.worth[1] = self.by_length[self.field_at[1] + edges[TEXT] - edges[HEADINGS] - 1]
            self.worth[2] = self.by_length[self.field_at[2] + edges[PARTS] - edges[TEXT] - 1]
        for part in range(PARTS):
            before, field = 0, _field_of_part[part]
            for at in range(edges[part], edges[part + 1]):
                word, slot = words[at], 0
                if word != _field_end:
                    term = terms + word
                    if term >= marks.shape[0]:
                        raise IndexError("a word is none of the terms")
                    if self.sieve[term & (SIEVE - 1)]:
                        slot = marks[term]
                if slot != 0:
                    if slot <= self.last_small:
                        self.small.count(slot, field, self.worth[field], whole)
                    if whole:
                        continue
                    if part == TEXT:
                        if before != 0:
                            self.pairs.find(before, slot)
                    elif not part & 1:
                        self.names[named] = slot
                        named += 1
                before = slot
            if not (part & 1 or whole):
                self.ends[NAMES * row + (part >> 1) + 1] = named
        return 0

    cdef int _fit(self, const Py_ssize_t[::1] numbers, list readings, double[::1] found) except -1:
        """Find out how well names fit, and add up everything."""
        cdef Py_ssize_t row, name, at
        cdef double shared, alone
        cdef double[NAMES] alike, ordered
        cdef Reading reading
        lacking = []
        for at in range(NAMES * numbers.shape[0]):
            if self.ends[at] < self.ends[at + 1] and isnan(self.own[numbers[at >> 1], at & 1]):
                lacking.append(at)
        if lacking:
            self.weigh(np.asarray(numbers), np.array(lacking, np.intp))
        for row in range(numbers.shape[0]):
            for name in range(NAMES):
                at = NAMES * row + name
                alike[name] = ordered[name] = 0.0
                if self.ends[at] < self.ends[at + 1]:
                    for reading in readings:
                        shared = reading.shared(self.names, self.ends[at], self.ends[at + 1])
                        if shared > 0.0:
                            shared = reading.likeness(shared, self.own[numbers[row], name])
                            alike[name] = max(alike[name], shared)
                        shared = reading.in_same_order(self.names, self.ends[at], self.ends[at + 1])
                        ordered[name] = max(ordered[name], shared)
            alone = self.alone[numbers[row]]
            found[row] = (
                _small * self.of_small[row]
                + _title * max(alone * alike[0], _heading * alike[1])
                + _order * max(alone * ordered[0], _heading * ordered[1])
                + _pair * self.of_pairs[row]
            )
        return 0
