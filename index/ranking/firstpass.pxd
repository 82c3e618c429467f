"""What ``picking`` takes of ``firstpass``, at the speed of C."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t, uint64_t


cdef enum:
    MOST_RUNS = 256
    BLOCK = 0x4000  # passages that are summed up together: their sums fit into the nearest memory
    BITS = 64  # of a number that says which passages of a block are held
    WORDS = 0x100  # such numbers: BLOCK / BITS


cdef struct Run:
    # The postings of a term in one segment from the next one on, and what they count for.
    Py_ssize_t next, stop
    double share


cdef class Counts:
    cdef const uint8_t[::1] narrow
    cdef const uint16_t[::1] middle
    cdef const uint32_t[::1] wide
    cdef const uint64_t[::1] widest
    cdef const void* first
    cdef Py_ssize_t size
    cdef int width


cdef class Segment:
    cdef const uint32_t[::1] docs
    cdef Counts title, headings, text
    cdef object lengths
    cdef Py_ssize_t base, end


cdef class FirstPass:
    cdef tuple segments
    cdef const uint16_t[:, ::1] lengths  # of the fields of each passage, side by side
    cdef const uint8_t[::1] live
    cdef bint all_live
    cdef const double[::1] by_length
    cdef Py_ssize_t title_at, headings_at, text_at
    cdef double[BLOCK] sums  # of the passages of a block: zeros between two blocks
    cdef uint64_t[WORDS] held  # which of them hold the word, as bits


cdef class Word:
    cdef FirstPass of
    cdef Segment segment
    cdef list places, shares
    cdef int fields
    cdef double factor
    cdef readonly Py_ssize_t size
    cdef Run[MOST_RUNS] runs
    cdef Py_ssize_t running

    cdef Py_ssize_t begin(self, Py_ssize_t place) except -1
    cdef Py_ssize_t weigh(
        self, Py_ssize_t first, Py_ssize_t last, uint32_t* docs, double* amounts, Py_ssize_t room
    ) except -1
    cdef int finish(self) except -1
    cdef bint sum_up(self, Run* run, uint32_t first, uint32_t end) noexcept
    cdef Py_ssize_t gather(
        self, Py_ssize_t first, Py_ssize_t size, uint32_t* docs, double* amounts, Py_ssize_t room
    ) noexcept
