"""How does work that nobody waits for let questions go first? It asks the system for less of the processors.

Where no question is asked, it has them to itself all the same.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

# As `nice` has it: beside another process that wants the same processor, a quarter is left of it. With 10 it
# is a tenth, and on a machine that had much else to do a changed document was not found after a minute.
NICE = 5
# Linux may share the processors out between sessions first (sched(7), autogroup), and a worker has its own.
_SESSION = Path("/proc/self/autogroup")


def give_way() -> None:
    """Let other processes go first, from now on, as those that this one starts; not on Windows."""
    if hasattr(os, "nice"):
        os.nice(max(NICE - os.nice(0), 0))
        with suppress(OSError):
            _SESSION.write_text(str(NICE), encoding="ascii")
