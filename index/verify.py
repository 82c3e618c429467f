"""Does the index hold what the catalog says, and the catalog what the stored bytes say?"""

from __future__ import annotations

from index.engine import Engine
from index.generations import Generations
from kb.blobs import BlobStore
from kb.catalog import Catalog
from kb.errors import CatalogError, SearchIndexError


def verify(catalog: Catalog, blobs: BlobStore, generations: Generations) -> list[str]:
    """Check everything against everything; return the faults as sentences, none when all is well."""
    faults = check_catalog(catalog) + check_blobs(catalog, blobs)
    try:
        number = generations.live()
        if number is None:
            with catalog.reading() as transaction:
                empty = transaction.passages.count() == 0
            return faults if empty else [*faults, "there is no index; run `kb reindex`"]
        engine = generations.open(number)
    except SearchIndexError as error:
        return [*faults, f"{error}; {error.remedy}"]
    try:
        return faults + compare(catalog, engine)
    finally:
        engine.close()


def check_catalog(catalog: Catalog) -> list[str]:
    """Return what is wrong in the catalog itself."""
    faults = []
    with catalog.reading() as transaction:
        fault = transaction.fault()
        if fault is not None:
            faults.append(f"the catalog's file is damaged: {fault}")
        for passage_id, is_slice in transaction.passages.slices():
            if not is_slice:
                faults.append(f"passage {passage_id} is not what stands at its place in the document")
    return faults


def check_blobs(catalog: Catalog, blobs: BlobStore) -> list[str]:
    """Return which stored copies of documents are missing or damaged."""
    faults = []
    with catalog.reading() as transaction:
        for sha256 in transaction.documents.all_hashes():
            try:
                blobs.get(sha256)
            except CatalogError as error:
                faults.append(str(error))
    return faults


def compare(catalog: Catalog, engine: Engine) -> list[str]:
    """Return where an engine's passages differ from the catalog's, if the engine claims to be up to date."""
    with catalog.reading() as transaction:
        last = transaction.passages.last_sequence()
        expected = set(transaction.passages.live_ids())
    if engine.sequence != last:
        return [f"the index reflects change {engine.sequence} of {last}; a worker will bring it up to date"]
    held = set(engine.ids())
    faults = []
    if missing := expected - held:
        faults.append(f"{len(missing)} passages are missing from the index, {min(missing)} among them")
    if extra := held - expected:
        faults.append(f"{len(extra)} passages in the index are not in the catalog, {min(extra)} among them")
    return faults
