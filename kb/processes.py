"""Is the process that took a piece of work still there to finish it? And how does one answer evenly?"""

from __future__ import annotations

import gc
import os
import socket
from pathlib import Path

# Collections of what is young for one of what is old; ten by default.
_OLD = 1_000


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


def settle() -> None:
    """Have Python's collector of garbage pass over all that is there by now, and seldom look at what is old.

    It looked through all that a process has loaded once in some hundred answers, for up to a quarter of a
    second in which no thread answers: 1.3 ms for each new question, and .4 so. Of what a thousand questions
    left it freed nothing, as hardly anything here refers to itself in a circle; what is young it still sees.
    """
    gc.collect()
    gc.freeze()
    youngest, young, _ = gc.get_threshold()
    gc.set_threshold(youngest, young, _OLD)


def _began(number: int) -> str:
    """Return when a process began, in ticks since the machine did; empty where the system does not tell."""
    try:
        # The second field is the program's name in parentheses, and may hold anything; the 22nd is wanted.
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
