"""Are the files of a segment what they were when it was written?

A segment never changes, so the fingerprints of its files are written once, beside them: ``MAIN_<id>.sums``.
Whoosh's own files have none, and a bit that flips in them would show as a wrong answer or as nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

from kb.blobs import fsync_folder

_SUMS = ".sums"
_CHECK = "check"


def write(folder: Path, segment: str) -> None:
    """Write down the fingerprints of a segment's files, durably."""
    _write(folder, segment, {path.name: fingerprint(path) for path in _files(folder, segment)})


def renew(folder: Path, segment: str, name: str) -> None:
    """Write down the fingerprint of one file that was made again; those of the others stay what they were."""
    try:
        _write(folder, segment, {**_read(folder, segment), name: fingerprint(folder / name)})
    except (OSError, ValueError):
        # Without the others nothing would be proved: `kb verify` tells.
        return


def faults(folder: Path, segment: str) -> list[str]:
    """Return which files of a segment are missing or damaged, as sentences."""
    try:
        sums = _read(folder, segment)
    except (OSError, ValueError):
        return [f"the fingerprints of {segment} in the index are missing or damaged"]
    found = [
        f"the file {path.name} of the index has no fingerprint"
        for path in _files(folder, segment)
        if path.name not in sums
    ]
    for name, expected in sorted(sums.items()):
        try:
            if fingerprint(folder / name) != expected:
                found.append(f"the file {name} of the index is damaged")
        except OSError:
            found.append(f"the file {name} of the index is missing or cannot be read")
    return found


def fingerprint(path: Path) -> str:
    """Return a checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def write_checked(path: Path, content: Mapping[str, int | str]) -> None:
    """Replace a small file of names and values; it is there whole, with its checksum, also after a crash."""
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="ascii") as file:
        json.dump({**content, _CHECK: _checksum(content)}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    fsync_folder(path.parent)


def read_checked(path: Path) -> dict[str, int | str]:
    """Return what was written; raise ValueError when it is not that. The first format had none."""
    content: dict[str, int | str] = dict(json.loads(path.read_text(encoding="ascii")))
    checksum = content.pop(_CHECK, None)
    if checksum is not None and checksum != _checksum(content):
        raise ValueError(f"{path.name} is damaged")
    return content


def _checksum(content: Mapping[str, int | str]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


def _write(folder: Path, segment: str, sums: Mapping[str, str]) -> None:
    write_checked(folder / f"{segment}{_SUMS}", sums)


def _read(folder: Path, segment: str) -> dict[str, str]:
    sums = read_checked(folder / f"{segment}{_SUMS}")
    if not sums:
        raise ValueError("no file is named")
    return {name: str(value) for name, value in sums.items()}


def _files(folder: Path, segment: str) -> list[Path]:
    return sorted(path for path in folder.glob(f"{segment}.*") if path.suffix not in {_SUMS, ".tmp"})
