"""What does a kill at every step of every deed leave behind? Nothing that doing the deed again does not mend.

python -m tests.torture.kills [--moments N] [--workers N] [--every N] [--seed N] [--only WORDS] [--skip WORDS]
    [--results FILE] [--table]

kills each deed before and after each of its steps (fsync, rename, removal, commit of either database) where
that leaves another disk than the step before, and at N random moments; lets the disk refuse to write from
each of its steps on, and be too small for the deed by more or less. Prints what came of each deed; exit code
1 and the place when something was lost. A run that was broken off goes on with the deeds that FILE lacks.
"""

from __future__ import annotations

import argparse
import errno
import json
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from pathlib import Path

import index.rebuild
from tests.torture import report
from tests.torture.disks import can_mount, leave_free, make_read_only, small_disk
from tests.torture.dying import (
    Work,
    killed_at,
    killed_within,
    refused_at,
    refused_by_disk,
    with_small_files,
)
from tests.torture.scenes import Scene, scenes

# Bytes: more than the largest file of these libraries, and than any deed adds.
_LARGEST, _MOST_ADDED = 300_000, 1_000_000
# Bytes: more than a rebuild asks for.
_PLENTY = 200_000_000
# How much longer, and shorter, a deed is held to take after a kill that met it, and one that came too late.
_LONGER, _SHORTER = 1.01, 0.95
_COLUMNS = {
    "deed": "deed",
    "steps": "sides of steps",
    "at_steps": "kills at steps",
    "at_moments": "kills at random moments",
    "refusals": "refused at a step",
    "full": "disk full or read-only",
    "wrong": "went wrong",
}


@dataclass(slots=True)
class Tally:
    """What was done to a deed: how often it was killed, how often the disk refused, and what went wrong."""

    deed: str
    steps: int = 0
    at_steps: int = 0
    at_moments: int = 0
    refusals: int = 0
    full: int = 0
    wrong: list[str] = field(default_factory=list)

    def cells(self) -> list[object]:
        """Return the row of the table."""
        return [*(getattr(self, each.name) for each in fields(self)[:-1]), len(self.wrong)]


class Torture:
    """Does to a deed what may happen to it, again and again."""

    def __init__(self, scene: Scene, folder: Path, *, seed: int) -> None:
        self._scene = scene
        self._folder = folder
        self._chance = random.Random(f"{seed} {scene.name}")
        self.tally = Tally(scene.name)

    def at_steps(self, *, every: int) -> None:
        """Kill at every ``every``-th side of a step, and refuse to write from there on."""
        sides, chance = self._scene.sides, self._chance
        self.tally.steps = sides.count
        for side in sides.changing[chance.randrange(every) :: every]:
            met = self._check(f"killed at side {side}", lambda work, side=side: killed_at(work, side))
            self.tally.at_steps += met
        for side in sides.files[chance.randrange(every) :: every]:
            fault = chance.choice((errno.ENOSPC, errno.EROFS, errno.EIO))
            told = f"{errno.errorcode[fault]} from side {side} on"
            met = self._check(told, lambda work, side=side, fault=fault: refused_at(work, side, fault))
            self.tally.refusals += met

    def at_moments(self, count: int) -> None:
        """Kill at so many random moments."""
        seconds, tried = self._scene.seconds, 0
        while self.tally.at_moments < count and (tried := tried + 1) <= 3 * count:
            told = f"killed at moment {tried}"
            kill = partial(killed_within, seconds=seconds, chance=self._chance)
            met = self._check(told, kill, only_met=True)
            self.tally.at_moments += met
            seconds *= _LONGER if met else _SHORTER

    def with_small_files(self, sizes: int) -> None:
        """Let no file grow over so many sizes, one after another."""
        for size in range(0, _LARGEST, _LARGEST // max(1, sizes)):
            told = f"files of at most {size} bytes"
            self.tally.full += self._check(told, lambda work, size=size: with_small_files(work, size))

    def on_small_disks(self, sizes: int) -> None:
        """Do the deed on disks with so many amounts of room, from none on, and on one that is read-only."""
        with small_disk(self._folder / "small") as disk:
            base, self._folder = self._folder, disk
            self.tally.full += self._check("read-only", lambda work: self._on_read_only(work, disk))
            room, met = 0, True
            while met and room < _MOST_ADDED:
                leave_free(disk, _PLENTY)
                told = f"{room} bytes free"
                met = self._check(told, lambda work, room=room: self._on_full(work, disk, room))
                self.tally.full += met
                room += _LARGEST // sizes
            self._folder = base

    def _on_full(self, work: Work, disk: Path, room: int) -> bool:
        def surprised() -> None:
            # The disk gets full in the middle, not before a rebuild that asks for the room first.
            index.rebuild._SPARE = -(10**9)
            work()

        leave_free(disk, room)
        try:
            return refused_by_disk(surprised)
        finally:
            leave_free(disk, _PLENTY)

    def _on_read_only(self, work: Work, disk: Path) -> bool:
        make_read_only(disk)
        try:
            return refused_by_disk(work)
        finally:
            leave_free(disk, _PLENTY)

    def _check(self, told: str, do: Callable[[Work], bool], *, only_met: bool = False) -> bool:
        place = self._scene.base.copy_to(self._folder / "tortured")
        place.forget_accepted()
        try:
            met = do(lambda: self._scene.deed(place))
            wrong = "" if only_met and not met else self._scene.survives(place)
        except AssertionError as error:
            met, wrong = True, str(error)
        if wrong:
            self.tally.wrong.append(f"{self._scene.name}, {told}: {wrong}")
            print(self.tally.wrong[-1], flush=True)
        return met


def tortured(scene: Scene, folder: Path, arguments: argparse.Namespace) -> Tally:
    """Do all there is to a deed, and return what came of it."""
    torture = Torture(scene, folder, seed=arguments.seed)
    torture.at_steps(every=arguments.every)
    torture.at_moments(arguments.workers if scene.by_worker else arguments.moments)
    if can_mount(folder):
        torture.on_small_disks(arguments.sizes)
    else:
        torture.with_small_files(arguments.sizes)
    return torture.tally


def main() -> None:
    """Go through every scene and report."""
    arguments = _arguments()
    logging.getLogger("kb").setLevel(logging.CRITICAL)
    print(f"seed {arguments.seed}", flush=True)
    began, tallies = time.monotonic(), _before(arguments.results)
    # In memory where there is some: what is killed leaves what the system has, wherever that is kept.
    memory = "/dev/shm"
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        for scene in scenes(Path(name)):
            if arguments.only not in scene.name or (arguments.skip and arguments.skip in scene.name):
                continue
            if scene.name not in tallies:
                tallies[scene.name] = tortured(scene, Path(name), arguments)
                _keep(arguments.results, tallies[scene.name])
            print(*tallies[scene.name].cells(), sep=" | ", flush=True)
    wrong = sum(len(tally.wrong) for tally in tallies.values())
    print(f"{wrong} went wrong; {(time.monotonic() - began) / 60:.0f} minutes")
    if arguments.table:
        _write_table(tallies)
    if arguments.results is not None and not wrong:
        arguments.results.unlink(missing_ok=True)
    sys.exit(1 if wrong else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--moments", type=int, default=10, help="random kills of each deed")
    parser.add_argument("--workers", type=int, default=170, help="random kills of each deed of a worker")
    parser.add_argument("--sizes", type=int, default=4, help="amounts of room on a small disk, for 300 kB")
    parser.add_argument("--every", type=int, default=1, help="kill at each N-th step only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only deeds with these words in their names")
    parser.add_argument("--skip", default="", help="no deeds with these words in their names")
    parser.add_argument("--results", type=Path, help="file to keep what came of each deed in")
    parser.add_argument("--table", action="store_true", help="write docs/quality/torture.md")
    return parser.parse_args()


def _before(file: Path | None) -> dict[str, Tally]:
    if file is None or not file.exists():
        return {}
    tallies = [Tally(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    return {tally.deed: tally for tally in tallies}


def _keep(file: Path | None, tally: Tally) -> None:
    if file is not None:
        with file.open("a", encoding="utf-8") as kept:
            kept.write(json.dumps(asdict(tally)) + "\n")


def _write_table(tallies: dict[str, Tally]) -> None:
    rows = [tally.cells() for tally in tallies.values()]
    sums = [sum(int(str(cell)) for cell in column) for column in list(zip(*rows, strict=True))[1:]]
    report.write("kills", report.table([*_COLUMNS.values()], [*rows, ["all", *sums]]))


if __name__ == "__main__":
    main()
