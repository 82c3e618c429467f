"""How are bytes read that the library does not keep? They lie aside for as long as that takes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.mediatype import media_type
from ingest.reading import Reading, Task
from kb.blobs import BlobStore


@contextmanager
def kept_aside(content: bytes, name: str, reading: Reading) -> Iterator[tuple[Task, BlobStore]]:
    """Give what is to be read of some bytes, and where they lie until all is done."""
    limits = reading.limits
    with tempfile.TemporaryDirectory(prefix="kb-aside-") as folder:
        blobs = BlobStore(Path(folder))
        kind = media_type(content, name)
        yield Task(blobs.put(content), name, kind, limits.parts, limits.unpacked_mb), blobs
