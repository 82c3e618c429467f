"""Are the files of a segment what they were when it was written?

A segment never changes, so the fingerprints of its files are written once, beside them: ``MAIN_<id>.sums``.
Whoosh's own files have none, and a bit that flips in them would show as a wrong answer or as nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

_SUMS = ".sums"


def write(folder: Path, segment: str) -> None:
    """Write down the fingerprints of a segment's files, durably."""
    sums = {path.name: _fingerprint(path) for path in _files(folder, segment)}
    with (folder / f"{segment}{_SUMS}").open("w", encoding="ascii") as file:
        json.dump(sums, file)
        file.flush()
        os.fsync(file.fileno())


def faults(folder: Path, segment: str) -> list[str]:
    """Return which files of a segment are missing or damaged, as sentences."""
    try:
        sums: dict[str, str] = dict(json.loads((folder / f"{segment}{_SUMS}").read_text(encoding="ascii")))
    except (OSError, ValueError):
        return [f"the fingerprints of {segment} in the index are missing or damaged"]
    found = []
    for name, expected in sorted(sums.items()):
        try:
            if _fingerprint(folder / name) != expected:
                found.append(f"the file {name} of the index is damaged")
        except OSError:
            found.append(f"the file {name} of the index is missing or cannot be read")
    return found


def _files(folder: Path, segment: str) -> list[Path]:
    return sorted(path for path in folder.glob(f"{segment}.*") if path.suffix != _SUMS)


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
