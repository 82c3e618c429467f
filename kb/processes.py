"""Is the process that took a piece of work still there to finish it?"""

from __future__ import annotations

import os
import socket


def me() -> str:
    """Return the name under which this process takes work: its machine and its number."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(name: str) -> bool:
    """Tell whether a process is known to have ended; of one on another machine nothing is known."""
    host, _, number = name.rpartition(":")
    if host != socket.gethostname() or os.name == "nt":
        # Windows has no harmless way to ask with the standard library; there the lease runs out.
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
