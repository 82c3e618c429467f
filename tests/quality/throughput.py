"""How many documents and pages are read in a second, by one process and by one for each processor?

    python -m tests.quality.throughput FOLDER            measure the files below a folder
    python -m tests.quality.throughput FOLDER --table    … and write docs/quality/throughput.md

Files are told apart by content, and each kind that has a reader gets a row. Every document is read in a
reading process, as the product does, and cut into passages; the models are loaded before the clock starts.
Where markitdown is installed (the extra ``bench``), it converts the same files in one process beside ours.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ingest.formats import FORMATS
from ingest.isolation.isolated import Isolated
from ingest.mediatype import media_type
from ingest.pool import cores
from ingest.readers.registry import READERS
from ingest.reading import Limits, Seen, Task
from kb.blobs import BlobStore
from kb.errors import KBError
from tests.quality.folders import sets_in

PAGE = Path(__file__).parent.parent.parent / "docs" / "quality" / "throughput.md"
# Files of one kind that are read, chosen by a fixed seed: enough for a steady figure in a few minutes.
MOST = 60
LIMITS = Limits(seconds=120)


@dataclass(slots=True)
class Row:
    """What was measured of one kind of files; seconds are of the whole, ``slowest`` of one document."""

    kind: str
    tasks: list[tuple[Task, Path]]
    pages: int = 0
    alone: float = 0.0
    together: float = 0.0
    peer: float | None = None
    failures: dict[str, str] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")


def collect(folder: Path, blobs: BlobStore) -> list[Row]:
    """Return a row for each kind of file below the folder that can be read."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and 0 < path.stat().st_size <= LIMITS.file_mb * 1_000_000:
            found[media_type(path.read_bytes(), path.name)].append(path)
    rows = []
    for kind in sorted(found.keys() & READERS.keys()):
        paths = random.Random(7).sample(found[kind], min(MOST, len(found[kind])))
        rows.append(Row(kind, [(_task(path, kind, blobs), path) for path in paths]))
    return rows


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


def measure_peer(rows: Sequence[Row]) -> None:
    """Convert the same files with markitdown, where it is installed."""
    if importlib.util.find_spec("markitdown") is None:
        return
    from markitdown import MarkItDown  # noqa: PLC0415  # in the extra ``bench`` only

    converter = MarkItDown()
    for row in rows:
        _convert(converter, min((path for _, path in row.tasks), key=lambda path: path.stat().st_size))
        began = time.perf_counter()
        for _, path in row.tasks:
            _convert(converter, path)
        row.peer = time.perf_counter() - began


def _convert(converter: object, path: Path) -> None:
    try:
        converter.convert(str(path))  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001  # whatever another library raises for a bad file
        return


def table(rows: Sequence[Row], peak_mb: float) -> str:
    """Return the page."""
    lines = [
        "# How fast are documents read?",
        "",
        f"Measured on {cores()} processors with `python -m tests.quality.throughput FOLDER --table`: reading",
        "and cutting into passages, in processes that have read one document of the kind before; the machine",
        "was busy. A document without pages counts as one page. PDFs without a text layer go through",
        "Tesseract, which markitdown does not do; docling was left out, as it installs PyTorch.",
        "",
        f"| kind | documents | pages | one process: documents/s | pages/s | {cores()} processes: documents/s "
        "| pages/s | times as fast | markitdown, one process: documents/s |",
        "|---|---|---|---|---|---|---|---|---|",
        # Some kinds have a reader that only says what to do about them.
        *(_line(row) for row in rows if len(row.failures) < len(row.tasks)),
        "",
        f"The parent process took at most {peak_mb:,.0f} MB.",
        "",
        "| kind | slowest document | seconds | not read |",
        "|---|---|---|---|",
        *(
            f"| {_called(row.kind)} | {row.slowest[1]} | {row.slowest[0]:.1f} | {len(row.failures)} |"
            for row in rows
        ),
        "",
    ]
    for row in rows:
        lines += [f"- {_called(row.kind)}, {name}: {reason}" for name, reason in sorted(row.failures.items())]
    return "\n".join(lines).rstrip() + "\n"


def _line(row: Row) -> str:
    count = len(row.tasks)
    rates = [
        f"{amount / seconds:.1f}" for seconds in (row.alone, row.together) for amount in (count, row.pages)
    ]
    peer = "–" if row.peer is None else f"{count / row.peer:.1f}"
    cells = [_called(row.kind), str(count), str(row.pages), *rates, f"{row.alone / row.together:.2f}", peer]
    return f"| {' | '.join(cells)} |"


def _called(kind: str) -> str:
    known = FORMATS.get(kind)
    return known.called.partition(" ")[2] if known is not None else kind.partition("/")[2]


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=sets_in)
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        blobs = BlobStore(Path(temporary))
        rows = collect(options.folder, blobs)
        for row in rows:
            measure(row, blobs)
        peak_mb = psutil.Process().memory_info().rss / 1_000_000
        measure_peer(rows)
    page = table(rows, peak_mb)
    print(page)
    if options.table:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
