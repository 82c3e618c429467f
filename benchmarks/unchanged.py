"""How long does `kb ingest` take on a folder that is new to it, and when nothing or little has changed?

    python -m benchmarks.unchanged [FILES] [--table]

Builds a folder of small files and runs the command itself, as a person does. Processor seconds, of all its
processes, are given beside those of the clock, which other programs lengthen; memory is that of the largest
process. ``--table`` writes docs/library.md.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "library.md"
_BETWEEN = re.compile(r"(<!-- passes -->\n).*?(<!-- end of passes -->)", re.DOTALL)


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="?", type=int, default=10_000)
    parser.add_argument("--table", action="store_true", help="write docs/library.md")
    arguments = parser.parse_args()
    count = arguments.files
    lines = [f"| {count:,} files | seconds | of the processor | memory, MB |", "|---|---|---|---|"]
    print(*lines, sep="\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        home, library = Path(folder, "home"), Path(folder, "library")
        _write(library, count)
        lines.append(_run("first ingest", home, library))
        lines.append(_run("nothing changed", home, library))
        lines.append(_run("nothing changed, `--thorough`", home, library, "--thorough"))
        for number in range(0, count, 100):
            _file(library, number).write_text(_words(number, "afternoon"))
        lines.append(_run("1 % changed", home, library))
    if arguments.table:
        page = PAGE.read_text(encoding="utf-8")
        table = "\n".join(lines)
        PAGE.write_text(_BETWEEN.sub(lambda marks: f"{marks[1]}{table}\n{marks[2]}", page), encoding="utf-8")


def _file(library: Path, number: int) -> Path:
    return library / f"{number // 100:04}" / f"{number:06}.txt"


def _words(number: int, when: str) -> str:
    return f"Rule {number}\n\nVisitors of house {number} come in the {when} and sign the book at the desk.\n"


def _write(library: Path, count: int) -> None:
    for number in range(count):
        path = _file(library, number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_words(number, "morning"))


def _run(what: str, home: Path, library: Path, *options: str) -> str:
    command = [sys.executable, "-m", "webapp.cli", "ingest", str(library), *options]
    told = home.with_suffix(".out")
    began = time.perf_counter()
    with told.open("w") as out:
        process = subprocess.Popen(command, env={**os.environ, "KB_HOME": str(home)}, stdout=out, stderr=out)
        # Of this process and of those that it waited for, not of all that ever were.
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    processor, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    line = f"| {what} | {seconds:.1f} | {processor:.1f} | {memory:.0f} |"
    last = told.read_text().splitlines()[-1]
    print(line, last, flush=True)
    if process.returncode:
        sys.exit(last)
    return line


if __name__ == "__main__":
    main()
