"""How is the index built anew while the old one goes on answering, and goes on being kept up to date?

Build beside, catch up, verify, swap, keep the previous one for rollback. A build that was broken off goes on
from its last commit. The live generation is only held for the last changes and the swap.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence

from index import known
from index.engine import Engine
from index.generations import Generations
from index.library import beside, filling
from index.sync import Progress, behind, catch_up
from index.verify import compare
from kb.catalog import Catalog
from kb.errors import SearchIndexError, StorageError

log = logging.getLogger("kb.index")

Check = Callable[[Engine], Sequence[str]]
"""Returns what speaks against making an engine's generation live, as sentences."""

# Bytes of a generation for each character of the passages (python -m tests.torture.room: 6.4 for 23,000
# passages of laws), and how much as much there may be while segments are merged.
_BYTES_PER_CHARACTER = 7.0
_WHILE_BUILDING = 1.5
# Bytes that must stay free for the catalog and the log.
_SPARE = 64_000_000


def rebuild(
    catalog: Catalog,
    generations: Generations,
    *,
    wait: float,
    progress: Progress | None = None,
    check: Check | None = None,
) -> int:
    """Build a new generation from the catalog, or finish one that was begun, and make it live.

    Returns its number. Raises StorageError when the disk has no room for it, SearchIndexError, leaving the
    live generation as it is, when the new one does not hold what the catalog does, does not find its own
    passages, or ``check`` speaks against it.
    """
    with generations.building(wait=wait):
        number, engine = _begun(catalog, generations, wait=wait)
        path = generations.path(number)
        try:
            with beside.caught_up(catalog, path, changes=behind(catalog, engine)):
                catch_up(catalog, engine, progress=progress)
            faults = [*_faults(catalog, engine), *known.faults(catalog, engine)]
            faults += check(engine) if check is not None else ()
            if not faults:
                with generations.lock(wait=wait):
                    # What changed while it was checked: few, so those who write wait only for a moment.
                    catch_up(catalog, engine)
                    filling.catch_up(catalog, path)
                    faults = _faults(catalog, engine)
                    if not faults:
                        generations.swap(number)
                        generations.prune()
        finally:
            engine.close()
        if faults:
            generations.drop(number)
            raise SearchIndexError(f"the new index is not right and was not used: {faults[0]}")
        return number


def roll_back(catalog: Catalog, generations: Generations, *, wait: float) -> int:
    """Make the generation before the live one live again, with all that changed since; return its number."""
    with generations.lock(wait=wait):
        number = generations.previous()
        if number is None:
            raise SearchIndexError("there is no earlier index to go back to")
        engine = generations.open(number)
        try:
            catch_up(catalog, engine)
            filling.catch_up(catalog, generations.path(number))
        finally:
            engine.close()
        generations.swap(number)
        return number


def room_needed(catalog: Catalog, generations: Generations) -> int:
    """Return how many bytes building the index anew may take, less what a broken-off build has taken."""
    with catalog.reading() as transaction:
        characters = transaction.passages.characters()
    begun = generations.unfinished()
    taken = generations.size(begun) if begun is not None else 0
    return max(0, int(characters * _BYTES_PER_CHARACTER * _WHILE_BUILDING) - taken) + _SPARE


def _begun(catalog: Catalog, generations: Generations, *, wait: float) -> tuple[int, Engine]:
    """Return the generation to build: the one that was broken off, if it is sound, else a new one."""
    needed, free = room_needed(catalog, generations), shutil.disk_usage(generations.folder).free
    if free < needed:
        raise StorageError(
            f"building the index anew may take {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free",
            remedy="Free space on the disk and try again; the index that is live goes on answering.",
        )
    number = generations.unfinished()
    if number is not None:
        try:
            engine = generations.open(number)
            if not engine.faults():
                log.info("index %s was begun before and is built to the end", number)
                return number, engine
            engine.close()
        except SearchIndexError as error:
            log.info("index %s was begun before but is not sound: %s", number, error)
        generations.drop(number)
    with generations.lock(wait=wait):
        return generations.create(building=True)


def _faults(catalog: Catalog, engine: Engine) -> list[str]:
    return [fault.text for fault in compare(catalog, engine)]
