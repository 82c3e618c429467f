# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
"""Where are terms, how often, and which are spelt alike? ``lexicon`` and ``groups``, compiled.

A question has some ten words, and each may mean ten others: numpy's calls, a dozen for each segment, cost a
hundred times what they do. Every place is checked before it is read, those that come from files too: damaged
arrays raise IndexError.
"""

import numpy as np

from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t

VERSION = 2
"""Goes up with every change: of another version than lexicon.py asks for, this is not used."""

cdef class Terms:
    """The terms of a segment; see the interface."""

    cdef const uint64_t[::1] sorted_keys
    cdef const uint32_t[::1] key_order, passages, occurrences, named
    cdef const int64_t[::1] post_at
    cdef Py_ssize_t first, posted

    def __init__(self, sorted_keys, arrays, *, passages, occurrences, named, Py_ssize_t first):
        self.sorted_keys, self.key_order, self.post_at = sorted_keys, arrays["key_order"], arrays["post_at"]
        self.passages, self.occurrences, self.named = passages, occurrences, named
        self.first, self.posted = first, len(arrays["docs"])

    cdef Py_ssize_t number(self, uint64_t key) except -2:
        """Return the number of a term, or −1 if no passage of the segment holds it."""
        cdef Py_ssize_t low = 0, high = self.sorted_keys.shape[0], middle
        while low < high:
            middle = (low + high) >> 1
            if self.sorted_keys[middle] < key:
                low = middle + 1
            else:
                high = middle
        if low == self.sorted_keys.shape[0] or self.sorted_keys[low] != key:
            return -1
        return self.key_order[low]


def look_up(tuple segments, const uint64_t[::1] keys, Py_ssize_t none):
    """Return counts, numbers and places of terms; see the interface."""
    cdef Py_ssize_t size = keys.shape[0], wide = len(segments), row, place, number
    counted, numbered = np.zeros((size, 3), np.int64), np.empty((size, wide), np.intp)
    begun = np.zeros((size, wide, 2), np.int64)
    cdef int64_t begin, end
    cdef int64_t[:, ::1] counts = counted
    cdef int64_t[:, :, ::1] posted = begun
    cdef Py_ssize_t[:, ::1] numbers = numbered
    cdef Terms segment
    for place in range(wide):
        segment = segments[place]
        for row in range(size):
            number = segment.number(keys[row])
            if number < 0:
                numbers[row, place] = none
                continue
            numbers[row, place] = segment.first + number
            begin, end = segment.post_at[number], segment.post_at[number + 1]
            if begin < 0 or begin > end or end > segment.posted:
                raise IndexError("the postings of a term are not in order")
            posted[row, place, 0], posted[row, place, 1] = begin, end
            counts[row, 0] += segment.passages[number]
            counts[row, 1] += segment.occurrences[number]
            counts[row, 2] += segment.named[number]
    return counted, numbered, begun


def alike(const int64_t[::1] starts, const int64_t[::1] holding, const int64_t[::1] sizes, list trigrams,
          Py_ssize_t first, Py_ssize_t last, double least):
    """Return the words that share trigrams, and how alike they are; see the interface."""
    cdef Py_ssize_t trigram, at, end, number, many = len(trigrams), found = 0
    cdef double likeness
    counts = np.zeros(max(last - first, 0), np.uint16)
    cdef uint16_t[::1] shared = counts
    for trigram in trigrams:
        end = starts[trigram + 1]
        for at in range(_before(holding, starts[trigram], end, first), end):
            if holding[at] >= last:
                break
            shared[holding[at] - first] += 1
    numbers, likenesses = np.empty(shared.shape[0], np.intp), np.empty(shared.shape[0])
    cdef Py_ssize_t[::1] of_words = numbers
    cdef double[::1] of_likenesses = likenesses
    for number in range(shared.shape[0]):
        if shared[number] != 0:
            likeness = 2.0 * shared[number] / (sizes[first + number] + many)
            if likeness >= least:
                of_words[found], of_likenesses[found] = first + number, likeness
                found += 1
    return numbers[:found], likenesses[:found]


cdef Py_ssize_t _before(const int64_t[::1] holding, Py_ssize_t low, Py_ssize_t high, int64_t word) except -1:
    """Return where the words from one on begin in a list of them."""
    cdef Py_ssize_t middle
    while low < high:
        middle = (low + high) >> 1
        if holding[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low
