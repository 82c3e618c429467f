# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""Where are the words of a passage? The forward index of each segment, for ``secondpass``.

Every place that comes from a file is checked before it is read: damaged arrays raise IndexError.
"""

import numpy as np

from libc.stdint cimport int64_t, uint32_t

from index.impacts import FIELD_END

VERSION = 1
"""Goes up with every change: of another version than shortlist.py asks for, this is not used."""

cdef uint32_t _field_end = FIELD_END


cdef class Segment:
    """The passages from ``first`` to ``end``; ``terms`` is the number of the first term; see the interface."""

    def __init__(self, arrays, *, deepest, Py_ssize_t first, Py_ssize_t end, Py_ssize_t terms):
        self.words, self.word_at, self.deepest = arrays["words"], arrays["word_at"], deepest
        self.wholes, self.whole_at = arrays["wholes"], arrays["whole_at"]
        self.first, self.end, self.terms = first, end, terms

    cdef int find(self, Py_ssize_t number, int64_t* edges, bint whole) except -1:
        """Tell where the parts of a passage begin, and where the last one ends."""
        cdef Py_ssize_t at = FIELDS * (number - self.first), part
        if whole:
            edges[TITLE], edges[HEADINGS] = self.whole_at[at], self.whole_at[at + 1]
            edges[TEXT], edges[PARTS] = self.whole_at[at + 2], self.whole_at[at + 3]
            edges[DEEPEST] = edges[TEXT]
        else:
            edges[TITLE], edges[HEADINGS] = self.word_at[at], self.word_at[at + 1]
            edges[TEXT], edges[PARTS] = self.word_at[at + 2], self.word_at[at + 3]
            edges[DEEPEST] = edges[TEXT] - 1 - <int64_t>self.deepest[number - self.first]
        for part in range(PARTS):
            if edges[part] < 0 or edges[part] > edges[part + 1]:
                raise IndexError("the parts of a passage are not in order")
        if edges[PARTS] > (self.wholes.shape[0] if whole else self.words.shape[0]):
            raise IndexError("a passage ends behind its segment")
        return 0


def in_names(list segments, const Py_ssize_t[::1] numbers, const Py_ssize_t[::1] names, Py_ssize_t terms):
    """Return the terms of some names; see the interface."""
    cdef int64_t[PARTS + 1] edges
    cdef Py_ssize_t row, at, part, size = 0, to = 0
    cdef Segment segment
    of_names = [segment_of(segments, numbers[row]) for row in range(numbers.shape[0])]
    for row in range(numbers.shape[0]):
        segment, part = of_names[row], DEEPEST if names[row] else TITLE
        segment.find(numbers[row], edges, False)
        size += edges[part + 1] - edges[part]
    found = np.empty(size, np.int64)
    cdef int64_t[::1] keys = found
    for row in range(numbers.shape[0]):
        segment, part = of_names[row], DEEPEST if names[row] else TITLE
        segment.find(numbers[row], edges, False)
        for at in range(edges[part], edges[part + 1]):
            # Without the mark at the end.
            if segment.words[at] != _field_end:
                if segment.terms + segment.words[at] >= terms:
                    raise IndexError("a word is none of the terms")
                keys[to] = row * terms + segment.terms + segment.words[at]
                to += 1
    return found[:to]


cdef Segment segment_of(list segments, Py_ssize_t number):
    cdef Segment segment
    for segment in segments:
        if number < segment.end:
            return segment
    raise IndexError("a passage is in no segment")
