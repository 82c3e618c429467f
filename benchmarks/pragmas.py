"""Which of SQLite's settings pay? The catalog's work under each, one after another, several times over.

    python -m benchmarks.pragmas [FOLDER] [--count N] [--rounds N]

Writing: documents taken in, one to a transaction, as a worker does. Reading: ten passages with their proof,
as an answer needs them, at random, from a catalog that was closed before. Medians of all rounds.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from benchmarks.home import publish
from benchmarks.library import Line, folder_of_data, real_lines
from kb.catalog import Catalog

# What the catalog does, and what it might do.
_WRITING = {
    "as it is (synchronous = FULL)": "",
    "synchronous = NORMAL": "PRAGMA synchronous = NORMAL",
    "synchronous = OFF": "PRAGMA synchronous = OFF",
    "temp_store = MEMORY": "PRAGMA temp_store = MEMORY",
    "cache of 64 MB": "PRAGMA cache_size = -64000",
}
_READING = {
    "as it is": "",
    "mmap_size = 256 MB": "PRAGMA mmap_size = 268435456",
    "cache of 64 MB": "PRAGMA cache_size = -64000",
    "both": "PRAGMA mmap_size = 268435456; PRAGMA cache_size = -64000",
}
_WRITTEN, _ANSWERS, _SHOWN = 400, 400, 10


def main() -> None:
    """Run the command and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    lines = sorted(
        real_lines(folder_of_data(options.folder))[: options.count], key=lambda line: line.document
    )
    written = _interleaved(_WRITING, lambda pragmas: _write(lines, pragmas), rounds=options.rounds)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'catalog.sqlite'}"
        with closing(Catalog.open(url)) as catalog, catalog.writing() as transaction:
            for name, parts in itertools.groupby(lines, key=lambda line: line.document):
                publish(transaction, name, list(parts))
        read = _interleaved(_READING, lambda pragmas: _read(url, pragmas), rounds=options.rounds)
    print("| writing | ms a document |\n| --- | --- |")
    for name, milliseconds in written.items():
        print(f"| {name} | {milliseconds:.2f} |")
    print("\n| reading | ms for ten passages |\n| --- | --- |")
    for name, milliseconds in read.items():
        print(f"| {name} | {milliseconds:.3f} |")


def _interleaved(ways: dict[str, str], measure: Callable[[str], float], *, rounds: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, pragmas in ways.items():
            taken[name].append(measure(pragmas))
    return {name: median(times) for name, times in taken.items()}


def _write(lines: Sequence[Line], pragmas: str) -> float:
    documents = [list(parts) for _, parts in itertools.groupby(lines, key=lambda line: line.document)]
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Catalog.open(f"sqlite:///{Path(folder) / 'catalog.sqlite'}")) as catalog,
    ):
        _set(catalog, pragmas)
        began = time.perf_counter()
        for parts in documents[:_WRITTEN]:
            with catalog.writing() as transaction:
                publish(transaction, parts[0].document, parts)
        return (time.perf_counter() - began) * 1000 / min(len(documents), _WRITTEN)


def _read(url: str, pragmas: str) -> float:
    with closing(Catalog.open(url)) as catalog:
        _set(catalog, pragmas)
        with catalog.reading() as transaction:
            ids = sorted(transaction.passages.live_ids())
        chance = random.Random(1)
        taken = []
        for _ in range(_ANSWERS):
            wanted = chance.sample(ids, _SHOWN)
            began = time.perf_counter()
            with catalog.reading() as transaction:
                assert len(transaction.passages.citations(wanted)) == _SHOWN
            taken.append((time.perf_counter() - began) * 1000)
        return median(taken)


def _set(catalog: Catalog, pragmas: str) -> None:
    """Give each connection that is opened from now on the settings, those that are open too."""

    def apply(connection: sa.engine.interfaces.DBAPIConnection, _pooled: object) -> None:
        cursor = connection.cursor()
        for pragma in filter(None, pragmas.split(";")):
            cursor.execute(pragma)
        cursor.close()

    catalog._engine.dispose()
    sa.event.listen(catalog._engine, "connect", apply)


if __name__ == "__main__":
    main()
