"""Is the process that took a piece of work still there to finish it?"""

from __future__ import annotations

import os
import socket
from pathlib import Path


def me() -> str:
    """Return the name under which this process takes work: its machine, its number and when it began."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def is_gone(name: str) -> bool:
    """Tell whether a process is known to have ended; of one on another machine nothing is known."""
    host, _, rest = name.partition(":")
    number, _, began = rest.partition(":")
    if host != socket.gethostname() or os.name == "nt" or not number.isdigit():
        # Windows has no harmless way to ask with the standard library; there the lease runs out.
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    # A container that starts again gives its processes the numbers that they had before.
    return bool(began) and began != _began(int(number))


def _began(number: int) -> str:
    """Return when a process began, in ticks since the machine did; empty where the system does not tell."""
    try:
        # The second field is the program's name in parentheses, and may hold anything; the 22nd is wanted.
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
