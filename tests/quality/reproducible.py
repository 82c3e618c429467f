"""Do two builds of the same passages rank alike, byte for byte?

    python -m tests.quality.reproducible SET   build the corpus of a set in three ways, compare the runs

At once; in small commits in another order, some passages first with other words, others taken out again; and
the same after all segments were merged. Ends with 1 when a run differs.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.engine import Engine, IndexedPassage
from index.engines import open_engine
from index.evaluation import asked, run_of
from index.testsets import read_corpus, write_run

Build = Callable[[Engine, Sequence[IndexedPassage]], None]


def at_once(engine: Engine, passages: Sequence[IndexedPassage]) -> None:
    """Put all passages in one commit."""
    with engine.writer(1) as writer:
        for passage in passages:
            writer.put(passage)


def bit_by_bit(engine: Engine, passages: Sequence[IndexedPassage], *, commits: int = 23) -> None:
    """Put passages in many commits, in another order, some of them twice and others only for a while."""
    order = random.Random(commits).sample(list(passages), len(passages))
    size = max(1, len(order) // commits)
    with engine.writer(1) as writer:
        for passage in order[::5]:
            writer.put(replace(passage, text=f"words that were there before {passage.text[:60]}"))
        writer.put(replace(order[0], id="passing", title="Only for a while"))
    for sequence, start in enumerate(range(0, len(order), size), start=2):
        with engine.writer(sequence) as writer:
            for passage in order[start : start + size]:
                writer.put(passage)
            writer.delete("passing")


def in_halves(engine: Engine, passages: Sequence[IndexedPassage]) -> None:
    """Put passages in two commits, the last ones first."""
    half = len(passages) // 2
    for sequence, part in enumerate((passages[half:], passages[:half]), start=1):
        with engine.writer(sequence) as writer:
            for passage in part:
                writer.put(passage)


BUILDS: tuple[Build, ...] = (at_once, bit_by_bit, in_halves)


def run_bytes(build: Build, passages: Sequence[IndexedPassage], queries: dict[str, str], name: str) -> bytes:
    """Return the run of an engine that was built in one way, as it is written to a file."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(name, Path(folder))
        try:
            build(engine, passages)
            path = Path(folder) / "out.run"
            write_run(run_of(engine, queries), path)
            return path.read_bytes()
        finally:
            engine.close()


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    passages, (queries, _) = list(read_corpus(folder)), asked(folder)
    digests = []
    for build in BUILDS:
        written = run_bytes(build, passages, queries, "whoosh")
        digests.append(hashlib.sha256(written).hexdigest())
        print(f"{build.__name__:<12}{len(written):>10} bytes  {digests[-1]}", flush=True)
    print("the same" if len(set(digests)) == 1 else "they differ")
    sys.exit(len(set(digests)) != 1)


if __name__ == "__main__":
    main()
