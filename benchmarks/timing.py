"""How long does each way take? All are asked in turn, so what else the machine does falls on all alike."""

from __future__ import annotations

import gc
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

_WARM_UP = 20

Asked = TypeVar("Asked")


def interleaved(
    ways: Mapping[str, Callable[[Asked], object]], questions: Sequence[Asked], *, rounds: Mapping[str, int]
) -> dict[str, dict[str, float]]:
    """Return for each way how the times of the questions spread: of each the median of some rounds.

    A round before them warms up, of the first questions only for a way that has but one. A way that has
    fewer ``rounds`` than another sits the others out. The time that the processor worked is given too: what
    else the machine does does not count in it. Each way starts at another question, so that what one way
    leaves behind of a question is gone when the next comes to it.
    """
    clocks: dict[str, Callable[[], float]] = {"": time.perf_counter, "cpu_": time.thread_time}
    taken: dict[str, dict[str, list[list[float]]]] = {
        clock: {name: [[] for _ in questions] for name in ways} for clock in clocks
    }
    apart = len(questions) // len(ways)
    gc.collect()
    gc.disable()
    try:
        for turn in range(-1, max(rounds.values())):
            for step in range(len(questions)):
                for number, (name, way) in enumerate(ways.items()):
                    place = (step + number * apart) % len(questions)
                    warming = turn < 0 and (rounds[name] > 1 or step < _WARM_UP)
                    if warming or 0 <= turn < rounds[name]:
                        began = [clock() for clock in clocks.values()]
                        way(questions[place])
                        ended = [clock() for clock in clocks.values()]
                        for clock, first, last in zip(clocks, began, ended, strict=True):
                            if turn >= 0:
                                taken[clock][name][place].append((last - first) * 1000)
            gc.collect()
    finally:
        gc.enable()
    return {
        name: {
            f"{clock}{part}": value
            for clock, of_way in taken.items()
            for part, value in spread([median(times) for times in of_way[name]]).items()
        }
        for name in ways
    }


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th of a hundred."""
    ordered = sorted(milliseconds)
    return {
        "p50_ms": round(ordered[len(ordered) // 2], 4),
        "p95_ms": round(ordered[min(len(ordered) * 95 // 100, len(ordered) - 1)], 4),
    }


def peak_mb() -> float:
    """Return the most memory that this process has had, in megabytes.

    Linux counts what the parent had before this process began into ``ru_maxrss`` too; its status does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        kilobytes = next(
            line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")
        )
        return round(int(kilobytes) / 1024, 1)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def own_mb(pid: str = "self") -> float:
    """Return how much memory a process has that is not mapped from files, in megabytes; Linux tells."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024, 1)


def size_mb(folder: Path) -> float:
    """Return what the files of a folder take, in megabytes."""
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1)


def machine() -> dict[str, object]:
    """Return what is known of the machine."""
    return {
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "python": sys.version.split()[0],
    }
