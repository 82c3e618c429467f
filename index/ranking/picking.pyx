# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""Which passages score highest? The sums over all words of a question, block by block.

An array with the sums of a million passages lies far from the processor: to empty it, to add to it and to look
for the best in it takes several times as long as here, where the sums of a block stay at hand and are looked at
as they are added up. Each sum adds the same numbers in the same order as ``index.ranking.scoring`` does.
Places that come from files are checked: damaged arrays raise IndexError.
"""

import threading

import numpy as np

from cpython.mem cimport PyMem_Free, PyMem_Realloc
from libc.math cimport INFINITY
from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from index.ranking.firstpass cimport BLOCK, Word

VERSION = 2
"""Goes up with every change: of another version than scoring.py asks for, this is not used."""

cdef enum:
    MOST_WANTED = 1024
    MOST_WORDS = 1024  # as many as may be wanted
    ROOM = 1024  # passages that there is room for at first
    DISTINCT = 0xFFFF  # amounts that can be told apart by two bytes, one of which says that there is none
    SLOT_BITS = 17
    SLOTS = 0x20000

MOST = MOST_WANTED
"""So many of the best can be asked for, and so many words."""


cdef struct Source:
    # What a word adds, from the next passage on; ``word``: its number among those that are weighed now, or -1.
    const uint32_t* docs
    const double* amounts
    Py_ssize_t next, stop, word
    # Or packed: where each block starts, the places in their block of the passages, and which amount is whose.
    const uint32_t* starts
    const uint16_t* places
    const uint16_t* which


cdef class Packed:
    """What a word adds to passages, in a third of the room: few amounts are distinct.

    A passage is known by its place in its block, and what it is given by the place of that in a list.
    """

    cdef const uint32_t[::1] starts
    cdef const uint16_t[::1] places, which
    cdef const double[::1] amounts
    cdef readonly Py_ssize_t nbytes
    cdef object edges

    def __init__(self, edges, starts, places, which, amounts):
        self.edges, self.starts, self.places, self.which, self.amounts = edges, starts, places, which, amounts
        self.nbytes = starts.nbytes + places.nbytes + which.nbytes + amounts.nbytes

    def impacts(self):
        """Return the numbers of the passages, and what it adds to each."""
        sizes = np.diff(np.asarray(self.starts).astype(np.intp))
        firsts = [first for first, _ in blocks(self.edges)]
        docs = np.repeat(np.array(firsts, np.uint32), sizes) + np.asarray(self.places)
        return docs, np.asarray(self.amounts).take(self.which)


def blocks(edges):
    """Return the first passage of each block, and that after its last: none is of two segments."""
    return [
        (first, min(first + BLOCK, end))
        for begin, end in zip(edges, edges[1:], strict=False)
        for first in range(begin, end, BLOCK)
    ]


def packed(Word word, edges):
    """Return what a word adds, packed; None where too many of the amounts are distinct; see the interface."""
    cdef Py_ssize_t place, first, last, at, many, found = 0, block = 0, distinct = 0
    cdef uint64_t bits
    cdef uint32_t slot
    docs, added = np.empty(BLOCK, np.uint32), np.empty(BLOCK)
    cdef uint32_t[::1] of_block = docs
    cdef double[::1] amounts = added
    whole = np.empty((2, word.size + 1), np.uint16)
    cdef uint16_t[:, ::1] packing = whole
    begins = np.zeros(len(blocks(edges)) + 1, np.uint32)
    cdef uint32_t[::1] starts = begins
    # The distinct amounts, and where each is: of those with one hash the next free slot after.
    listed, table = np.empty(DISTINCT), np.zeros(SLOTS, np.uint16)
    cdef double[::1] known = listed
    cdef uint16_t[::1] slots = table
    for place in range(len(edges) - 1):
        word.begin(place)
        for first in range(edges[place], edges[place + 1], BLOCK):
            last = min(first + BLOCK, <Py_ssize_t>edges[place + 1])
            many = word.weigh(first, last, &of_block[0], &amounts[0], min(<Py_ssize_t>BLOCK, word.size - found))
            for at in range(many):
                memcpy(&bits, &amounts[at], sizeof(bits))
                slot = (bits * <uint64_t>0x9E3779B97F4A7C15) >> (64 - SLOT_BITS)
                while slots[slot] and known[slots[slot] - 1] != amounts[at]:
                    slot = (slot + 1) & (SLOTS - 1)
                if not slots[slot]:
                    if distinct == DISTINCT:
                        return None
                    known[distinct] = amounts[at]
                    distinct += 1
                    slots[slot] = distinct
                packing[0, found] = of_block[at] - first
                packing[1, found] = slots[slot] - 1
                found += 1
            block += 1
            starts[block] = found
        word.finish()
    return Packed(edges, begins, whole[0, :found].copy(), whole[1, :found].copy(), listed[:distinct].copy())


cdef class Picker:
    """What picks the best passages. Safe to share between threads."""

    cdef object own
    cdef double[BLOCK] sums  # of the passages of a block: zeros between two blocks
    cdef uint8_t[BLOCK] unmarked  # where nobody asked which passages match
    cdef uint32_t[BLOCK] reaching  # passages of a block that reached the bound, some of them several times
    cdef Py_ssize_t many_reaching
    cdef uint32_t[BLOCK] docs  # what a word adds to a block that is weighed now
    cdef double[BLOCK] amounts
    cdef Source[MOST_WORDS] sources
    cdef Py_ssize_t total, block
    # The highest scores; the least of them first, and each at most those at twice its place and one, and two.
    cdef double[MOST_WANTED] highest
    cdef Py_ssize_t high, wanted
    cdef double bound
    # The passages that may be among the best.
    cdef uint32_t* found
    cdef double* scores
    cdef Py_ssize_t many, room

    def __cinit__(self):
        self.own = threading.Lock()

    def __dealloc__(self):
        PyMem_Free(self.found)
        PyMem_Free(self.scores)

    def best(self, words, edges, Py_ssize_t wanted, allowed=None, marks=None):
        """Return the best passages, their scores, and how many match; see the interface."""
        if not 0 <= wanted <= MOST_WANTED or len(words) > MOST_WORDS:
            raise ValueError("so many are not picked")
        with self.own:
            try:
                return self.pick(words, edges, wanted, allowed, marks)
            finally:
                memset(self.sums, 0, sizeof(self.sums))

    cdef tuple pick(self, words, edges, Py_ssize_t wanted, allowed, marks):
        cdef const uint8_t[::1] may_be
        cdef uint8_t[::1] marked
        cdef const uint8_t* permitted = NULL
        cdef uint8_t* to_mark = NULL
        cdef Py_ssize_t place, first, last, size = edges[len(edges) - 1]
        if size and allowed is not None:
            may_be = allowed
            if may_be.shape[0] != size:
                raise IndexError("there are not as many passages as may be found")
            permitted = &may_be[0]
        if size and marks is not None:
            marked = marks
            if marked.shape[0] != size:
                raise IndexError("there are not as many marks as passages")
            to_mark = &marked[0]
        self.many = self.many_reaching = self.total = self.high = 0
        self.wanted, self.bound = wanted, 0.0 if wanted else INFINITY
        under_way = [word for word in words if isinstance(word, Word)]
        held, self.block = self.stand_before(words, edges), 0
        for place in range(len(edges) - 1):
            for word in under_way:
                (<Word>word).begin(place)
            for first in range(edges[place], edges[place + 1], BLOCK):
                last = min(first + BLOCK, <Py_ssize_t>edges[place + 1])
                self.go_over(
                    under_way,
                    len(words),
                    first,
                    last,
                    permitted + first if permitted != NULL else NULL,
                    to_mark + first if to_mark != NULL else self.unmarked,
                )
                self.block += 1
            for word in under_way:
                (<Word>word).finish()
        for place in range(len(words)):
            if self.sources[place].next != self.sources[place].stop:
                raise IndexError("an amount is of no passage, or not in order")
        del held
        return (*self.chosen(), self.total)

    cdef list stand_before(self, words, edges):
        """Stand before the first passage of each word; return what must not go meanwhile."""
        cdef Py_ssize_t at, weighed = 0
        cdef Packed packed
        cdef Source* source
        cdef const uint32_t[::1] docs
        cdef const double[::1] amounts
        held = []
        for at, word in enumerate(words):
            source = &self.sources[at]
            source.docs, source.amounts, source.next, source.stop, source.word = NULL, NULL, 0, 0, -1
            source.starts = NULL
            if isinstance(word, Word):
                source.word = weighed
                weighed += 1
                continue
            if isinstance(word, Packed):
                packed = word
                if packed.edges != edges:
                    raise IndexError("what a word adds is of other segments")
                source.starts = &packed.starts[0]
                if packed.places.shape[0]:
                    source.places, source.which = &packed.places[0], &packed.which[0]
                    source.amounts = &packed.amounts[0]
                continue
            docs, amounts = word.docs, word.amounts
            held.append((docs, amounts))
            if docs.shape[0] != amounts.shape[0]:
                raise IndexError("there are not as many amounts as passages")
            if docs.shape[0]:
                source.docs, source.amounts, source.stop = &docs[0], &amounts[0], docs.shape[0]
        return held

    cdef int go_over(
        self,
        list under_way,
        Py_ssize_t words,
        Py_ssize_t first,
        Py_ssize_t last,
        const uint8_t* permitted,
        uint8_t* marks,
    ) except -1:
        """Add up what all words add to the passages of a block, and take up those that may be the best."""
        cdef Py_ssize_t at
        cdef bint touched = False
        cdef uint32_t size = last - first
        cdef Source* source
        cdef Word word
        for at in range(words):
            source = &self.sources[at]
            if source.word >= 0:
                word = under_way[source.word]
                source.docs, source.amounts, source.next = self.docs, self.amounts, 0
                source.stop = word.weigh(first, last, self.docs, self.amounts, BLOCK)
            if source.starts != NULL:
                if source.starts[self.block] < source.starts[self.block + 1]:
                    self.add_packed(source, marks)
                    touched = True
            elif source.next < source.stop and source.docs[source.next] - <uint32_t>first < size:
                self.add(source, first, size, marks)
                touched = True
        if touched:
            self.take_up(first, size, permitted)
            memset(self.sums, 0, size * sizeof(double))
        return 0

    cdef void add(self, Source* source, uint32_t first, uint32_t size, uint8_t* marks) noexcept:
        """Add what a word adds to the passages of a block."""
        cdef const uint32_t* docs = source.docs
        cdef const double* amounts = source.amounts
        cdef double* sums = self.sums
        cdef double before, after, bound = self.bound
        cdef Py_ssize_t at = source.next, stop = source.stop, fresh = 0, reaching = self.many_reaching
        cdef uint32_t doc
        while at < stop:
            doc = docs[at] - first
            # Of a passage before this block, too: the number is without a sign.
            if doc >= size:
                break
            before = sums[doc]
            after = before + amounts[at]
            sums[doc] = after
            marks[doc] = 1
            fresh += before == 0.0
            if after >= bound:
                if reaching < BLOCK:
                    self.reaching[reaching] = doc
                reaching += 1
            at += 1
        source.next, self.many_reaching = at, reaching
        self.total += fresh

    cdef void add_packed(self, Source* source, uint8_t* marks) noexcept:
        """Add what a word adds, which is packed, to the passages of a block."""
        cdef const uint16_t* places = source.places
        cdef const uint16_t* which = source.which
        cdef const double* amounts = source.amounts
        cdef double* sums = self.sums
        cdef double before, after, bound = self.bound
        cdef Py_ssize_t at, fresh = 0, reaching = self.many_reaching
        for at in range(source.starts[self.block], source.starts[self.block + 1]):
            before = sums[places[at]]
            after = before + amounts[which[at]]
            sums[places[at]] = after
            marks[places[at]] = 1
            fresh += before == 0.0
            if after >= bound:
                if reaching < BLOCK:
                    self.reaching[reaching] = places[at]
                reaching += 1
        self.many_reaching = reaching
        self.total += fresh

    cdef int take_up(self, uint32_t first, uint32_t size, const uint8_t* permitted) except -1:
        """Take up the passages of a block that may be among the best; then the bound is higher."""
        cdef Py_ssize_t at, many = self.many_reaching
        cdef bint every = many > BLOCK
        cdef uint32_t doc
        cdef double score
        self.many_reaching = 0
        for at in range(size if every else many):
            doc = at if every else self.reaching[at]
            score = self.sums[doc]
            if score > 0.0 and score >= self.bound and (permitted == NULL or permitted[doc]):
                # It may have reached the bound several times.
                self.sums[doc] = 0.0
                self.take(first + doc, score)
        return 0

    cdef int take(self, uint32_t doc, double score) except -1:
        """Take a passage up that may be among the best."""
        cdef Py_ssize_t at, below, room
        if self.many == self.room:
            room = max(2 * self.room, ROOM)
            # One after the other, so that there is never less than what was noted.
            self.found = <uint32_t*>grown(self.found, room * sizeof(uint32_t))
            self.scores = <double*>grown(self.scores, room * sizeof(double))
            self.room = room
        self.found[self.many], self.scores[self.many] = doc, score
        self.many += 1
        if self.high < self.wanted:
            at = self.high
            self.high += 1
            while at > 0 and self.highest[(at - 1) >> 1] > score:
                self.highest[at] = self.highest[(at - 1) >> 1]
                at = (at - 1) >> 1
        else:
            at = 0
            while True:
                below = 2 * at + 1
                if below + 1 < self.wanted and self.highest[below + 1] < self.highest[below]:
                    below += 1
                if below >= self.wanted or self.highest[below] >= score:
                    break
                self.highest[at] = self.highest[below]
                at = below
        self.highest[at] = score
        if self.high == self.wanted:
            self.bound = self.highest[0]
        return 0

    cdef tuple chosen(self):
        """Return those of the passages that were taken up that are the best, in order, with their scores."""
        cdef Py_ssize_t at, best = 0
        for at in range(self.many):
            best += self.scores[at] >= self.bound
        numbers, scores = np.empty(best, np.intp), np.empty(best)
        cdef Py_ssize_t[::1] found = numbers
        cdef double[::1] scored = scores
        best = 0
        for at in range(self.many):
            if self.scores[at] >= self.bound:
                found[best], scored[best] = self.found[at], self.scores[at]
                best += 1
        order = numbers.argsort()
        return numbers.take(order), scores.take(order)


cdef void* grown(void* memory, size_t size) except NULL:
    cdef void* larger = PyMem_Realloc(memory, size)
    if larger == NULL:
        raise MemoryError
    return larger
