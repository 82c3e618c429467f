"""Has a file changed, judged from outside? By its size, its times and its number on the disk.

As git does it (its documentation calls it racy-git): a file that was changed within the clock's tick after it
was read looks the same, so a stamp is only trusted when the last change was a while before.
"""

from __future__ import annotations

import os
import time

# The coarsest clock of a file system still in use: two seconds, on FAT.
_TICK_NS = 2_000_000_000


def stamp(status: os.stat_result) -> str:
    """Return what changes when a file does: size, times of change in nanoseconds, number of the file."""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def trusted(status: os.stat_result) -> str | None:
    """Return the stamp of a file about to be read, or None when it changed so lately that it may again
    without the stamp telling.
    """
    changed = max(status.st_mtime_ns, status.st_ctime_ns)
    return stamp(status) if time.time_ns() - changed > _TICK_NS else None
