"""Do builds of the same passages rank alike, byte for byte?

    python -m tests.quality.reproducible FOLDER   a set, or a folder of sets: build each, compare the runs
                                         --table  … and write the table into docs/ranking.md

At once; in small commits in another order, some passages first with other words, others taken out again; and
in halves, the last first. Every build is a process of its own, which starts with another seed for hashes of
strings, so that nothing hangs on the order of a set. Ends with 1 when a run differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.engine import Engine, IndexedPassage
from index.engines import ENGINES, open_engine
from index.evaluation import asked, run_of
from index.testsets import read_corpus, write_run
from tests.quality.folders import sets_in
from tests.quality.tables import replace_between

ROOT = Path(__file__).parent.parent.parent
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


@dataclass(frozen=True, slots=True)
class Compared:
    """The runs of one set: how many lines and bytes the first has, and the digest of each build's."""

    name: str
    lines: int
    bytes: int
    digests: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Tell whether all runs are the same."""
        return len(set(self.digests)) == 1


def apart(build: str, folder: Path, *, seed: int) -> bytes:
    """Return the run of a set that was built in a process of its own, with a seed for hashes of strings."""
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "out.run"
        subprocess.run(
            [sys.executable, "-m", "tests.quality.reproducible", str(folder), "--run", build, str(path)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=ROOT,
            check=True,
        )
        return path.read_bytes()


def compare(folder: Path, builds: Sequence[str]) -> Compared:
    """Build a set in several ways, each with a seed of its own, and compare the runs."""
    runs = [apart(build, folder.resolve(), seed=seed) for seed, build in enumerate(builds, start=1)]
    digests = tuple(hashlib.sha256(run).hexdigest() for run in runs)
    return Compared(folder.name, len(runs[0].splitlines()), len(runs[0]), digests)


def sets_of(folder: Path) -> Iterator[Path]:
    """Yield a folder if it is a set, or else the sets in it, or in ``retrieval`` in it, by name."""
    if (folder / "corpus.jsonl").exists():
        yield folder
        return
    below = folder / "retrieval"
    yield from sorted(path.parent for path in (below if below.is_dir() else folder).glob("*/corpus.jsonl"))


def table(compared: Sequence[Compared]) -> str:
    """Return the comparison as a table of Markdown."""
    rows = [
        f"| {each.name} | {each.lines:,} | {each.bytes:,} | {len(each.digests)} | "
        f"{'the same' if each.same else 'differ'} | `{each.digests[0][:12]}` |"
        for each in compared
    ]
    return "\n".join(
        [
            "| set | lines of the run | bytes | builds | runs | SHA-256 begins |",
            "|---|---|---|---|---|---|",
            *rows,
        ]
    )


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=sets_in)
    names = [build.__name__ for build in BUILDS]
    parser.add_argument("--builds", nargs="+", choices=names, default=names)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--run", nargs=2, metavar=("BUILD", "FILE"), help="one build, in this process")
    options = parser.parse_args()
    if options.run:
        (build,) = (build for build in BUILDS if build.__name__ == options.run[0])
        passages, (queries, _) = list(read_corpus(options.folder)), asked(options.folder)
        Path(options.run[1]).write_bytes(run_bytes(build, passages, queries, ENGINES[0]))
        return
    compared = []
    for folder in sets_of(options.folder):
        compared.append(compare(folder, options.builds))
        print(table(compared[-1:]).splitlines()[-1], flush=True)
    if options.table:
        replace_between(ROOT / "docs" / "ranking.md", "reproducible", table(compared))
    sys.exit(not all(each.same for each in compared))


if __name__ == "__main__":
    main()
