"""How much room does a generation take for each character of its passages, and how much while it is built?

python -m tests.torture.room FOLDER [--documents N]

takes in a folder and builds its index anew; prints the figures that ``index.rebuild`` estimates by.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path

from index.generations import Generations
from index.rebuild import rebuild
from ingest.batch import accept_all
from tests.library import outcomes_of, services_at


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=1_000, help="take in so many at the most")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        services = services_at(Path(name))
        steps = accept_all(services.pipeline, [arguments.folder], collection="measured", max_bytes=10**8)
        outcomes_of(services.pipeline, itertools.islice(steps, arguments.documents))
        generations, largest = services.generations, 0

        def look(_count: int) -> None:
            nonlocal largest
            largest = max(largest, generations.size(generations.unfinished() or 0))

        number = rebuild(services.catalog, generations, wait=5, progress=look)
        with services.catalog.reading() as transaction:
            characters, passages = transaction.passages.characters(), transaction.passages.count()
        _report(generations, number, largest, characters=characters, passages=passages)
        services.close()


def _report(generations: Generations, number: int, largest: int, *, characters: int, passages: int) -> None:
    size = generations.size(number)
    print(f"{passages:,} passages, {characters / 1e6:,.1f} million characters")
    print(f"{size / 1e6:,.1f} MB when built: {size / characters:.2f} bytes for each character")
    print(
        f"{largest / 1e6:,.1f} MB at the most while it was built: {largest / max(size, 1):.2f} times as much"
    )


if __name__ == "__main__":
    main()
