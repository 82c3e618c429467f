"""How far may a figure sink? Floors are raised by a command and never lowered by one."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path

from index.evaluation import below
from tests.quality.folders import sets_in

FLOORS = Path(__file__).parent / "floors.json"
# Floors are kept this far below what was measured, so that a change in the third decimal is no failure.
SLACK = 0.005


def asked(told: str | None) -> argparse.Namespace:
    """Return what the command line asks for: a folder ``data``, and whether to ``table`` and ``raise_``."""
    parser = argparse.ArgumentParser(description=told)
    parser.add_argument("data", type=sets_in)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--raise", dest="raise_", action="store_true")
    return parser.parse_args()


def held(figures: Mapping[str, float | int], library: str, *, raised_first: bool) -> int:
    """Print which figures have sunk below their floors; return the exit code that says so."""
    if raised_first:
        raise_floors(figures, library)
    sunk = below_floors(figures, library)
    print("\n".join(sunk) or "no floor is broken", file=sys.stderr)
    return 1 if sunk else 0


def below_floors(figures: Mapping[str, float | int], library: str) -> list[str]:
    """Return the measures that have sunk below their floors, as sentences."""
    return below(figures, json.loads(FLOORS.read_text(encoding="utf-8"))[library])


def raise_floors(figures: Mapping[str, float | int], library: str) -> None:
    """Raise each floor of a library to just below what was measured."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    floors[library] = raised(floors.get(library, {}), figures)
    FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")


def raised(floors: Mapping[str, float], figures: Mapping[str, float | int]) -> dict[str, float]:
    """Return floors just below some figures, or what they were where that is higher."""
    kept = {name: math.floor((value - SLACK) * 1000) / 1000 for name, value in figures.items()}
    return dict(floors) | {
        name: max(floors.get(name, 0.0), value) for name, value in kept.items() if name != "questions"
    }
