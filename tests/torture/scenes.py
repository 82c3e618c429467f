"""What does a kill at every step of every deed leave behind? Nothing that doing the deed again does not mend.

python -m tests.torture.scenes [--moments N] [--every N] [--seed N]

prints how many kills each deed went through. Exit code 1 and the place of the kill when something was lost.
"""

from __future__ import annotations

import argparse
import errno
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.errors import SearchIndexError
from tests.library import services_at
from tests.torture import deeds
from tests.torture.deeds import Deed, Place
from tests.torture.dying import killed_at, killed_within, refused_at, steps_of, unbroken, with_small_files

# Bytes: more than the largest file of these libraries.
_LARGEST = 300_000


@dataclass(frozen=True, slots=True)
class Scene:
    """A deed, the library that it is done to, and all that must be the same after it."""

    name: str
    deed: Deed
    base: Place
    expected: str
    allowed: frozenset[str]
    seconds: float

    def survives(self, place: Place) -> str:
        """Return what is wrong after the deed was killed and done again; empty when nothing is."""
        stray = self._stray(place)
        if stray:
            return stray
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
            return "" if not self._was_searchable() else "the index stopped answering"
        finally:
            services.close()
        return ""

    def _was_searchable(self) -> bool:
        return (self.base.home / "index" / "live").exists()


def scenes(folder: Path) -> Iterator[Scene]:
    """Yield every scene, each with the library that it begins with."""
    first, second = folder / "first", folder / "second"
    deeds.write_library(first, version=1)
    deeds.write_library(second, version=2)
    empty = Place.below(folder / "empty", first)
    yield _scene(folder, "ingest a new folder", deeds.ingest, empty)
    filled = empty.copy_to(folder / "filled")
    unbroken(lambda: deeds.ingest(filled))
    changed = Place(filled.home, second, filled.made)
    yield _scene(folder, "ingest a folder that changed", deeds.ingest, changed)
    yield _scene(folder, "remove a document", deeds.remove, filled)
    yield _scene(folder, "build the index anew", deeds.build_anew, filled)
    yield _scene(folder, "write a backup", deeds.keep, filled)
    kept = filled.copy_to(folder / "kept")
    unbroken(lambda: deeds.keep(kept))
    shutil.rmtree(kept.home)
    yield _scene(folder, "restore a backup", deeds.bring_back, kept)


def _scene(folder: Path, name: str, deed: Deed, base: Place) -> Scene:
    place = base.copy_to(folder / "unbroken")
    seconds = unbroken(lambda: deed(place))
    assert deeds.faults_of(place.home) == [], name
    allowed = {*_texts(base.home), *_texts(place.home)}
    return Scene(name, deed, base, deeds.state_of(place.home), frozenset(allowed), seconds)


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


def torture(scene: Scene, folder: Path, *, every: int, moments: int, seed: int) -> tuple[int, list[str]]:
    """Kill a deed at every ``every``-th step and at random moments; return the kills and what went wrong."""
    chance = random.Random(f"{seed} {scene.name}")
    wrong, kills = [], 0
    counted = scene.base.copy_to(folder / "counted")
    for step in range(chance.randrange(every), steps_of(lambda: scene.deed(counted)), every):
        place = scene.base.copy_to(folder / "killed")
        kills += killed_at(lambda place=place: scene.deed(place), step)  # type: ignore[misc]
        if wrong_with := scene.survives(place):
            wrong.append(f"{scene.name}, killed at step {step}: {wrong_with}")
        place = scene.base.copy_to(folder / "refused")
        fault = chance.choice((errno.ENOSPC, errno.EROFS, errno.EIO))
        kills += refused_at(lambda place=place: scene.deed(place), step, fault)  # type: ignore[misc]
        if wrong_with := scene.survives(place):
            wrong.append(f"{scene.name}, error {fault} from step {step} on: {wrong_with}")
    for size in range(0, _LARGEST, _LARGEST // max(1, moments)):
        place = scene.base.copy_to(folder / "refused")
        kills += with_small_files(lambda place=place: scene.deed(place), size)  # type: ignore[misc]
        if wrong_with := scene.survives(place):
            wrong.append(f"{scene.name}, files of at most {size} bytes: {wrong_with}")
    for moment in range(moments):
        place = scene.base.copy_to(folder / "killed")
        kills += killed_within(lambda place=place: scene.deed(place), scene.seconds, chance)  # type: ignore[misc]
        if wrong_with := scene.survives(place):
            wrong.append(f"{scene.name}, killed at moment {moment}: {wrong_with}")
    return kills, wrong


def main() -> None:
    """Go through every scene and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--moments", type=int, default=100, help="random kills for each deed")
    parser.add_argument("--every", type=int, default=1, help="kill at each N-th step only")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    total, wrong = 0, []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for scene in scenes(folder):
            kills, found = torture(
                scene, folder, every=arguments.every, moments=arguments.moments, seed=arguments.seed
            )
            print(f"{scene.name}: {kills} kills, {len(found)} went wrong", flush=True)
            total += kills
            wrong += found
    print("\n".join(wrong))
    print(f"{total} kills in all, {len(wrong)} went wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
