"""Is a file written to the end? It is once it has looked the same for a while."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ingest.stamps import stamp

GONE = "gone"


@dataclass(slots=True)
class _Look:
    stamp: str
    due: float


class Settling:
    """Paths on which something happened. All times are seconds of one clock that the caller reads.

    ``quiet`` is how long a file must stay as it is. That it is not there is a state like any other: a program
    that saves by deleting and writing anew is given the time to do so.
    """

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._looks: dict[Path, _Look] = {}

    def __len__(self) -> int:
        return len(self._looks)

    def note(self, path: Path, now: float) -> None:
        """Take up a path, or note that something happened on it again."""
        self._looks[path] = _Look(_seen(path), now + self._quiet)

    def settled(self, now: float) -> list[Path]:
        """Return the paths, in order, that have not changed for long enough, and let go of them."""
        done = []
        for path in [path for path, look in self._looks.items() if look.due <= now]:
            look = self._looks[path]
            seen = _seen(path)
            if seen == look.stamp:
                done.append(path)
                del self._looks[path]
            else:
                look.stamp, look.due = seen, now + self._quiet
        return sorted(done)


def _seen(path: Path) -> str:
    try:
        return stamp(os.stat(path))
    except OSError:
        return GONE
