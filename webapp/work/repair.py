"""Which faults of a library can be healed from what is left of it? The catalog from the stored bytes,
the stored bytes from the files they came from, the index from the catalog.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.rebuild import rebuild
from index.sync import sync
from ingest.pipeline import file_at
from kb.faults import Cure, Fault
from webapp.wiring import Services


def repair(services: Services, faults: Sequence[Fault]) -> None:
    """Heal what can be healed; what is left shows in the next ``verify``."""
    for fault in faults:
        if fault.cure is Cure.STORE_AGAIN:
            _store_again(services, fault.sha256)
    with services.catalog.writing() as transaction:
        if any(fault.cure is Cure.RENUMBER for fault in faults):
            transaction.passages.renumber()
        for fault in faults:
            if fault.cure is Cure.FINGERPRINT:
                transaction.passages.fingerprint(fault.source_id)
    for fault in faults:
        if fault.cure is Cure.READ_AGAIN:
            _read_again(services, fault.source_id)
    wait = services.settings.lock_wait
    if any(fault.cure is Cure.REBUILD for fault in faults):
        rebuild(services.catalog, services.generations, wait=wait)
    else:
        sync(services.catalog, services.generations, wait=wait)


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
        again = known is not None and transaction.sources.read_again(source_id)
    if again:
        services.pipeline.read_next(source_id)
