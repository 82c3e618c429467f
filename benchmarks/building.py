"""How fast does a library of passages come to be searchable, and what do the processes take that see to it?

    python -m benchmarks.building fill HOME SIZE [FOLDER]     put passages into the catalog of a home folder
    python -m benchmarks.building index HOME                  bring its index up to it, as a worker does
    python -m benchmarks.building files COUNT [FOLDER]        from files to answers, by `kb ingest`

Each is run in a process of its own, so that its memory is that of the work and of nothing else. The own
memory of a process is what no file backs: what is mapped of files the system can take back at any time.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.home import fill, services_at
from benchmarks.library import Line, folder_of_data, grown_lines, real_lines
from benchmarks.timing import own_mb, peak_mb
from index.sync import sync

# Seconds between two looks at the memory of processes.
_LOOK = 0.2


def main() -> None:
    """Run the command and print what was measured as a line of JSON."""
    parser = argparse.ArgumentParser()
    ways = parser.add_subparsers(dest="way", required=True)
    filling = ways.add_parser("fill")
    filling.add_argument("home", type=Path)
    filling.add_argument("size", type=int)
    filling.add_argument("folder", nargs="?")
    ways.add_parser("index").add_argument("home", type=Path)
    taking = ways.add_parser("files")
    taking.add_argument("count", type=int)
    taking.add_argument("folder", nargs="?")
    options = parser.parse_args()
    if options.way == "fill":
        found = _filled(options.home, options.size, options.folder)
    elif options.way == "index":
        found = _indexed(options.home)
    else:
        found = _from_files(real_lines(folder_of_data(options.folder)), count=options.count)
    print(json.dumps(found))


class Running:
    """This command in a process of its own; ``finish`` waits for it and returns what it prints."""

    def __init__(self, *arguments: str) -> None:
        self._command = [sys.executable, "-m", "benchmarks.building", *arguments]
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)

    def finish(self) -> dict[str, Any]:
        """Return the figures; ends the program when there are none."""
        told, _ = self._process.communicate()
        if self._process.returncode:
            raise SystemExit(f"{shlex.join(self._command)} failed")
        found: dict[str, Any] = json.loads(told.splitlines()[-1])
        return found


def lines_of(size: int, folder: str | None) -> Iterator[Line]:
    """Yield the passages of a library of a size, those of a document together."""
    real = real_lines(folder_of_data(folder))
    here = sorted(real[:size], key=lambda line: (line.document, line.id))
    # Of the real passages those of a document stand together; the made ones come in this order.
    yield from itertools.chain(here, itertools.islice(grown_lines(real, size), len(here), None))


def _filled(home: Path, size: int, folder: str | None) -> dict[str, Any]:
    services = services_at(home)
    lines = lines_of(size, folder)
    first = next(lines)
    began, worked = time.perf_counter(), time.process_time()
    fill(services, itertools.chain([first], lines))
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    services.close()
    return {
        "catalog_passages_per_s": round(size / seconds),
        "catalog_passages_per_cpu_s": round(size / worked),
    }


def _indexed(home: Path) -> dict[str, Any]:
    """Index what a catalog has, with a second process for what is known of the library."""
    services = services_at(home)
    began, worked = time.perf_counter(), time.process_time()
    with _watched() as most:
        applied = sync(services.catalog, services.generations, wait=60)
    seconds = time.perf_counter() - began
    helped = resource.getrusage(resource.RUSAGE_CHILDREN)
    own, others = time.process_time() - worked, helped.ru_utime + helped.ru_stime
    services.close()
    return {
        "index_passages_per_s": round(applied / seconds),
        # As many as there would be if each process had a processor to itself.
        "index_passages_per_cpu_s_of_two": round(applied / max(own, others)),
        "index_cpu_s": round(own, 1),
        "library_cpu_s": round(others, 1),
        "worker_memory_peak_mb": peak_mb(),
        "worker_memory_own_mb": most.get("worker"),
        "helper_memory_own_mb": most.get("helper"),
    }


@contextmanager
def _watched() -> Iterator[dict[str, float]]:
    """Watch the own memory of this process and of its children; what is yielded holds the most of each."""
    most: dict[str, float] = {}
    done = threading.Event()

    def watch() -> None:
        children = Path(f"/proc/self/task/{os.getpid()}/children")
        while not done.wait(_LOOK):
            try:
                named = [("worker", "self"), *(("helper", pid) for pid in children.read_text().split())]
                for name, pid in named:
                    most[name] = max(most.get(name, 0.0), own_mb(pid))
            except OSError:
                continue

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def _from_files(lines: list[Line], *, count: int) -> dict[str, Any]:
    """Write documents as files and have `kb ingest` take them in; it ends when all can be found."""
    documents = itertools.groupby(
        sorted(lines, key=lambda line: line.document), key=lambda line: line.document
    )
    with tempfile.TemporaryDirectory() as name:
        folder, size = Path(name, "library"), 0
        folder.mkdir()
        for number, (_, parts) in enumerate(itertools.islice(documents, count)):
            text = "\n\n".join(part.text for part in parts)
            size += (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        environment = {**os.environ, "KB_HOME": str(Path(name, "home"))}
        command = [sys.executable, "-m", "webapp.cli", "ingest", str(folder)]
        began = time.perf_counter()
        subprocess.run(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
        )
        seconds = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        services = services_at(Path(name, "home"))
        with services.catalog.reading() as transaction:
            passages = transaction.passages.count()
        services.close()
    return {
        "files": count,
        "mb": round(size / 1e6, 1),
        "passages": passages,
        "passages_per_s": round(passages / seconds),
        "passages_per_cpu_s": round(passages / (used.ru_utime + used.ru_stime)),
    }


if __name__ == "__main__":
    main()
