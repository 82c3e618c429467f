"""How long does `kb ingest` take on a folder in which nothing, or little, has changed?

    python -m benchmarks.unchanged [FILES]

Builds a folder of small files and a library that has read them (in one transaction: what is measured is what
comes after), then runs the command itself, as a person does. Processor seconds are given beside those of the
clock, which other programs lengthen.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from index.sync import sync
from ingest.children import label
from ingest.fetch import Found, read_file, walk
from ingest.readers.registry import READERS
from ingest.segment import segment
from ingest.stamps import stamp
from kb import ids, settings
from kb.model import Revision, Source, SourceState
from webapp.wiring import Services, wire


def main() -> None:
    """Measure and print a table row by row."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        home, library = Path(folder, "home"), Path(folder, "library")
        _write(library, count)
        services = wire(settings.load({}, home=home))
        _take_in(services, library)
        sync(services.catalog, services.generations, wait=60)
        services.close()
        print(f"{count:,} files | seconds | of the processor | memory MB")
        _run("nothing changed", home, library)
        _run("nothing changed, --thorough", home, library, "--thorough")
        for number in range(0, count, 100):
            _file(library, number).write_text(_words(number, "afternoon"))
        _run("1 % changed", home, library)


def _file(library: Path, number: int) -> Path:
    return library / f"{number // 100:04}" / f"{number:06}.txt"


def _words(number: int, when: str) -> str:
    return f"Rule {number}\n\nVisitors of house {number} come in the {when} and sign the book at the desk.\n"


def _write(library: Path, count: int) -> None:
    for number in range(count):
        path = _file(library, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_words(number, "morning"))


def _take_in(services: Services, library: Path) -> None:
    reader = READERS["text/plain"]
    with services.catalog.writing() as transaction:
        for found in walk(library):
            assert isinstance(found, Found)
            fetched = read_file(found, max_bytes=1_000_000)
            now = datetime.now(UTC)
            source = Source(
                ids.source_id(found.collection, found.place),
                found.collection,
                found.place,
                found.uri,
                fetched.name,
                SourceState.PENDING,
                now,
                now,
            )
            sha256 = _put_without_waiting(services, fetched.content)
            size = len(fetched.content)
            transaction.sources.accept(source, Revision(0, source.id, sha256, "text/plain", size, now))
            waiting = transaction.sources.get(source.id).waiting_revision_id
            assert waiting is not None
            document = reader.read(fetched.content, name=fetched.name)
            document_id = transaction.documents.add(waiting, document, reader=label(reader))
            spans = segment(document)
            transaction.passages.replace(source.id, document_id, document, spans=spans, restated=False)
            transaction.sources.ready(source.id, document_id=document_id, title=document.title)
            transaction.files.seen(source.id, stamp(os.stat(found.path)))


def _put_without_waiting(services: Services, content: bytes) -> str:
    """Store bytes without the wait for the disk that a real library takes for each."""
    sync_file = os.fsync
    os.fsync = lambda _: None
    try:
        return services.blobs.put(content)
    finally:
        os.fsync = sync_file


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(what: str, home: Path, library: Path, *options: str) -> None:
    began, used = time.perf_counter(), _processor()
    command = [sys.executable, "-m", "webapp.cli", "ingest", str(library), *options]
    ended = subprocess.run(
        command, env={**os.environ, "KB_HOME": str(home)}, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    last = (ended.stdout.splitlines() or [ended.stderr])[-1]
    print(f"{what} | {seconds:.1f} | {_processor() - used:.1f} | {memory:.0f} | {last}", flush=True)


if __name__ == "__main__":
    main()
