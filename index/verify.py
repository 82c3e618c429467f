"""Does the index hold what the catalog says, and the catalog what the stored bytes say?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.engine import Engine, IndexedPassage
from index.generations import Generations
from index.library import comparing
from index.sync import indexed
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.errors import CatalogError, SearchIndexError
from kb.faults import FILE_DAMAGED, Cure, Fault


def verify(catalog: Catalog, blobs: BlobStore, generations: Generations) -> list[Fault]:
    """Check everything against everything; return the faults, none when all is well."""
    faults: list[Fault] = []
    try:
        with catalog.reading() as transaction:
            faults += transaction.faults()
        if not any(fault.text.startswith(FILE_DAMAGED) for fault in faults):
            faults += check_blobs(catalog, blobs)
            faults += check_index(catalog, generations)
    except CatalogError as error:
        # What cannot be read is among the faults already, unless not even the check could tell which it is.
        return faults or [Fault(f"{error}; {error.remedy}", Cure.BACKUP)]
    return faults


def check_blobs(catalog: Catalog, blobs: BlobStore) -> list[Fault]:
    """Return which stored copies of documents are missing or damaged."""
    faults = []
    with catalog.reading() as transaction:
        for sha256 in transaction.documents.all_hashes():
            try:
                blobs.get(sha256)
            except CatalogError as error:
                faults.append(Fault(str(error), Cure.STORE_AGAIN, sha256=sha256))
    return faults


def check_index(catalog: Catalog, generations: Generations) -> list[Fault]:
    """Return what is wrong with the live index: lost, damaged, behind, or not what the catalog holds."""
    try:
        number = generations.live()
        if number is None:
            with catalog.reading() as transaction:
                empty = transaction.passages.count() == 0
            return [] if empty else [Fault("there is no index; run `kb reindex`", Cure.SYNC)]
        engine, path = generations.open(number), generations.path(number)
    except SearchIndexError as error:
        return [Fault(f"{error}; {error.remedy}", Cure.REBUILD)]
    try:
        damage = [Fault(text, Cure.REBUILD) for text in (*engine.faults(), *comparing.faults(path))]
        faults = damage + _behind(catalog, engine) + compare(catalog, engine)
        return faults or [Fault(text, Cure.REBUILD) for text in _contents(catalog, engine, path)]
    except SearchIndexError as error:
        return [Fault(f"{error}; {error.remedy}", Cure.REBUILD)]
    finally:
        engine.close()


def _contents(catalog: Catalog, engine: Engine, path: Path) -> list[str]:
    """Return where what is kept of a passage, or of the library as a whole, is not what its words make."""

    def look_up(passage_ids: Sequence[str]) -> dict[str, IndexedPassage]:
        with catalog.reading() as transaction:
            changes = transaction.passages.changes_of(passage_ids)
        return {each.passage.id: indexed(each) for each in changes if each.sequence <= engine.sequence}

    return [*engine.differing(look_up), *comparing.differences(catalog, path)]


def compare(catalog: Catalog, engine: Engine) -> list[Fault]:
    """Return where an engine's passages differ from the catalog's.

    Of passages that have changed since the engine's last commit nothing is expected.
    """
    with catalog.reading() as transaction:
        last, reached = transaction.passages.last_sequence(), engine.sequence
        expected = set(transaction.passages.live_ids())
        changed = set(transaction.passages.changed_after(reached))
    if reached > last:
        return [Fault(f"the index reflects change {reached}, the catalog has {last}", Cure.REBUILD)]
    held = set(engine.ids())
    faults = []
    if missing := expected - held - changed:
        told = f"{len(missing)} passages are missing from the index, {min(missing)} among them"
        faults.append(Fault(told, Cure.REBUILD))
    if extra := held - expected - changed:
        told = f"{len(extra)} passages in the index are not in the catalog, {min(extra)} among them"
        faults.append(Fault(told, Cure.REBUILD))
    return faults


def _behind(catalog: Catalog, engine: Engine) -> list[Fault]:
    with catalog.reading() as transaction:
        last = transaction.passages.last_sequence()
    if engine.sequence >= last:
        return []
    told = f"the index reflects change {engine.sequence} of {last}; a worker will bring it up to date"
    return [Fault(told, Cure.SYNC)]
