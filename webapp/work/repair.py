"""Which faults of a library can be healed from what is left of it? The catalog from the stored bytes,
the stored bytes from the files they came from, the index from the catalog.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from index.rebuild import rebuild
from index.sync import sync
from ingest.pipeline import file_at
from kb.faults import Cure, Fault
from webapp.wiring import Services


def repair(services: Services, faults: Sequence[Fault]) -> None:
    """Heal what can be healed; what is left shows in the next ``verify``."""
    _stored(services, [fault.sha256 for fault in faults if fault.cure is Cure.STORE_AGAIN])
    cures = {fault.cure for fault in faults}
    again = {fault.source_id: None for fault in faults if fault.cure is Cure.READ_AGAIN}
    with services.catalog.writing() as transaction:
        if Cure.REINDEX in cures:
            transaction.reindex()
        if Cure.RENUMBER in cures:
            transaction.passages.renumber()
            transaction.recount()
        for fault in faults:
            if fault.cure is Cure.FINGERPRINT:
                transaction.passages.fingerprint(fault.source_id)
        sealed = {fault.source_id: None for fault in faults if fault.cure is Cure.SEAL and fault.source_id}
        again.update((source_id, None) for source_id in sealed if transaction.mend(source_id))
    for source_id in again:
        _read_again(services, source_id)
    with services.catalog.writing() as transaction:
        # What was read again tells what the damaged reading of it must have been.
        for source_id in sealed:
            transaction.mend(source_id)
    wait = services.settings.lock_wait
    if Cure.REBUILD in cures:
        rebuild(services.catalog, services.generations, wait=wait)
    else:
        sync(services.catalog, services.generations, wait=wait)


def _stored(services: Services, hashes: Sequence[str]) -> None:
    """Keep bytes anew: from where they stand under another's name, or from a file that still has them."""
    found = {sha256: services.blobs.found(sha256) for sha256 in hashes}
    by_content = {hashlib.sha256(content).hexdigest(): content for content in found.values() if content}
    for sha256 in hashes:
        if sha256 in by_content:
            services.blobs.mend(sha256, by_content[sha256])
        else:
            _store_again(services, sha256)


def _store_again(services: Services, sha256: str) -> None:
    """Keep bytes anew from a file that still has them."""
    with services.catalog.reading() as transaction:
        uris = transaction.documents.uris_with_hash(sha256)
    for uri in uris:
        if not uri.startswith("file:"):
            continue
        try:
            content = file_at(uri).read_bytes()
        except OSError:
            continue
        if services.blobs.mend(sha256, content):
            return


def _read_again(services: Services, source_id: str) -> None:
    with services.catalog.writing() as transaction:
        known = transaction.sources.find(source_id)
        transaction.make_room(source_id)
        again = known is not None and transaction.sources.read_again(source_id)
    if again:
        services.pipeline.read_next(source_id)
