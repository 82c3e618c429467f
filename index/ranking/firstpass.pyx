# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""What does a word of a question add to each passage that holds it? ``index.ranking.weighing``, compiled.

And how many that match have each value: the tally of ``index.ranking.facets``.

Each posting is weighed where it stands in the files: numpy goes over all postings a dozen times, which takes
three times as long. Each sum adds the same numbers in the same order as there, so that scores are the same to
the last bit. Places that come from files are checked: damaged arrays raise IndexError.
"""

import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from index.fields import K1
from index.plan import in_fields
from index.query import ANY_FIELD, SEARCH_FIELDS

VERSION = 5
"""Goes up with every change: of another version than scoring.py asks for, this is not used."""

LONGEST = 0xFFFF
"""Words of the longest field that can be weighed here."""

cdef enum:
    MOST_HIGH = 128
    TALLIED = 0x400  # passages that are counted together
    TITLE = 1  # the fields as bits
    HEADINGS = 2
    TEXT = 4
    FIELDS = 3

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


cdef class Counts:
    """How often each posting's term is in one field: numbers of one, two, four or eight bytes each."""

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

    def __init__(self, arrays, *, Py_ssize_t base):
        self.docs, self.base = arrays["docs"], base
        self.lengths = [arrays[f"length_{name}"] for name in SEARCH_FIELDS]
        self.end = base + min([len(lengths) for lengths in self.lengths])
        self.title, self.headings, self.text = [Counts(arrays[f"tf_{name}"]) for name in SEARCH_FIELDS]
        for of_field in (self.title, self.headings, self.text):
            if (<Counts>of_field).size != self.docs.shape[0]:
                raise IndexError("the counts of a field are not as many as the postings")


cdef class FirstPass:
    """The passages of some segments, and what words count for in them; see the interface for the arrays.

    A block of a word is weighed in one go, in which no other thread runs: it finds zeros and leaves zeros.
    """

    def __init__(self, segments, *, by_length, field_at, const uint8_t[::1] live):
        cdef Py_ssize_t size = live.shape[0]
        cdef Segment segment
        self.segments, self.live, self.by_length = tuple(segments), live, by_length
        self.title_at, self.headings_at, self.text_at = field_at
        self.all_live = bool(np.asarray(live).all())
        lengths = np.zeros((size + 1, FIELDS), np.uint16)
        for segment in self.segments:
            if segment.end > size:
                raise IndexError("a segment has lengths of more passages than there are")
            for field, of_segment in enumerate(segment.lengths):
                if len(of_segment) and int(of_segment.max()) > LONGEST:
                    raise IndexError("a field is too long")
                lengths[segment.base : segment.end, field] = of_segment
        # The files may have changed since it was worked out what a word counts in fields of each length.
        longest = lengths.max(axis=0)
        if (longest >= np.diff([*field_at, len(by_length)])).any():
            raise IndexError("a field is longer than all were")
        self.lengths = lengths


cdef class Word:
    """A word under way: what it may mean, in which fields, and how far its postings are weighed."""

    def __init__(self, FirstPass first_pass, terms, str field, double factor):
        global _k1
        _k1 = K1
        if len(terms) > MOST_RUNS:
            raise IndexError("so many terms have no meaning in common")
        self.of, self.fields, self.factor = first_pass, _bits[field], factor
        self.size = sum([each.size for each, _ in terms])
        self.places, self.shares = [each.ends for each, _ in terms], [share for _, share in terms]

    def impacts(self):
        """Return what it adds to passages; see the interface."""
        cdef Py_ssize_t place, first, last, found = 0
        cdef Segment segment
        cdef uint32_t[::1] numbers
        cdef double[::1] added
        # One more, so that even what is empty has a first.
        docs, amounts = np.empty(self.size + 1, np.uint32), np.empty(self.size + 1)
        numbers, added = docs, amounts
        for place in range(len(self.of.segments)):
            segment = self.of.segments[place]
            if not self.begin(place):
                continue
            for first in range(segment.base, segment.end, BLOCK):
                last = min(first + BLOCK, segment.end)
                found += self.weigh(first, last, &numbers[found], &added[found], self.size - found)
            self.finish()
        return docs[:found], amounts[:found]

    cdef Py_ssize_t begin(self, Py_ssize_t place) except -1:
        """Stand before the first posting in a segment; return how many of the terms are there."""
        cdef Py_ssize_t at, wide = len(self.of.segments)
        cdef int64_t[2] ends
        cdef bytes of_term
        self.segment, self.running = self.of.segments[place], 0
        for at in range(len(self.places)):
            of_term = self.places[at]
            if len(of_term) != wide * <Py_ssize_t>sizeof(ends):
                raise IndexError("a term has not as many places as there are segments")
            memcpy(ends, <const char*>of_term + place * sizeof(ends), sizeof(ends))
            if not 0 <= ends[0] <= ends[1] <= self.segment.docs.shape[0]:
                raise IndexError("postings end behind their segment")
            if ends[0] < ends[1]:
                self.runs[self.running] = Run(ends[0], ends[1], self.shares[at])
                self.running += 1
        return self.running

    cdef Py_ssize_t weigh(
        self, Py_ssize_t first, Py_ssize_t last, uint32_t* docs, double* amounts, Py_ssize_t room
    ) except -1:
        """Write down which of a block's passages hold it, and what it adds to each; return how many do.

        ``first``, ``last``: the numbers of the block's first passage, and of that after its last, both in the
        segment and at most BLOCK apart. ``room``: for so many there is room. The terms in order, as each sum
        adds them up; what is summed up in a block is nowhere but at hand.
        """
        cdef Py_ssize_t at, found = 0
        cdef uint32_t end = last - self.segment.base
        cdef Run* run
        cdef const uint32_t* postings = &self.segment.docs[0] if self.running else NULL
        for at in range(self.running):
            run = &self.runs[at]
            if run.next >= run.stop or postings[run.next] >= end:
                continue
            found = 1
            if not self.sum_up(run, first - self.segment.base, end):
                memset(self.of.sums, 0, sizeof(self.of.sums))
                memset(self.of.held, 0, sizeof(self.of.held))
                raise IndexError("postings are not in order")
        return self.gather(first, last - first, docs, amounts, room) if found else 0

    cdef int finish(self) except -1:
        """Check that all postings of the segment are weighed."""
        cdef Py_ssize_t at
        for at in range(self.running):
            if self.runs[at].next != self.runs[at].stop:
                raise IndexError("a posting is of no passage")
        return 0

    cdef bint sum_up(self, Run* run, uint32_t first, uint32_t end) noexcept:
        """Add up how often a term is in each passage of a block; tell whether its postings are in order."""
        cdef FirstPass of = self.of
        cdef Segment segment = self.segment
        cdef const void* title = segment.title.first
        cdef const void* headings = segment.headings.first
        cdef const void* text = segment.text.first
        cdef int of_title = segment.title.width if self.fields & TITLE else 0
        cdef int of_headings = segment.headings.width if self.fields & HEADINGS else 0
        cdef int of_text = segment.text.width if self.fields & TEXT else 0
        # Side by side: to fetch each of three from afar is what takes longest here.
        cdef const uint16_t* lengths = &of.lengths[segment.base + first, 0]
        cdef const uint16_t* of_doc
        cdef const double* per_title = &of.by_length[of.title_at]
        cdef const double* per_heading = &of.by_length[of.headings_at]
        cdef const double* per_text = &of.by_length[of.text_at]
        cdef const uint32_t* docs = &segment.docs[0]
        cdef double* sums = of.sums
        cdef uint64_t* held = of.held
        cdef double frequency, share = run.share
        cdef Py_ssize_t at = run.next, stop = run.stop
        cdef uint32_t doc, size = end - first
        # The usual widths apart: to ask for them at each posting takes as long as all else here.
        if of_title == of_headings == of_text == 1:
            while at < stop:
                # Read once: it is this number that must be of the block.
                doc = docs[at] - first
                if doc >= size:
                    break
                of_doc = lengths + FIELDS * <Py_ssize_t>doc
                # To add nothing for most fields takes less than to foresee for which: nobody can.
                frequency = (<const uint8_t*>title)[at] * per_title[of_doc[0]]
                frequency += (<const uint8_t*>headings)[at] * per_heading[of_doc[1]]
                frequency += (<const uint8_t*>text)[at] * per_text[of_doc[2]]
                sums[doc] += share * frequency
                held[doc >> 6] |= (<uint64_t>1) << (doc & 63)
                at += 1
        while at < stop:
            doc = docs[at] - first
            if doc >= size:
                break
            of_doc = lengths + FIELDS * <Py_ssize_t>doc
            frequency = _count(title, of_title, at) * per_title[of_doc[0]]
            frequency += _count(headings, of_headings, at) * per_heading[of_doc[1]]
            frequency += _count(text, of_text, at) * per_text[of_doc[2]]
            sums[doc] += share * frequency
            held[doc >> 6] |= (<uint64_t>1) << (doc & 63)
            at += 1
        run.next = at
        return at == stop or docs[at] >= end

    cdef Py_ssize_t gather(
        self, Py_ssize_t first, Py_ssize_t size, uint32_t* docs, double* amounts, Py_ssize_t room
    ) noexcept:
        """Write down what was summed up for the passages of a block, and leave zeros; return how many."""
        cdef FirstPass of = self.of
        cdef Py_ssize_t word, doc, found = 0
        cdef uint64_t bits
        cdef double frequency, factor = self.factor, k1 = _k1
        cdef const uint8_t* live = &of.live[first]
        for word in range((size + BITS - 1) // BITS):
            bits, of.held[word] = of.held[word], 0
            while bits != 0:
                doc = BITS * word + first_bit(bits)
                bits &= bits - 1
                frequency, of.sums[doc] = of.sums[doc], 0.0
                if frequency == 0.0 or not (of.all_live or live[doc]) or found >= room:
                    continue
                docs[found] = <uint32_t>(first + doc)
                amounts[found] = factor * ((k1 + 1.0) * frequency / (k1 + frequency))
                found += 1
        return found
