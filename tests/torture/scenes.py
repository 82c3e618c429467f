"""What does a kill at every step of every deed leave behind? Nothing that doing the deed again does not mend.

python -m tests.torture.scenes [--moments N] [--every N] [--seed N] [--only WORDS] [--skip WORDS]
    [--table]

kills each deed before and after each of its steps (fsync, rename, removal, commit of either database), at N
random moments (those of a worker five times as often), and lets the disk refuse to write from a step on.
Prints the kills of each deed; exit code 1 and the place of the kill when something was lost.
"""

from __future__ import annotations

import argparse
import errno
import logging
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kb.errors import SearchIndexError
from tests.library import services_at
from tests.torture import deeds, report
from tests.torture.deeds import Deed, Place
from tests.torture.dying import (
    Work,
    killed_at,
    killed_within,
    refused_at,
    steps_of,
    unbroken,
    with_small_files,
)

# Bytes: more than the largest file of these libraries.
_LARGEST = 300_000
# How much oftener a worker is killed at random moments, and at how many steps the disk refuses once.
_OFTENER, _REFUSED = 5, 3


@dataclass(frozen=True, slots=True)
class Scene:
    """A deed, the library that it is done to, and all that must be the same after it."""

    name: str
    deed: Deed
    base: Place
    expected: str
    allowed: frozenset[str]
    seconds: float
    searchable: bool
    oftener: int = 1

    def survives(self, place: Place) -> str:
        """Return what is wrong after the deed was killed and done again; empty when nothing is."""
        stray = self._stray(place)
        if stray:
            return stray
        if place.accepted():
            unbroken(lambda: deeds.go_on(place))
            if lost := deeds.lost(place):
                return f"accepted but lost: {lost}"
        unbroken(lambda: self.deed(place))
        faults = deeds.faults_of(place.home)
        if faults:
            return f"faults: {faults}"
        if deeds.state_of(place.home) != self.expected:
            return "the library is not as after an unbroken run"
        return ""

    def _stray(self, place: Place) -> str:
        """Search at once after the kill: every answer must be words that were served before or are after."""
        if not (place.home / "catalog.sqlite").exists():
            return ""
        services = services_at(place.home)
        try:
            for question in deeds.QUESTIONS:
                for hit in services.search.search(question).hits:
                    if hit.citation.passage.text not in self.allowed:
                        return f"a passage that never was: {hit.citation.passage.text!r}"
        except SearchIndexError:
            return "" if not self.searchable else "the index stopped answering"
        finally:
            services.close()
        return ""


def scenes(folder: Path) -> Iterator[Scene]:
    """Yield every scene, each with the library that it begins with."""
    documents = folder / "documents"
    _warm_up(Place.below(folder / "warm", documents))
    empty = Place.below(folder / "empty", documents)
    yield _scene(folder, "ingest a new folder", deeds.ingest, empty)
    filled = after(deeds.ingest, empty, folder / "filled")
    changed = replace(filled, version=2)
    yield _scene(folder, "ingest a folder that changed", deeds.ingest, changed)
    yield _scene(folder, "index changes in small commits that merge", deeds.merge, changed)
    yield _scene(folder, "upload; a worker reads", deeds.upload, empty, oftener=_OFTENER)
    uploaded = replace(after(deeds.upload, empty, folder / "uploaded"), version=2)
    yield _scene(folder, "upload anew; a worker reads and rebuilds", deeds.order, uploaded, oftener=_OFTENER)
    yield _scene(folder, "remove a document", deeds.remove, filled)
    yield _scene(folder, "build the index anew", deeds.build_anew, filled)
    rebuilt = after(deeds.build_anew, filled, folder / "rebuilt")
    went_on = after(deeds.ingest, replace(rebuilt, version=2), folder / "went-on")
    yield _scene(folder, "go back to the index before", deeds.go_back, went_on)
    damaged = after(deeds.damage, filled, folder / "damaged")
    yield _scene(folder, "heal what is damaged", deeds.heal, damaged)
    old = after(deeds.make_old, filled, folder / "old")
    yield _scene(folder, "bring up an older catalog", deeds.open_it, old)
    yield _scene(folder, "write a backup", deeds.keep, filled)
    kept = after(deeds.keep, filled, folder / "kept")
    shutil.rmtree(kept.home)
    yield _scene(folder, "restore a backup", deeds.bring_back, kept)


def _warm_up(place: Place) -> None:
    """Do things in this process, so that its children have all modules and models loaded."""
    for deed in (deeds.upload, deeds.build_anew, deeds.keep):
        deed(place)
    deeds.faults_of(place.home)
    deeds.state_of(place.home)


def after(deed: Deed, base: Place, folder: Path) -> Place:
    """Return a copy of a library to which something was done."""
    place = base.copy_to(folder)
    unbroken(lambda: deed(place))
    (place.made / "accepted").unlink(missing_ok=True)
    return place


def _scene(folder: Path, name: str, deed: Deed, base: Place, *, oftener: int = 1) -> Scene:
    place = base.copy_to(folder / "unbroken")
    seconds = unbroken(lambda: deed(place))
    assert deeds.faults_of(place.home) == [], name
    allowed = {*_texts(base.home), *_texts(place.home)}
    expected, searchable = (
        deeds.state_of(place.home),
        deeds.is_searchable(base.copy_to(folder / "asked").home),
    )
    return Scene(name, deed, base, expected, frozenset(allowed), seconds, searchable, oftener)


def _texts(home: Path) -> set[str]:
    if not home.exists():
        return set()
    services = services_at(home)
    with services.catalog.reading() as transaction:
        texts = {
            one.passage.text for one in transaction.passages.citations([*transaction.passages.live_ids()])
        }
    services.close()
    return texts


@dataclass(slots=True)
class Tally:
    """How often a deed was killed, how often the disk refused, and what went wrong."""

    at_steps: int = 0
    at_moments: int = 0
    refusals: int = 0
    wrong: list[str] = field(default_factory=list)


class Torture:
    """Does to a deed what may happen to it, again and again."""

    def __init__(self, scene: Scene, folder: Path, *, seed: int) -> None:
        self._scene = scene
        self._folder = folder
        self._chance = random.Random(f"{seed} {scene.name}")
        self.tally = Tally()

    def run(self, *, every: int, moments: int) -> Tally:
        """Kill at every ``every``-th step and at random moments, and refuse to write."""
        scene, chance = self._scene, self._chance
        counted = scene.base.copy_to(self._folder / "counted")
        steps = range(chance.randrange(every), steps_of(lambda: scene.deed(counted)), every)
        for step in steps:
            killed = self._check(f"killed at step {step}", lambda work, step=step: killed_at(work, step))
            self.tally.at_steps += killed
        for step in steps[chance.randrange(_REFUSED) :: _REFUSED]:
            fault = chance.choice((errno.ENOSPC, errno.EROFS, errno.EIO))
            told = f"error {fault} from step {step} on"
            named = self._check(told, lambda work, step=step, fault=fault: refused_at(work, step, fault))
            self.tally.refusals += named
        for size in range(0, _LARGEST, _LARGEST // max(1, moments)):
            told = f"files of at most {size} bytes"
            self.tally.refusals += self._check(told, lambda work, size=size: with_small_files(work, size))
        for moment in range(moments * scene.oftener):
            told = f"killed at moment {moment}"
            killed = self._check(told, lambda work: killed_within(work, scene.seconds, chance))
            self.tally.at_moments += killed
        return self.tally

    def _check(self, told: str, do: Callable[[Work], bool]) -> bool:
        place = self._scene.base.copy_to(self._folder / "tortured")
        met = do(lambda: self._scene.deed(place))
        try:
            wrong = self._scene.survives(place)
        except AssertionError as error:
            wrong = str(error)
        if wrong:
            self.tally.wrong.append(f"{self._scene.name}, {told}: {wrong}")
            print(self.tally.wrong[-1], flush=True)
        return met


def main() -> None:
    """Go through every scene and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--moments", type=int, default=50, help="random kills for each deed")
    parser.add_argument("--every", type=int, default=1, help="kill at each N-th step only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only deeds with these words in their names")
    parser.add_argument("--skip", default="", help="no deeds with these words in their names")
    parser.add_argument("--table", action="store_true", help="write docs/quality/torture.md")
    arguments = parser.parse_args()
    logging.getLogger("kb").setLevel(logging.CRITICAL)
    print(f"seed {arguments.seed}", flush=True)
    began, tallies = time.monotonic(), {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for scene in scenes(folder):
            if arguments.only not in scene.name or (arguments.skip and arguments.skip in scene.name):
                continue
            tally = Torture(scene, folder, seed=arguments.seed).run(
                every=arguments.every, moments=arguments.moments
            )
            tallies[scene.name] = tally
            print(
                f"{scene.name}: {tally.at_steps} + {tally.at_moments} kills, {tally.refusals} refusals, "
                f"{len(tally.wrong)} went wrong",
                flush=True,
            )
    wrong = [each for tally in tallies.values() for each in tally.wrong]
    print(f"{len(wrong)} went wrong; {(time.monotonic() - began) / 60:.0f} minutes")
    if arguments.table:
        columns = (
            "deed",
            "every",
            "kills at steps",
            "kills at random moments",
            "refused writes",
            "went wrong",
        )
        rows = [
            (name, arguments.every, tally.at_steps, tally.at_moments, tally.refusals, len(tally.wrong))
            for name, tally in tallies.items()
        ]
        report.write("kills", report.merged("kills", columns, rows))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
