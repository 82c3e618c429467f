# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""What does a word of a question add to each passage that holds it? ``index.ranking.weighing``, compiled.

And how many that match have each value: the tally of ``index.ranking.facets``.

Each posting is weighed where it stands in the files and added up at once: numpy goes over all postings a dozen
times, which takes three times as long. Each sum adds the same numbers in the same order as there, so that scores
are the same to the last bit. Places that come from files are checked: damaged arrays raise IndexError.
"""

import threading

import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from index.fields import K1
from index.plan import in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS

VERSION = 3
"""Goes up with every change: of another version than scoring.py asks for, this is not used."""

LONGEST = 0xFFFF
"""Words of the longest field that can be weighed here."""

cdef enum:
    MOST_HIGH = 128
    MOST_RUNS = 256
    BLOCK = 0x4000  # passages that are summed up together: their sums fit into the nearest memory
    BITS = 64  # of a number that says which passages of a block are held
    WORDS = 0x100  # such numbers: BLOCK / BITS
    TALLIED = 0x400  # passages that are counted together
    TITLE = 1  # the fields as bits
    HEADINGS = 2
    TEXT = 4

cdef double _k1
_bits = {
    field: sum([1 << SEARCH_FIELDS.index(name) for name in in_fields(field)])
    for field in (ANY_FIELD, *SEARCH_FIELDS)
}

cdef extern from *:
    """
    #if defined(_MSC_VER)
    #include <intrin.h>
    static int first_bit(unsigned long long bits) { unsigned long at; _BitScanForward64(&at, bits); return (int)at; }
    #else
    static int first_bit(unsigned long long bits) { return __builtin_ctzll(bits); }
    #endif
    """
    int first_bit(uint64_t bits) noexcept nogil


ctypedef fused Code:
    uint8_t
    uint16_t
    uint32_t


def tally(const uint8_t[::1] chosen, const Code[::1] codes, Py_ssize_t values):
    """Count the chosen passages by value; see the interface."""
    cdef Py_ssize_t first, at, found, size = chosen.shape[0]
    cdef Py_ssize_t[TALLIED] places
    cdef const uint8_t* marks
    cdef const Code* values_of
    if codes.shape[0] != size:
        raise IndexError("there are not as many values as passages")
    counted = np.zeros(values, np.uint32)
    cdef uint32_t[::1] sums = counted
    for first in range(0, size, TALLIED):
        marks, values_of, found = &chosen[first], &codes[first], 0
        # Without a branch, as which passages match nobody foresees: one for each takes three times as long.
        for at in range(min(TALLIED, size - first)):
            places[found] = at
            found += marks[at] != 0
        for at in range(found):
            sums[values_of[places[at]]] += 1
    return counted


def commonest(const uint32_t[::1] sums, Py_ssize_t most):
    """Return the places of the highest sums; see the interface."""
    cdef Py_ssize_t[MOST_HIGH] places
    cdef Py_ssize_t place, at, found = 0
    cdef uint32_t least = 0
    if not 0 < most <= MOST_HIGH:
        raise ValueError("so many of the highest are not kept")
    for place in range(sums.shape[0]):
        if sums[place] <= least:
            continue
        # The last goes when there is no room; of equal ones the first stays before.
        at = found if found < most else most - 1
        while at > 0 and sums[places[at - 1]] < sums[place]:
            places[at] = places[at - 1]
            at -= 1
        places[at] = place
        if found < most:
            found += 1
        if found == most:
            least = sums[places[most - 1]]
    return [places[at] for at in range(found)]


cdef struct Run:
    # The postings of a term in one segment from the next one on, and what they count for.
    Py_ssize_t next, stop
    double share


def add(double[::1] scores, const uint32_t[::1] docs, const double[::1] amounts):
    """Add amounts to the scores of some passages; see the interface."""
    cdef Py_ssize_t at, size = docs.shape[0]
    cdef uint32_t doc
    if amounts.shape[0] != size:
        raise IndexError("there are not as many amounts as passages")
    for at in range(size):
        doc = docs[at]
        scores[doc] += amounts[at]


cdef class Counts:
    """How often each posting's term is in one field: numbers of one, two, four or eight bytes each."""

    cdef const uint8_t[::1] narrow
    cdef const uint16_t[::1] middle
    cdef const uint32_t[::1] wide
    cdef const uint64_t[::1] widest
    cdef const void* first
    cdef Py_ssize_t size
    cdef int width

    def __init__(self, counts):
        self.width, self.size = counts.dtype.itemsize, len(counts)
        if self.width == 1:
            self.narrow = counts
            self.first = &self.narrow[0] if self.size else NULL
        elif self.width == 2:
            self.middle = counts
            self.first = &self.middle[0] if self.size else NULL
        elif self.width == 4:
            self.wide = counts
            self.first = &self.wide[0] if self.size else NULL
        else:
            self.widest = counts
            self.first = &self.widest[0] if self.size else NULL


cdef inline double _count(const void* first, int width, Py_ssize_t at) noexcept nogil:
    if width == 1:
        return (<const uint8_t*>first)[at]
    if width == 0:
        return 0.0
    if width == 2:
        return (<const uint16_t*>first)[at]
    if width == 4:
        return (<const uint32_t*>first)[at]
    return <double>(<const uint64_t*>first)[at]


cdef class Segment:
    """The postings of a sidecar, whose passages have the numbers from ``base`` on."""

    cdef const uint32_t[::1] docs
    cdef Counts title, headings, text
    cdef object lengths
    cdef Py_ssize_t base, end

    def __init__(self, arrays, *, Py_ssize_t base):
        self.docs, self.base = arrays["docs"], base
        self.lengths = [arrays[f"length_{name}"] for name in SEARCH_FIELDS]
        self.end = base + min([len(lengths) for lengths in self.lengths])
        self.title, self.headings, self.text = [Counts(arrays[f"tf_{name}"]) for name in SEARCH_FIELDS]
        for of_field in (self.title, self.headings, self.text):
            if (<Counts>of_field).size != self.docs.shape[0]:
                raise IndexError("the counts of a field are not as many as the postings")


cdef struct Found:
    # Where what is found goes: to the scores of all passages, or else one passage after another.
    double* scores
    uint32_t* docs
    double* amounts
    Py_ssize_t size, room
    # The highest amounts; the least of them first, and each at most those at twice its place and one, and two.
    double[MOST_HIGH] highest
    Py_ssize_t high, most


cdef inline void _keep(Found* found, double amount) noexcept nogil:
    """Keep an amount if it is one of the highest."""
    cdef Py_ssize_t at, below
    if found.high < found.most:
        at = found.high
        found.high += 1
        while at > 0 and found.highest[(at - 1) >> 1] > amount:
            found.highest[at] = found.highest[(at - 1) >> 1]
            at = (at - 1) >> 1
    elif amount > found.highest[0]:
        at = 0
        while True:
            below = 2 * at + 1
            if below + 1 < found.most and found.highest[below + 1] < found.highest[below]:
                below += 1
            if below >= found.most or found.highest[below] >= amount:
                break
            found.highest[at] = found.highest[below]
            at = below
    else:
        return
    found.highest[at] = amount


cdef class FirstPass:
    """What words add to the passages of some segments; see the interface for the arrays."""

    cdef tuple segments
    cdef object own
    cdef uint16_t[::1] of_title, of_headings, of_text  # the lengths of the fields of each passage
    cdef const uint8_t[::1] live
    cdef bint all_live
    cdef const double[::1] by_length
    cdef Py_ssize_t title_at, headings_at, text_at, high
    cdef double[BLOCK] sums  # of the passages of a block: zeros between two blocks
    cdef uint64_t[WORDS] held  # which of them hold the word, as bits
    cdef Run[MOST_RUNS] runs
    cdef Py_ssize_t running

    def __init__(self, segments, *, by_length, field_at, const uint8_t[::1] live, Py_ssize_t high):
        cdef Py_ssize_t number, size = live.shape[0]
        cdef Segment segment
        if high > MOST_HIGH:
            raise ValueError("so many of the highest are not kept")
        self.segments, self.live, self.by_length, self.high = tuple(segments), live, by_length, high
        self.title_at, self.headings_at, self.text_at = field_at
        self.own, self.all_live = threading.Lock(), bool(np.asarray(live).all())
        lengths = [np.zeros(size, np.uint16) for _ in SEARCH_FIELDS]
        for segment in self.segments:
            for joined, of_segment in zip(lengths, segment.lengths, strict=True):
                if len(of_segment) and int(of_segment.max()) > LONGEST:
                    raise IndexError("a field is too long")
                joined[segment.base : segment.end] = of_segment
        self.of_title, self.of_headings, self.of_text = lengths

    def impacts(self, terms, str field, double factor):
        """Return what a word adds to passages, and what it adds at least to each of many; see the interface."""
        cdef Found found
        size = sum([each.size for each, _ in terms])
        docs, amounts = np.empty(size, np.uint32), np.empty(size)
        cdef uint32_t[::1] numbers = docs
        cdef double[::1] added = amounts
        found.scores, found.docs, found.amounts, found.room = NULL, NULL, NULL, size
        if size > 0:
            found.docs, found.amounts = &numbers[0], &added[0]
        high = self._weigh_all(terms, field, factor, &found)
        return docs[: found.size], amounts[: found.size], high

    def add(self, double[::1] scores, terms, str field, double factor):
        """Add what a word adds to the scores of passages; see the interface."""
        cdef Found found
        if scores.shape[0] < self.live.shape[0]:
            raise IndexError("there are more passages than scores")
        found.scores, found.docs, found.amounts, found.room = NULL, NULL, NULL, 0
        if scores.shape[0] > 0:
            found.scores = &scores[0]
        return self._weigh_all(terms, field, factor, &found)

    cdef double _weigh_all(self, terms, str field, double factor, Found* found) except -1.0:
        """Find what a word adds to passages, and return what it adds at least to each of many, or 0."""
        cdef Py_ssize_t place, wide = len(self.segments), many = len(terms), at
        cdef int64_t[2] ends
        cdef Segment segment
        cdef bytes of_term
        global _k1
        _k1 = K1
        found.size, found.high, found.most = 0, 0, self.high
        if many > MOST_RUNS:
            raise IndexError("so many terms have no meaning in common")
        places, shares = [each.ends for each, _ in terms], [share for _, share in terms]
        with self.own:
            # In order of the segments; of one segment the terms in order, as each sum adds them up.
            for place in range(wide):
                segment, self.running = self.segments[place], 0
                for at in range(many):
                    of_term = places[at]
                    if len(of_term) != wide * <Py_ssize_t>sizeof(ends):
                        raise IndexError("a term has not as many places as there are segments")
                    memcpy(ends, <const char*>of_term + place * sizeof(ends), sizeof(ends))
                    if not 0 <= ends[0] <= ends[1] <= segment.docs.shape[0]:
                        raise IndexError("postings end behind their segment")
                    if ends[0] < ends[1]:
                        self.runs[self.running] = Run(ends[0], ends[1], shares[at])
                        self.running += 1
                if self.running > 0:
                    self._weigh(segment, _bits[field], factor, found)
        return found.highest[0] if found.high == found.most else 0.0

    cdef int _weigh(self, Segment segment, int fields, double factor, Found* found) except -1:
        """Weigh the runs of a segment, block by block: what is summed up in a block is nowhere but at hand."""
        cdef Py_ssize_t first, at, size = segment.end - segment.base
        cdef uint32_t end
        cdef const uint32_t* docs = &segment.docs[0]
        cdef Run* run
        for first in range(0, size, BLOCK):
            end = min(size, first + BLOCK)
            for at in range(self.running):
                run = &self.runs[at]
                if run.next < run.stop and docs[run.next] < end and not self._add(segment, run, first, end, fields):
                    memset(self.sums, 0, sizeof(self.sums))
                    memset(self.held, 0, sizeof(self.held))
                    raise IndexError("postings are not in order")
            self._gather(segment.base + first, end - first, factor, found)
        for at in range(self.running):
            if self.runs[at].next != self.runs[at].stop:
                raise IndexError("a posting is of no passage")
        return 0

    cdef bint _add(self, Segment segment, Run* run, uint32_t first, uint32_t end, int fields) noexcept:
        """Add up how often a term is in each passage of a block; tell whether its postings are in order."""
        cdef const void* title = segment.title.first
        cdef const void* headings = segment.headings.first
        cdef const void* text = segment.text.first
        cdef int of_title = segment.title.width if fields & TITLE else 0
        cdef int of_headings = segment.headings.width if fields & HEADINGS else 0
        cdef int of_text = segment.text.width if fields & TEXT else 0
        cdef const uint16_t* in_title = &self.of_title[segment.base + first]
        cdef const uint16_t* in_headings = &self.of_headings[segment.base + first]
        cdef const uint16_t* in_text = &self.of_text[segment.base + first]
        cdef const double* per_title = &self.by_length[self.title_at]
        cdef const double* per_heading = &self.by_length[self.headings_at]
        cdef const double* per_text = &self.by_length[self.text_at]
        cdef const uint32_t* docs = &segment.docs[0]
        cdef double* sums = self.sums
        cdef uint64_t* held = self.held
        cdef double frequency, share = run.share
        cdef Py_ssize_t at = run.next, stop = run.stop
        cdef uint32_t doc, size = end - first
        while at < stop and docs[at] < end:
            doc = docs[at] - first
            if doc >= size:
                return False
            # To add nothing for most fields takes less than to foresee for which: nobody can.
            frequency = _count(title, of_title, at) * per_title[in_title[doc]]
            frequency += _count(headings, of_headings, at) * per_heading[in_headings[doc]]
            frequency += _count(text, of_text, at) * per_text[in_text[doc]]
            sums[doc] += share * frequency
            held[doc >> 6] |= (<uint64_t>1) << (doc & 63)
            at += 1
        run.next = at
        return True

    cdef void _gather(self, Py_ssize_t first, Py_ssize_t size, double factor, Found* found) noexcept:
        """Add up or write down what was summed up for the passages of a block, and leave zeros."""
        cdef Py_ssize_t word, doc
        cdef uint64_t bits
        cdef double frequency, amount, k1 = _k1
        cdef const uint8_t* live = &self.live[first]
        for word in range((size + BITS - 1) // BITS):
            bits, self.held[word] = self.held[word], 0
            while bits != 0:
                doc = BITS * word + first_bit(bits)
                bits &= bits - 1
                frequency, self.sums[doc] = self.sums[doc], 0.0
                if frequency == 0.0 or not (self.all_live or live[doc]):
                    continue
                amount = factor * ((k1 + 1.0) * frequency / (k1 + frequency))
                if found.scores != NULL:
                    found.scores[first + doc] += amount
                elif found.size < found.room:
                    found.docs[found.size], found.amounts[found.size] = <uint32_t>(first + doc), amount
                    found.size += 1
                _keep(found, amount)
