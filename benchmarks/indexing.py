"""How fast are ready passages indexed, beside stock Whoosh? In processor seconds, each in a fresh process.

    python -m benchmarks.indexing [FOLDER] [--count N]

Both analyse the passages as we do (language, words, whole forms), from nothing known, and commit every 5,000.
Ours writes the arrays that it searches too. What the library knows besides (words, names, likenesses) is
gathered by another process meanwhile, and is part of what ``benchmarks.speed`` measures from the catalog.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.contestants import Analysed, StockWhoosh
from benchmarks.library import folder_of_data, real_lines
from benchmarks.timing import peak_mb
from index.engine import IndexedPassage
from index.engines import segments
from index.engines.whoosh import WhooshEngine
from index.sync import BATCH


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--only", choices=sorted(_WAYS))
    options = parser.parse_args()
    if options.only is None:
        print(json.dumps(compared(options.folder, options.count), indent=2))
        return
    passages = [line.indexed() for line in real_lines(folder_of_data(options.folder))[: options.count]]
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        _WAYS[options.only](passages, Path(folder))
        worked = time.process_time() - began
    print(json.dumps({"passages_per_cpu_s": round(len(passages) / worked), "memory_peak_mb": peak_mb()}))


def compared(folder: str | None, count: int) -> dict[str, float]:
    """Return the passages that each takes in a second of the processor, and how they compare."""
    found = {}
    for name in _WAYS:
        command = [sys.executable, "-m", "benchmarks.indexing", "--count", str(count), "--only", name]
        command += [folder] if folder else []
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[name] = json.loads(done.stdout)
    rates = {name: figures["passages_per_cpu_s"] for name, figures in found.items()}
    return {
        "passages": count,
        "ours_passages_per_cpu_s": rates["ours"],
        "whoosh_passages_per_cpu_s": rates["whoosh"],
        "ours_vs_whoosh": round(rates["ours"] / rates["whoosh"], 2),
        "memory_peak_mb": found["ours"]["memory_peak_mb"],
    }


def _ours(passages: Sequence[IndexedPassage], folder: Path) -> None:
    engine = WhooshEngine.create(folder)
    for number, batch in enumerate(_batches(passages)):
        with engine.writer(number + 1) as writer:
            for passage in batch:
                writer.put(passage)
    engine.close()


def _whoosh(passages: Sequence[IndexedPassage], folder: Path) -> None:
    StockWhoosh().build(([_analysed(one) for one in batch] for batch in _batches(passages)), folder)


def _analysed(passage: IndexedPassage) -> Analysed:
    made = segments.analysed(passage)
    fields = zip(made.words, made.wholes, strict=True)
    return Analysed(made.id, tuple(" ".join((*words, *wholes)) for words, wholes in fields), "", "")


def _batches(passages: Sequence[IndexedPassage]) -> list[Sequence[IndexedPassage]]:
    edges = range(0, len(passages) + BATCH, BATCH)
    return [passages[start:end] for start, end in itertools.pairwise(edges)]


_WAYS: dict[str, Callable[[Sequence[IndexedPassage], Path], None]] = {"ours": _ours, "whoosh": _whoosh}


if __name__ == "__main__":
    main()
