"""What do readers see while everything changes? Whole documents of one edition, counts that never go back.

python -m tests.torture.crowd [--seconds N] [--readers N] [--seed N] [--table]

One process changes, adds and reads documents, syncs, and now and then rebuilds the index or goes back to the
one before; the readers, each a process, ask, open documents and count. Exit code 1 when one of them met an
error, a document half old and half new, or a count that went back.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from index.rebuild import rebuild, roll_back
from index.sync import sync
from ingest.fetch import Fetched
from kb.model import Outcome, Passage
from tests.library import services_at
from tests.torture import report
from tests.torture.places import UPLOADED
from webapp.wiring import Services

_PARTS, _FIRST = 4, 10
_EDITION = re.compile(r"edition (\d+)")
# Changes between two rebuilds.
_REBUILD_EVERY = 60


def text_of(number: int, edition: int) -> bytes:
    """Return a document in which every paragraph names its edition."""
    parts = [f"GUIDE {number}"]
    parts += [
        f"Part {part} of guide {number}, edition {edition}: the visit is on day {edition + part}, "
        f"and whoever is on duty writes down what was said, edition {edition}."
        for part in range(_PARTS)
    ]
    return "\n\n".join(parts).encode()


class Writer:
    """Changes documents, one after another, and makes each change searchable."""

    def __init__(self, services: Services, *, seed: int) -> None:
        self._services = services
        self._chance = random.Random(seed)
        self._editions: list[int] = []

    def change(self) -> None:
        """Add a document, or give one its next edition."""
        grow = len(self._editions) < _FIRST or self._chance.random() < 0.1
        number = len(self._editions) if grow else self._chance.randrange(len(self._editions))
        if grow:
            self._editions.append(0)
        self._editions[number] += 1
        name = f"guide-{number}.txt"
        content = text_of(number, self._editions[number])
        fetched = Fetched("guides", name, f"upload:guides/{name}", name, content, fetched_at=UPLOADED)
        for step in self._services.pipeline.accept(fetched):
            outcome = step if isinstance(step, Outcome) else self._services.pipeline.read_next(step)
            assert outcome is not None
            assert not outcome.reason, outcome.reason
        sync(self._services.catalog, self._services.generations, wait=60)

    def rebuild(self) -> None:
        """Build the index anew, or go back to the one before."""
        catalog, generations = self._services.catalog, self._services.generations
        if self._chance.random() < 0.5 and generations.previous() is not None:
            roll_back(catalog, generations, wait=60)
        else:
            rebuild(catalog, generations, wait=60)


class Reader:
    """Asks, reads and counts, and raises AssertionError when what it sees does not fit together."""

    def __init__(self, services: Services, *, seed: int) -> None:
        self._services = services
        self._chance = random.Random(seed)
        self._seen: Counter[str] = Counter()
        self.looks = 0

    def look(self) -> None:
        """Do one of the things that readers do."""
        self._chance.choice((self._ask, self._open, self._count))()
        self.looks += 1

    def _ask(self) -> None:
        result = self._services.search.search("visit part guide edition", limit=50)
        self._of_one_edition(hit.citation.passage for hit in result.hits)
        self._never_back("matches", result.total)

    def _open(self) -> None:
        with self._services.catalog.reading() as transaction:
            # A document that came this moment is accepted, and not read yet.
            served = [source for source in transaction.sources.all() if source.document_id is not None]
            source = self._chance.choice(served)
            assert source.document_id is not None
            document = transaction.documents.get(source.document_id).document
            passages = transaction.passages.of_source(source.id)
        edition = self._of_one_edition(passages)[source.id]
        assert set(_EDITION.findall(document.text)) == {edition}, "a document of two editions"
        assert all(document.text[each.start : each.end] == each.text for each in passages)
        self._never_back(source.id, int(edition))

    def _count(self) -> None:
        with self._services.catalog.reading() as transaction:
            self._never_back("passages", transaction.passages.count())
            self._never_back("changes", transaction.passages.last_sequence())
        self._never_back("indexed", self._services.live.engine()[0].count())

    def _of_one_edition(self, passages: Iterable[Passage]) -> dict[str, str]:
        found = defaultdict(set)
        for passage in passages:
            found[passage.source_id] |= set(_EDITION.findall(passage.text))
        mixed = {source: editions for source, editions in found.items() if len(editions) > 1}
        assert not mixed, f"half old and half new: {mixed}"
        return {source: editions.pop() for source, editions in found.items() if editions}

    def _never_back(self, what: str, count: int) -> None:
        assert count >= self._seen[what], f"{what} went back from {self._seen[what]} to {count}"
        self._seen[what] = count


def crowd(home: Path, *, readers: int, seconds: float, seed: int) -> tuple[int, int, list[str]]:
    """Let one write and many read; return how many changes and looks there were, and what went wrong."""
    services = services_at(home)
    writer = Writer(services, seed=seed)
    for _ in range(_FIRST):
        writer.change()
    services.close()
    until = time.monotonic() + seconds
    children = [
        _apart(lambda number=number: _reading(home, until, seed=seed + number))  # type: ignore[misc]
        for number in range(1, readers + 1)
    ]
    services, changes, wrong = services_at(home), 0, []
    writer._services = services
    while time.monotonic() < until:
        writer.change()
        changes += 1
        if changes % _REBUILD_EVERY == 0:
            writer.rebuild()
    services.close()
    looks = 0
    for child, answer in children:
        with os.fdopen(answer) as told:
            first, _, rest = told.read().partition("\n")
        os.waitpid(child, 0)
        looks += int(first or 0)
        wrong += [rest] if rest or not first else []
    return changes, looks, wrong


def _reading(home: Path, until: float, *, seed: int) -> str:
    services = services_at(home)
    reader = Reader(services, seed=seed)
    try:
        while time.monotonic() < until:
            reader.look()
    except Exception:  # noqa: BLE001 – whatever it is, the parent reports it
        return f"{reader.looks}\n{traceback.format_exc()}"
    return f"{reader.looks}\n"


def _apart(work: Callable[[], str]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.write(writing, work().encode())
    finally:
        os._exit(0)


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="write docs/quality/torture.md")
    arguments = parser.parse_args()
    logging.getLogger("kb").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        changes, looks, wrong = crowd(
            Path(name), readers=arguments.readers, seconds=arguments.seconds, seed=arguments.seed
        )
    print("\n".join(wrong))
    told = (
        f"{arguments.seconds:.0f} seconds, seed {arguments.seed}: {changes:,} changes by one writer, "
        f"{looks:,} looks by {arguments.readers} readers, {len(wrong)} went wrong."
    )
    print(told)
    if arguments.table:
        report.write("crowd", told)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
