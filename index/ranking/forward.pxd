"""What ``secondpass`` takes of ``forward``, at the speed of C."""

from libc.stdint cimport int64_t, uint32_t


cdef enum:
    FIELDS = 3
    TITLE = 0  # the parts of a passage in order, as in sidebyside.py
    HEADINGS = 1
    DEEPEST = 2
    TEXT = 3
    PARTS = 4


cdef class Segment:
    cdef const uint32_t[::1] words, wholes, deepest
    cdef const int64_t[::1] word_at, whole_at
    cdef Py_ssize_t first, end, terms

    cdef int find(self, Py_ssize_t number, int64_t* edges, bint whole) except -1


cdef Segment segment_of(list segments, Py_ssize_t number)
