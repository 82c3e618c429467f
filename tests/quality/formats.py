"""Does every file read, or say in words why not? Put all kinds of files through the readers.

python -m tests.quality.formats DATA            measure, and list what was refused
python -m tests.quality.formats DATA --table    … and write docs/quality/formats.md

DATA is the folder with ``formats`` and ``pdf-hard``. Each file is read in a process that is ended when it
takes too long. A kind without a reader is counted as such.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from ingest.formats import ZIP
from ingest.mediatype import media_type
from ingest.readers.registry import READERS, reader_for
from kb.errors import KBError, UnknownFormat
from tests.quality.folders import sets_in

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "quality" / "formats.md"
FOLDERS = ("formats", "pdf-hard")
# Seconds after which a file counts as one that hangs.
LONGEST = 60.0
READ, UNPACKED, REFUSED, NO_READER = "read", "unpacked", "refused", "no reader"
CRASHED, HUNG = "crashed", "hung"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: the outcome, how many blocks or why not, and the seconds that it took."""

    path: str
    outcome: str
    blocks: int = 0
    reason: str = ""
    seconds: float = 0.0

    @property
    def suffix(self) -> str:
        """Return the kind of file that the name says."""
        return Path(self.path).suffix.lower() or "(none)"


def read(path: Path, shown: str) -> Result:
    """Read one file, in a process of its own, and say what became of it."""
    start = time.perf_counter()
    try:
        content = path.read_bytes()
        kind = media_type(content, path.name)
        if kind == ZIP:
            return Result(shown, UNPACKED)
        document = reader_for(kind).read(content, name=path.name)
    except UnknownFormat as error:
        return Result(shown, NO_READER, reason=str(error))
    except KBError as error:
        return Result(shown, REFUSED, reason=f"{error}. {error.remedy}", seconds=time.perf_counter() - start)
    except Exception as error:  # noqa: BLE001 - what no reader foresaw is what is being looked for
        return Result(shown, CRASHED, reason=f"{type(error).__name__}: {error}")
    return Result(shown, READ, len(document.blocks), seconds=time.perf_counter() - start)


def through(folder: Path) -> Iterator[Result]:
    """Yield what became of each file below a folder."""
    pool = ProcessPoolExecutor(max_workers=1)
    # The first use loads what tells languages apart; no file is to be blamed for it.
    pool.submit(warm).result()
    for path in sorted(path for name in FOLDERS for path in (folder / name).rglob("*") if path.is_file()):
        shown = str(path.relative_to(folder))
        try:
            yield pool.submit(read, path, shown).result(timeout=LONGEST)
        except (TooLong, BrokenProcessPool) as error:
            hung = isinstance(error, TooLong)
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=False)
            pool = ProcessPoolExecutor(max_workers=1)
            yield Result(
                shown, HUNG if hung else CRASHED, reason="" if hung else "the process died", seconds=LONGEST
            )
    pool.shutdown()


def warm() -> None:
    """Read a text, so that everything is loaded."""
    READERS["text/plain"].read(b"The child is safe. La familia recibe apoyo de la agencia local.")


def report(results: list[Result]) -> str:
    """Return the page that says what became of the files."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        kinds[result.suffix][result.outcome] += 1
    outcomes = (READ, UNPACKED, REFUSED, NO_READER, CRASHED, HUNG)
    lines = [
        "# Every kind of file",
        "",
        f"{len(results)} files of the test collections of other projects (docling, markitdown, Apache Tika,",
        "unstructured, python-docx, pdf.js), many of them broken on purpose. A file is read, or"
        " refused with a",
        "reason and a remedy; nothing may crash, hang, or give an empty document.",
        "",
        "`python -m tests.quality.formats DATA --table`",
        "",
        "| kind | files | " + " | ".join(outcomes) + " |",
        "|---|---|" + "---|" * len(outcomes),
    ]
    for suffix in sorted(kinds, key=lambda suffix: -kinds[suffix].total()):
        counts = kinds[suffix]
        shown = (str(counts[outcome] or "") for outcome in outcomes)
        lines.append(f"| {suffix} | {counts.total()} | {' | '.join(shown)} |")
    totals = Counter(result.outcome for result in results)
    lines.append(f"| all | {len(results)} | {' | '.join(str(totals[outcome]) for outcome in outcomes)} |")
    lines += ["", "## Slowest", "", "| file | seconds | blocks |", "|---|---|---|"]
    for result in sorted(results, key=lambda result: -result.seconds)[:10]:
        lines.append(f"| {Path(result.path).name} | {result.seconds:.2f} | {result.blocks} |")
    lines += ["", "## Refused, and why", ""]
    lines += [
        f"- {Path(result.path).name}: {result.reason}" for result in results if result.outcome == REFUSED
    ]
    lines += ["", "## Without a reader", "", "| what it seems to be | files |", "|---|---|"]
    unknown = Counter(
        result.reason.replace(Path(result.path).name, "it").partition(";")[0]
        for result in results
        if result.outcome == NO_READER
    )
    lines += [f"| {reason} | {number} |" for reason, number in unknown.most_common()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure as asked on the command line; fail if a file crashes or hangs a reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=sets_in)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    results = list(through(arguments.data))
    page = report(results)
    print(page)
    if arguments.table:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(page, encoding="utf-8")
    bad = [result for result in results if result.outcome in {CRASHED, HUNG}]
    for result in bad:
        print(f"{result.outcome}: {result.path}: {result.reason}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
