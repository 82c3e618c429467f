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
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memset

from index.ranking.firstpass cimport BLOCK, Word

VERSION = 1
"""Goes up with every change: of another version than scoring.py asks for, this is not used."""

cdef enum:
    MOST_WANTED = 1024
    MOST_WORDS = 1024
    ROOM = 1024  # passages that there is room for at first

MOST = MOST_WANTED
"""So many of the best can be asked for."""


cdef struct Source:
    # What a word adds, from the next passage on; ``word``: its number among those that are weighed now, or -1.
    const uint32_t* docs
    const double* amounts
    Py_ssize_t next, stop, word


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
    cdef Py_ssize_t total
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
        held = self.stand_before(words)
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
            for word in under_way:
                (<Word>word).finish()
        for place in range(len(words)):
            if self.sources[place].next != self.sources[place].stop:
                raise IndexError("an amount is of no passage, or not in order")
        del held
        return (*self.chosen(), self.total)

    cdef list stand_before(self, words):
        """Stand before the first passage of each word; return what must not go meanwhile."""
        cdef Py_ssize_t at, weighed = 0
        cdef Source* source
        cdef const uint32_t[::1] docs
        cdef const double[::1] amounts
        held = []
        for at, word in enumerate(words):
            source = &self.sources[at]
            source.docs, source.amounts, source.next, source.stop, source.word = NULL, NULL, 0, 0, -1
            if isinstance(word, Word):
                source.word = weighed
                weighed += 1
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
            if source.next < source.stop and source.docs[source.next] - <uint32_t>first < size:
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
