"""How often do documents seem to contradict one another, and do they? Each flag is printed, to be read.

python -m tests.quality.contradictions FOLDER… [--questions 500]

Each folder is taken in as a library of its own. The beginnings of passages, drawn with a fixed seed, are
asked; the first ten places of each answer are what a reader would see.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from index.alike.conflicts import Conflict
from kb.errors import QueryError
from tests.library import services_at, take_in
from webapp.wiring import Services


def beginnings(services: Services, most: int) -> list[str]:
    """Return the beginnings of some passages."""
    with services.catalog.reading() as transaction:
        texts = [
            passage.text[:150]
            for source in transaction.sources.all()
            for passage in transaction.passages.of_source(source.id)
        ]
    return random.Random(5).sample(texts, min(most, len(texts)))


def report(folder: Path, most: int) -> None:
    """Print every distinct contradiction of a library, and how many answers show one."""
    flagged, seen = 0, set()
    with tempfile.TemporaryDirectory(prefix="kb-contradictions-") as home:
        services = services_at(Path(home))
        take_in(services, folder)
        asked = beginnings(services, most)
        for question in asked:
            try:
                found = services.search.search(question).conflicts
            except QueryError:
                continue
            flagged += bool(found)
            for conflict in found:
                key = tuple(sorted((each.citation.passage.id, each.value) for each in conflict.statements))
                if key not in seen:
                    seen.add(key)
                    show(conflict)
        services.close()
    print(f"| {folder.name} | {len(asked)} | {flagged} | {len(seen)} |")


def show(conflict: Conflict) -> None:
    """Print one contradiction."""
    print(f"  {conflict.kind.value}")
    for each in conflict.statements:
        print(f"    {each.said!r} in {each.citation.source.place}: {' '.join(each.words.split())[:300]}")


def main() -> None:
    """Measure the folders that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--questions", type=int, default=500)
    given = parser.parse_args()
    print("| library | questions | flagged | distinct |\n|---|---|---|---|")
    for folder in given.folders:
        report(folder, given.questions)


if __name__ == "__main__":
    main()
