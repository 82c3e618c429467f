"""What if a file is not what was written, a bit flipped, the end cut off? It is found, healed or refused.

python -m tests.torture.damage [--places N] [--seed N] [--table]

flips a bit, or cuts off the end, at N random places of each kind of file. Each time questions are
asked, `kb verify` looks, `kb verify --repair` heals, and it looks again. Prints what came of it; exit code 1
when anything but what was written was shown, or a difference was not found.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.verify import verify
from kb.backup import restore
from kb.blobs import BlobStore
from kb.errors import BackupError, KBError
from tests.library import services_at
from tests.torture import deeds, report, sameness
from tests.torture.dying import apart
from tests.torture.places import Place
from webapp.work.repair import repair

KINDS = {
    "catalog": "catalog.sqlite",
    "stored documents": "blobs/*/*",
    "segments": "index/0*/MAIN_*.[!a]*",
    "arrays": "index/0*/*.arrays",
    "lists of segments": "index/0*/_MAIN_*.toc",
    "sequence numbers": "index/0*/*.json",
    "library's file": "index/0*/library.sqlite*",
    "pointer to the live index": "index/live",
}
BACKUP = "backup"
NO_DIFFERENCE, HEALED, NAMED, WRONG = "no difference", "healed", "named, and refused", "wrong"


@dataclass(frozen=True, slots=True)
class Library:
    """A library that nothing happened to, with a backup of it, and all that it shows."""

    place: Place
    expected: str
    allowed: frozenset[str]

    @classmethod
    def made(cls, folder: Path) -> Library:
        """Make a library with documents of two versions and a backup."""
        place = Place.below(folder / "whole", folder / "documents")
        deeds.ingest(place)
        deeds.ingest(replace(place, version=2))
        deeds.keep(place)
        for path in place.home.glob("**/*-wal"):
            assert path.stat().st_size == 0 or path.name.startswith("library"), "closed catalogs have no log"
        services = services_at(place.home)
        with services.catalog.reading() as transaction:
            ids = [change.passage.id for change in transaction.passages.changes_since(0, limit=10_000)]
            texts = frozenset(one.passage.text for one in transaction.passages.citations(ids))
        services.close()
        return cls(place, sameness.state_of(place.home, versions=False), texts)


def trial(library: Library, copy: Place) -> str:
    """Use, check and heal a damaged copy; return what came of it."""
    shown = _shown(copy.home)
    if not shown <= library.allowed:
        return f"{WRONG}: it showed {min(shown - library.allowed)!r}"
    if not _checked(copy.home):
        return NO_DIFFERENCE if _state(copy.home) == library.expected else f"{WRONG}: not found by verify"
    if _healed(copy.home):
        return HEALED if _state(copy.home) == library.expected else f"{WRONG}: healed to something else"
    return NAMED


def _shown(home: Path) -> set[str]:
    """Return the words of all hits and of all passages that are cited."""
    try:
        services = services_at(home)
    except KBError:
        return set()
    shown = set()
    try:
        for question in sameness.QUESTIONS:
            shown |= {hit.citation.passage.text for hit in services.search.search(question).hits}
    except KBError:
        pass
    finally:
        services.close()
    return shown


def _checked(home: Path) -> list[str]:
    try:
        services = services_at(home)
    except KBError as error:
        return [str(error)]
    try:
        return [fault.text for fault in verify(services.catalog, services.blobs, services.generations)]
    finally:
        services.close()


def _healed(home: Path) -> bool:
    """Heal as `kb verify --repair` does; tell whether all is well after it."""
    try:
        services = services_at(home)
    except KBError:
        return False
    try:
        for _ in range(4):
            faults = verify(services.catalog, services.blobs, services.generations)
            if not faults:
                return True
            repair(services, faults)
        return not verify(services.catalog, services.blobs, services.generations)
    except KBError:
        return False
    finally:
        services.close()


def _state(home: Path) -> str:
    try:
        return sameness.state_of(home, versions=False)
    except KBError as error:
        return str(error)


def restored(library: Library, copy: Place) -> str:
    """Restore a damaged backup; return what came of it."""
    home = copy.made / "restored"
    home.mkdir()
    url = f"sqlite:///{(home / 'catalog.sqlite').as_posix()}"
    try:
        restore(copy.made / "library.zip", url, BlobStore(home / "blobs"), home=home)
    except (BackupError, KBError):
        return NAMED
    deeds.build_anew(Place(home, copy.documents, copy.made))
    return (
        NO_DIFFERENCE
        if sameness.state_of(home, versions=False) == library.expected
        else f"{WRONG}: it was restored as it is"
    )


def damage(path: Path, chance: random.Random) -> str:
    """Flip a bit of a file, or cut off its end; return what was done."""
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    if chance.random() < 0.25:
        path.write_bytes(content[:at])
        return f"{path.name} cut at {at} of {len(content)}"
    content[at] ^= 1 << (bit := chance.randrange(8))
    path.write_bytes(content)
    return f"{path.name}, bit {bit} of byte {at}"


def torture(
    library: Library, folder: Path, kind: str, *, places: int, seed: int
) -> Iterator[tuple[str, str]]:
    """Damage a kind of file at random places; yield what was done and what came of it."""
    chance = random.Random(f"{seed} {kind}")
    for _ in range(places):
        copy = library.place.copy_to(folder / "damaged")
        if kind == BACKUP:
            done = damage(copy.made / "library.zip", chance)
            yield done, _apart(lambda copy=copy: restored(library, copy))  # type: ignore[misc]
            continue
        found = sorted(path for path in copy.home.glob(KINDS[kind]) if path.is_file() and path.stat().st_size)
        done = damage(chance.choice(found), chance)
        yield done, _apart(lambda copy=copy: trial(library, copy))  # type: ignore[misc]


def _apart(work: Callable[[], str]) -> str:
    """Do something in a child of its own: what crashes or hangs there is told as wrong."""
    try:
        return apart(work)
    except AssertionError as error:
        return f"{WRONG}: {error}"


def main() -> None:
    """Go through every kind of file and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--places", type=int, default=100, help="places in each kind of file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="write docs/quality/torture.md")
    arguments = parser.parse_args()
    logging.getLogger("kb").setLevel(logging.CRITICAL)
    print(f"seed {arguments.seed}", flush=True)
    rows, wrong = [], 0
    with tempfile.TemporaryDirectory() as name:
        library = Library.made(Path(name))
        for kind in (*KINDS, BACKUP):
            counts: Counter[str] = Counter()
            for done, came in torture(
                library, Path(name), kind, places=arguments.places, seed=arguments.seed
            ):
                counts[came.partition(":")[0]] += 1
                if came.startswith(WRONG):
                    print(f"{kind}: {done}: {came}", flush=True)
            rows.append((kind, *(counts[each] for each in (NO_DIFFERENCE, HEALED, NAMED, WRONG))))
            print(*rows[-1], sep=" | ", flush=True)
            wrong += counts[WRONG]
        shutil.rmtree(library.place.home, ignore_errors=True)
    if arguments.table:
        columns = ("damaged", NO_DIFFERENCE, HEALED, NAMED, WRONG)
        report.write("damage", f"Seed {arguments.seed}.\n\n{report.table(columns, rows)}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
