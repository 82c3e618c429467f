"""How do the arrays of a segment stand on the disk, and how come they into memory?

bytes 0–8    b"kbarrays"
bytes 8–20   format, length of the header, CRC-32 of all that follows (three u4, little endian)
header       JSON: name, type, shape and place of each array; the values that filter codes stand for
arrays       each at a multiple of 8
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import struct
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from zlib_ng.zlib_ng import crc32

from index.impacts import Array, Sidecar
from kb.errors import IndexIncompatible

FORMAT = 5

_MAGIC = b"kbarrays"
# Bytes: some 15,000 passages. A mapped file needs memory only where it is used, and all processes share it: a
# million passages read whole took 1.2 GB of each. One that is cut short while it is mapped ends the process
# with a bus error (it is started again and finds the damage); what is read whole goes on answering.
_MAP_FROM = 16 << 20
_BLOCK = 1 << 20
# Bytes of mapped files, of programs too, that a process may have.
_MOST_MAPPED = 192 << 20
# Bytes of its own from which on it gives back what is free among them. At a million passages some 40 MB are,
# as large arrays come and go; to give them back takes 4 ms of every second, while questions are asked.
_MOST_OWN = 448 << 20
_STATM = Path("/proc/self/statm")
_MAPS: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()
_PREFIX = struct.Struct("<8sIII")


def save(sidecar: Sidecar, path: Path) -> None:
    """Write a sidecar; it is there whole or not at all, also after a crash."""
    described, at = {}, 0
    for name, values in sidecar.arrays.items():
        described[name] = [values.dtype.str, list(values.shape), at]
        at += values.nbytes + _filling(values)
    header = json.dumps({"arrays": described, "values": sidecar.values}).encode()
    header += b" " * (-(len(header) + _PREFIX.size) % 8)
    checksum = crc32(header)
    for piece in _pieces(sidecar):
        checksum = crc32(piece, checksum)
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as file:
        file.write(_PREFIX.pack(_MAGIC, FORMAT, len(header), checksum))
        file.write(header)
        file.writelines(_pieces(sidecar))
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def _pieces(sidecar: Sidecar) -> Iterator[memoryview]:
    """Yield the bytes of the arrays one after another; nothing is copied, as they may be large."""
    for values in sidecar.arrays.values():
        yield np.ascontiguousarray(values).reshape(-1).view(np.uint8).data
        yield memoryview(bytes(_filling(values)))


def _filling(values: Array) -> int:
    return -values.nbytes % 8


def load(path: Path) -> Sidecar:
    """Read a sidecar, or map a large one into memory.

    Raises FileNotFoundError when there is none, IndexIncompatible when it is damaged or of another format.
    """
    try:
        content = _mapped(path) if path.stat().st_size >= _MAP_FROM else _read_whole(path)
        length = _PREFIX.unpack(content[: _PREFIX.size].tobytes())[2]
        header = json.loads(content[_PREFIX.size : _PREFIX.size + length].tobytes())
        body = content[_PREFIX.size + length :]
        return Sidecar(
            {name: _view(body, *place) for name, place in header["arrays"].items()}, header["values"]
        )
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise IndexIncompatible(f"the arrays in {path.name} cannot be read: {error}") from error


def _read_whole(path: Path) -> Array:
    content = np.fromfile(path, np.uint8)
    _check(content[: _PREFIX.size].tobytes(), crc32(content[_PREFIX.size :].data))
    return content


def _mapped(path: Path) -> Array:
    """Map a file that is checked by reading it: checked through the map, it would be in memory whole."""
    with path.open("rb", buffering=0) as file:
        prefix, checksum = file.read(_PREFIX.size), 0
        block = memoryview(bytearray(_BLOCK))
        while length := file.readinto(block):
            checksum = crc32(block[:length], checksum)
        _check(prefix, checksum)
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _MAPS.add(mapped)
    return np.frombuffer(mapped, np.uint8)


def let_go() -> None:
    """Give back the memory that mapped files take here, and what is free of the process's own, if much.

    The system keeps what was read, so what is needed again is there in microseconds; but as long as a process
    has it, it counts as the process's own where somebody looks. Does nothing where the system does not tell.
    """
    try:
        resident, shared = (int(pages) * mmap.PAGESIZE for pages in _STATM.read_text().split()[1:3])
    except OSError:
        return
    if shared > _MOST_MAPPED:
        for mapped in list(_MAPS):
            mapped.madvise(mmap.MADV_DONTNEED)
    if resident - shared > _MOST_OWN:
        # The C library of most Linux systems has it; others give back more by themselves.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _check(prefix: bytes, checksum: int) -> None:
    """Raise ValueError for a file that is not what was written."""
    magic, version, _, expected = _PREFIX.unpack(prefix)
    if magic != _MAGIC or version != FORMAT or expected != checksum:
        raise ValueError("the checksum or the format does not fit")


def _view(body: Array, dtype: str, shape: list[int], at: int) -> Array:
    kind = np.dtype(dtype)
    return np.asarray(body[at : at + kind.itemsize * shape[0]]).view(kind)
