"""How many documents and pages are read in a second, by one process and by one for each processor?

    python -m tests.quality.throughput FOLDER            measure the files below a folder
    python -m tests.quality.throughput FOLDER --table    … and write docs/quality/throughput.md

Files are told apart by content, and each kind that has a reader gets a row. Every document is read in a
reading process, as the product does, and cut into passages; the models are loaded before the clock starts.
With ``--peers PYTHON`` the converters that this other Python has (markitdown, docling-slim, unstructured)
take the same PDFs, web pages and Word documents, in one process.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from pypdfium2 import PdfiumError

from ingest.formats import DOCX, FORMATS, HTML, PDF
from ingest.isolation.isolated import Isolated
from ingest.mediatype import media_type
from ingest.pool import cores
from ingest.readers.pdf.opening import opened
from ingest.readers.registry import READERS
from ingest.reading import Limits, Seen, Task
from kb.blobs import BlobStore
from kb.errors import KBError
from tests.quality.folders import sets_in

PAGE = Path(__file__).parent.parent.parent / "docs" / "quality" / "throughput.md"
# Files of one kind that are read, chosen by a fixed seed: enough for a steady figure in a few minutes.
MOST = 60
LIMITS = Limits(seconds=120)
PEERS = (PDF, HTML, DOCX)


@dataclass(slots=True)
class Row:
    """What was measured of one kind of files; seconds are of the whole, ``slowest`` of one document."""

    kind: str
    called: str
    tasks: list[tuple[Task, Path]]
    pages: int = 0
    alone: float = 0.0
    together: float = 0.0
    peers: dict[str, tuple[float, int]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")


def collect(folder: Path, blobs: BlobStore) -> list[Row]:
    """Return a row for each kind of file below the folder that can be read."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and 0 < path.stat().st_size <= LIMITS.file_mb * 1_000_000:
            content = path.read_bytes()
            kind = media_type(content, path.name)
            found[kind, _called(kind, content)].append(path)
    rows = []
    for (kind, called), below in sorted(found.items()):
        if kind in READERS:
            paths = random.Random(7).sample(below, min(MOST, len(below)))
            rows.append(Row(kind, called, [(_task(path, kind, blobs), path) for path in paths]))
    return rows


def _called(kind: str, content: bytes) -> str:
    """Return what a kind of files is called; PDFs whose first page has no text are one of their own."""
    known = FORMATS.get(kind)
    called = known.called.partition(" ")[2] if known is not None else kind.partition("/")[2]
    if kind != PDF:
        return called
    try:
        with opened(content) as document:
            worded = document[0].get_textpage().count_chars() > 0
    except (KBError, PdfiumError):
        worded = False
    return called if worded else f"{called} without text on its first page (scans, damaged)"


def _task(path: Path, kind: str, blobs: BlobStore) -> Task:
    return Task(blobs.put(path.read_bytes()), path.name, kind, LIMITS.parts, LIMITS.unpacked_mb)


def measure(row: Row, blobs: BlobStore) -> None:
    """Read all documents of a row, by one process, then by one for each processor."""
    with closing(Isolated(LIMITS)) as reading:
        _warm_up(reading, blobs, row, processes=1)
        began = time.perf_counter()
        for task, path in row.tasks:
            _note(row, path, lambda task=task: reading.read(task, blobs))
        row.alone = time.perf_counter() - began
    with closing(Isolated(LIMITS)) as reading, ThreadPoolExecutor(cores()) as executor:
        _warm_up(reading, blobs, row, processes=cores())
        began = time.perf_counter()
        list(executor.map(lambda each: _quietly(lambda: reading.read(each[0], blobs)), row.tasks))
        row.together = time.perf_counter() - began


def _note(row: Row, path: Path, read: Callable[[], Seen]) -> None:
    began = time.perf_counter()
    try:
        seen = read()
    except KBError as error:
        row.failures[path.name] = str(error)
    else:
        document = seen.sight.document if seen.sight is not None else None
        if document is not None:
            row.pages += len(document.pages) or 1
    row.slowest = max(row.slowest, (time.perf_counter() - began, path.name))


def _quietly(read: Callable[[], object]) -> None:
    try:
        read()
    except KBError:
        return


def _warm_up(reading: Isolated, blobs: BlobStore, row: Row, *, processes: int) -> None:
    """Start the processes and have each load what this kind of document needs: it reads the smallest."""
    task, _ = min(row.tasks, key=lambda each: each[1].stat().st_size)
    together = threading.Barrier(processes)

    def read(_number: int) -> None:
        together.wait()
        _quietly(lambda: reading.read(task, blobs))

    with ThreadPoolExecutor(processes) as executor:
        list(executor.map(read, range(processes)))


def measure_peers(rows: Sequence[Row], python: str) -> list[str]:
    """Convert the same files with the converters that another Python has; return what these are called."""
    files = {row.called: [str(path.absolute()) for _, path in row.tasks] for row in rows if row.kind in PEERS}
    asked = [python, str(Path(__file__).with_name("converting.py"))]
    told = subprocess.run(asked, input=json.dumps(files), capture_output=True, text=True, check=True)
    found = json.loads(told.stdout.splitlines()[-1])
    for row in rows:
        row.peers = {name: tuple(kinds[row.called]) for name, kinds in found.items() if row.called in kinds}
    return list(found)


def table(rows: Sequence[Row], peak_mb: float, peers: Sequence[str]) -> str:
    """Return the page."""
    lines = [
        "# How fast are documents read?",
        "",
        f"Measured on {cores()} processors with `python -m tests.quality.throughput FOLDER --table`: reading",
        "and cutting into passages, in processes that have read one document of the kind before; the machine",
        "was busy. A document without pages counts as one page. PDFs without a text layer go through",
        "Tesseract.",
        "",
        f"| kind | documents | pages | one process: documents/s | pages/s | {cores()} processes: documents/s "
        "| pages/s | times as fast |",
        "|---|---|---|---|---|---|---|---|",
        # Some kinds have a reader that only says what to do about them.
        *(_line(row) for row in rows if len(row.failures) < len(row.tasks)),
        *_beside(rows, peers),
        "",
        f"The parent process took at most {peak_mb:,.0f} MB.",
        "",
        "| kind | slowest document | seconds | not read |",
        "|---|---|---|---|",
        *(
            f"| {row.called} | {row.slowest[1]} | {row.slowest[0]:.1f} | {len(row.failures)} |"
            for row in rows
        ),
        "",
    ]
    for row in rows:
        lines += [f"- {row.called}, {name}: {reason}" for name, reason in sorted(row.failures.items())]
    return "\n".join(lines).rstrip() + "\n"


def _line(row: Row) -> str:
    count = len(row.tasks)
    rates = [
        f"{amount / seconds:.1f}" for seconds in (row.alone, row.together) for amount in (count, row.pages)
    ]
    cells = [row.called, str(count), str(row.pages), *rates, f"{row.alone / row.together:.2f}"]
    return f"| {' | '.join(cells)} |"


def _beside(rows: Sequence[Row], peers: Sequence[str]) -> Iterator[str]:
    """Yield a table of other converters beside ours: documents a second in one process."""
    if not peers:
        return
    yield from (
        "",
        "## Beside other converters",
        "",
        "Documents a second, in one process, of the same files.",
    )
    yield "markitdown does not recognise the text of scans. docling itself takes PyTorch (539 MB, and 1.3 GB"
    yield "of CUDA more), so only its readers of Word documents and web pages were run, which need none."
    yield from ("", f"| kind | kb | {' | '.join(peers)} |", "|---|---|" + "---|" * len(peers))
    for row in rows:
        if row.peers:
            rates = [_rate(row, row.peers.get(name)) for name in peers]
            own = f"{len(row.tasks) / row.alone:.1f} ({len(row.failures)} not read)"
            yield f"| {row.called} | {own} | {' | '.join(rates)} |"


def _rate(row: Row, measured: tuple[float, int] | None) -> str:
    if measured is None or measured[1] == len(row.tasks):
        return "–"
    return f"{len(row.tasks) / measured[0]:.1f} ({measured[1]} not read)"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=sets_in)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--peers", metavar="PYTHON", help="a Python that has other converters")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        blobs = BlobStore(Path(temporary))
        rows = collect(options.folder, blobs)
        for row in rows:
            measure(row, blobs)
        peak_mb = psutil.Process().memory_info().rss / 1_000_000
        peers = measure_peers(rows, options.peers) if options.peers else []
    page = table(rows, peak_mb, peers)
    print(page)
    if options.table:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
