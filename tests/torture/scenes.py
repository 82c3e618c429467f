"""Which deeds are tortured, on which libraries, and what must be the same after each?"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from kb.errors import SearchIndexError
from tests.library import services_at
from tests.torture import deeds, sameness
from tests.torture.deeds import Deed
from tests.torture.dying import Sides, apart, sides_of, unbroken
from tests.torture.places import Place


@dataclass(frozen=True, slots=True)
class Scene:
    """A deed, the library that it is done to, and all that must be the same after it."""

    name: str
    deed: Deed
    base: Place
    expected: str
    allowed: frozenset[str]
    sides: Sides
    seconds: float
    searchable: bool
    by_worker: bool = False
    of_versions: bool = True

    def survives(self, place: Place) -> str:
        """Return what is wrong after the deed was killed and done again; empty when nothing is."""
        try:
            return apart(lambda: self._wrong(place))
        except AssertionError as error:
            return str(error)

    def _wrong(self, place: Place) -> str:
        stray = self._stray(place)
        if stray:
            return stray
        if place.accepted():
            deeds.go_on(place)
            if lost := sameness.lost(place):
                return f"accepted but lost: {lost}"
        self.deed(place)
        # What was being read when it was broken off may wait for a worker.
        deeds.go_on(place)
        faults = sameness.faults_of(place.home)
        if faults:
            return f"faults: {faults}"
        if sameness.state_of(place.home, versions=self.of_versions) != self.expected:
            return "the library is not as after an unbroken run"
        return ""

    def _stray(self, place: Place) -> str:
        """Search at once after the kill: every answer must be words that were served before or are after."""
        if not (place.home / "catalog.sqlite").exists():
            return ""
        services = services_at(place.home)
        try:
            for question in sameness.QUESTIONS:
                for hit in services.search.search(question).hits:
                    if hit.citation.passage.text not in self.allowed:
                        return f"a passage that never was: {hit.citation.passage.text!r}"
        except SearchIndexError:
            return "" if not self.searchable else "the index stopped answering"
        finally:
            services.close()
        return ""


def scenes(folder: Path, *, exact: bool = True) -> Iterator[Scene]:
    """Yield every scene, each with the library that it begins with and the sides of its steps."""
    _scene = partial(_made, folder, exact=exact)
    documents = folder / "documents"
    _warm_up(Place.below(folder / "warm", documents))
    empty = Place.below(folder / "empty", documents)
    yield _scene("ingest a new folder", deeds.ingest, empty)
    filled = after(deeds.ingest, empty, folder / "filled")
    changed = replace(filled, version=2)
    yield _scene("ingest a folder that changed", deeds.ingest, changed)
    yield _scene("index changes in small commits that merge", deeds.merge, changed)
    yield _scene("upload; a worker reads", deeds.upload, empty, by_worker=True)
    uploaded = replace(after(deeds.upload, empty, folder / "uploaded"), version=2)
    yield _scene("upload anew; a worker reads and rebuilds", deeds.order, uploaded, by_worker=True)
    often = after(deeds.edit_often, empty, folder / "often")
    yield _scene("let go of earlier versions", deeds.let_go, often, by_worker=True)
    renamed = replace(filled, version=3)
    yield _scene("follow a folder: renamed, changed, gone", deeds.follow, renamed)
    yield _scene("remove a document", deeds.remove, filled)
    yield _scene("build the index anew", deeds.build_anew, filled)
    rebuilt = after(deeds.build_anew, filled, folder / "rebuilt")
    went_on = after(deeds.ingest, replace(rebuilt, version=2), folder / "went-on")
    yield _scene("go back to the index before", deeds.go_back, went_on)
    damaged = after(deeds.damage, filled, folder / "damaged")
    yield _scene("heal what is damaged", deeds.heal, damaged, of_versions=False)
    old = after(deeds.make_old, filled, folder / "old")
    yield _scene("bring up an older catalog", deeds.open_it, old)
    yield _scene("write a backup", deeds.keep, filled)
    kept = after(deeds.keep, filled, folder / "kept")
    shutil.rmtree(kept.home)
    yield _scene("restore a backup", deeds.bring_back, kept)


def _warm_up(place: Place) -> None:
    """Do things in this process, so that its children have all modules and models loaded."""
    for deed in (deeds.upload, deeds.build_anew, deeds.keep):
        deed(place)
    sameness.faults_of(place.home)
    sameness.state_of(place.home)


def after(deed: Deed, base: Place, folder: Path) -> Place:
    """Return a copy of a library to which something was done."""
    place = base.copy_to(folder)
    unbroken(lambda: deed(place))
    place.forget_accepted()
    return place


def _made(
    folder: Path,
    name: str,
    deed: Deed,
    base: Place,
    *,
    exact: bool,
    by_worker: bool = False,
    of_versions: bool = True,
) -> Scene:
    place = base.copy_to(folder / "unbroken")
    began = time.monotonic()
    sides = sides_of(lambda: deed(place), folder / "unbroken", exact=exact)
    seconds = time.monotonic() - began
    assert sameness.faults_of(place.home) == [], name
    return Scene(
        name,
        deed,
        base,
        expected=sameness.state_of(place.home, versions=of_versions),
        allowed=frozenset({*_texts(base.home), *_texts(place.home)}),
        sides=sides,
        seconds=seconds,
        searchable=sameness.is_searchable(base.copy_to(folder / "asked").home),
        by_worker=by_worker,
        of_versions=of_versions,
    )


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
