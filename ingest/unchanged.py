"""Which of many files need not be read at all, because they look as they did when they were taken in?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice

from ingest.children import label
from ingest.fetch import Found, Unreachable
from ingest.readers.registry import READERS
from ingest.stamps import stamp
from kb.catalog import Catalog
from kb.model import Outcome, OutcomeKind

# Files asked for in one query.
_TOGETHER = 500


def skim(catalog: Catalog, files: Iterable[Found | Unreachable]) -> Iterator[Found | Unreachable | Outcome]:
    """Yield each file, or in its place an Outcome when it has not changed; in the same order.

    A file counts as unchanged when its size, times and number are those of the file whose document is served,
    and today's readers would read it as it was read.
    """
    files = iter(files)
    current = {label(reader) for reader in READERS.values()}
    while together := list(islice(files, _TOGETHER)):
        same = _same(catalog, [file for file in together if isinstance(file, Found)], current)
        for file in together:
            yield same.get(file.uri, file)


def _same(catalog: Catalog, files: list[Found], current: set[str]) -> dict[str, Outcome]:
    """Return the outcomes of the unchanged ones by URI; that they were missing for a while is forgotten."""
    if not files:
        return {}
    with catalog.reading() as transaction:
        served = transaction.files.served([file.uri for file in files], collection=files[0].collection)
    found, back = {}, []
    for file in files:
        known = served.get(file.uri)
        if known is None or known.reader not in current or known.stamp != _stamp(file):
            continue
        found[file.uri] = Outcome(file.uri, OutcomeKind.UNCHANGED, known.source_id, known.title)
        if known.missing:
            back.append(known.source_id)
    if back:
        with catalog.writing() as transaction:
            transaction.files.found(back)
    return found


def _stamp(file: Found) -> str:
    try:
        return stamp(os.stat(file.path))
    except OSError:
        return ""
