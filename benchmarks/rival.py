"""How does the slowest of the others get ready while the rest is measured? In a process of its own.

python -m benchmarks.rival INDEX FOLDER GONE      put the passages of an index of ours into stock Whoosh

GONE is a file of ids, which are deleted after. Prints how many passages it took in a second of the processor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.contestants import StockWhoosh, stored
from benchmarks.timing import size_mb


class Building:
    """Stock Whoosh being built by another process; ``finish`` waits for it."""

    def __init__(self, index: Path, folder: Path, gone: set[str]) -> None:
        self._folder = folder
        folder.mkdir(parents=True)
        names = folder.with_suffix(".gone.json")
        names.write_text(json.dumps(sorted(gone)), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.rival", str(index), str(folder), str(names)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def finish(self) -> tuple[StockWhoosh, dict[str, float]]:
        """Return the engine, ready to be asked, and how fast it was and how much it wrote."""
        told, _ = self._process.communicate()
        if self._process.returncode:
            raise SystemExit("stock Whoosh could not be built")
        engine = StockWhoosh()
        engine.open(self._folder)
        return engine, {**json.loads(told), "disk_mb": size_mb(self._folder)}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser()
    for name in ("index", "folder", "gone"):
        parser.add_argument(name, type=Path)
    options = parser.parse_args()
    batches = list(stored(options.index, lambda _: ("", "")))
    began, used = time.perf_counter(), time.process_time()
    engine = StockWhoosh()
    engine.build(batches, options.folder)
    passages = sum(map(len, batches))
    seconds, worked = time.perf_counter() - began, time.process_time() - used
    engine.delete(json.loads(options.gone.read_text(encoding="utf-8")))
    print(
        json.dumps(
            {
                "index_passages_per_s": round(passages / seconds),
                "index_passages_per_cpu_s": round(passages / worked),
            }
        )
    )


if __name__ == "__main__":
    main()
