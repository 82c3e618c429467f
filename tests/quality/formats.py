"""Does every file read, or say in words why not? Put all kinds of files through the readers.

python -m tests.quality.formats DATA            measure, and list what was refused
python -m tests.quality.formats DATA --table    … and write docs/quality/formats.md

DATA is the folder with ``formats`` and ``pdf-hard``. Each file is read as ``kb ingest`` reads it: in a
process of its own, within the usual limits. Each password in ``pdf-hard/passwords.json`` is tried on what is
locked, as those of KB_PASSWORD_FILE are.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.isolation.isolated import Isolated
from ingest.mediatype import media_type
from ingest.readers.registry import reader_for
from ingest.reading import Limits, Reading, Task
from ingest.unlocking import Unlocking
from kb.blobs import BlobStore
from kb.errors import KBError, ReaderCrashed, SourceTooLarge, UnexpectedError, UnknownFormat
from tests.quality.folders import sets_in

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "quality" / "formats.md"
FOLDERS = ("formats", "pdf-hard")
LIMITS = Limits()
READ, REFUSED, NO_READER = "read", "refused", "no reader"
CRASHED, STOPPED, EMPTY = "crashed", "at a limit", "silently empty"
BAD = (CRASHED, STOPPED, EMPTY)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file: the outcome, how many blocks or why not, and the seconds that it took."""

    path: str
    outcome: str
    blocks: int = 0
    parts: int = 0
    reason: str = ""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def suffix(self) -> str:
        """Return the kind of file that the name says."""
        return Path(self.path).suffix.lower() or "(none)"


def read(path: Path, shown: str, reading: Reading, blobs: BlobStore) -> Result:
    """Read one file and say what became of it."""
    start = time.perf_counter()

    def refused(outcome: str, error: KBError) -> Result:
        reason = f"{error}. {error.remedy}"
        return Result(shown, outcome, reason=reason, seconds=time.perf_counter() - start)

    try:
        content = path.read_bytes()
        kind = media_type(content, path.name)
        reader_for(kind)
        task = Task(blobs.put(content), path.name, kind, LIMITS.parts, LIMITS.unpacked_mb)
        seen = reading.read(task, blobs)
    except UnknownFormat as error:
        return refused(NO_READER, error)
    except (ReaderCrashed, UnexpectedError) as error:
        return refused(CRASHED, error)
    except SourceTooLarge as error:
        return refused(STOPPED, error)
    except KBError as error:
        return refused(REFUSED, error)
    document = seen.sight.document if seen.sight is not None else None
    return Result(
        shown,
        READ if seen.parts or (document is not None and document.text.strip()) else EMPTY,
        len(document.blocks) if document is not None else 0,
        len(seen.parts),
        warnings=document.warnings if document is not None else (),
        seconds=time.perf_counter() - start,
    )


def through(folder: Path) -> Iterator[Result]:
    """Yield what became of each file below a folder."""
    stated = json.loads((folder / "pdf-hard" / "passwords.json").read_text(encoding="utf-8"))
    known = tuple(dict.fromkeys(str(word) for word in stated.values()))
    with (
        tempfile.TemporaryDirectory(prefix="kb-formats-") as store,
        closing(Unlocking(Isolated(LIMITS), lambda: known)) as reading,
    ):
        for path in sorted(path for name in FOLDERS for path in (folder / name).rglob("*") if path.is_file()):
            yield read(path, str(path.relative_to(folder)), reading, BlobStore(Path(store)))


def memory_mb() -> float:
    """Return the most memory that this process has had, in megabytes; those that read are others."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1_000_000 if sys.platform == "darwin" else most / 1_000


def report(results: list[Result]) -> str:
    """Return the page that says what became of the files."""
    slowest = max(results, key=lambda result: result.seconds)
    lines = [
        "# Every kind of file",
        "",
        f"{len(results)} files of the test collections of other projects (docling, markitdown, Apache Tika,",
        "unstructured, python-docx, pdf.js), many of them broken on purpose, each read as `kb ingest` reads",
        "it. A file is read, or refused with a reason and a remedy; nothing may crash, come to a limit, or",
        "give an empty document.",
        "",
        "`python -m tests.quality.formats DATA --table`",
        "",
        f"The process that hands out the files took {memory_mb():.0f} MB at most. The slowest file was"
        f" {Path(slowest.path).name} with {slowest.seconds:.1f} s.",
        "",
        *_kinds(results),
        "",
        "## Slowest",
        "",
        "| file | seconds | blocks |",
        "|---|---|---|",
    ]
    for result in sorted(results, key=lambda result: -result.seconds)[:10]:
        lines.append(f"| {Path(result.path).name} | {result.seconds:.2f} | {result.blocks} |")
    for outcome in (*BAD, REFUSED):
        found = [result for result in results if result.outcome == outcome]
        lines += ["", f"## {outcome.capitalize()}, and why: {len(found)}", ""] if found else []
        lines += [f"- {Path(result.path).name}: {result.reason}" for result in found]
    warned = [result for result in results if result.warnings]
    lines += ["", f"## Read, with a warning: {len(warned)}", ""]
    lines += [f"- {Path(result.path).name}: {_few(result.warnings)}" for result in warned]
    lines += ["", "## Without a reader", "", "| what it seems to be | files |", "|---|---|"]
    unknown = Counter(
        result.reason.replace(Path(result.path).name, "it").partition(";")[0]
        for result in results
        if result.outcome == NO_READER
    )
    lines += [f"| {reason} | {number} |" for reason, number in unknown.most_common()]
    return "\n".join(lines) + "\n"


def _kinds(results: list[Result]) -> Iterator[str]:
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        kinds[result.suffix][result.outcome] += 1
    outcomes = (READ, REFUSED, NO_READER, *BAD)
    yield "| kind | files | " + " | ".join(outcomes) + " |"
    yield "|---|---|" + "---|" * len(outcomes)
    for suffix in sorted(kinds, key=lambda suffix: -kinds[suffix].total()):
        counts = kinds[suffix]
        shown = (str(counts[outcome] or "") for outcome in outcomes)
        yield f"| {suffix} | {counts.total()} | {' | '.join(shown)} |"
    totals = Counter(result.outcome for result in results)
    yield f"| all | {len(results)} | {' | '.join(str(totals[outcome]) for outcome in outcomes)} |"


def _few(warnings: tuple[str, ...]) -> str:
    more = f"; and {len(warnings) - 3} more" if len(warnings) > 3 else ""
    return "; ".join(warnings[:3]) + more


def main() -> int:
    """Measure as asked on the command line; fail if a file crashes a reader, hangs it or ends as nothing."""
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
    bad = [result for result in results if result.outcome in BAD]
    for result in bad:
        print(f"{result.outcome}: {result.path}: {result.reason}", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
