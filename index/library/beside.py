"""How does a second processor help to index? It brings the library's file up to date, in another process.

Passages go into the engine, and words, names and likenesses into the file beside it. The two take about as
long and know nothing of each other; whatever the other process leaves undone is done here after it.

    python -m index.library.beside      with the catalog and the folder as a line of JSON on standard input
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from index.library import filling
from kb.catalog import Catalog

log = logging.getLogger("kb.index")

_ROOT = Path(__file__).parents[2]
# Changes for which starting a process (a second) is worth while: indexing them takes five.
_WORTH = 5_000


@contextmanager
def caught_up(catalog: Catalog, folder: Path, *, changes: int) -> Iterator[None]:
    """Bring a generation's file up to the catalog by the end of the block; much of it while the block runs.

    Only the process that holds the right to write the index may call this.
    """
    process = _start(catalog, folder) if changes >= _WORTH and (os.cpu_count() or 1) > 1 else None
    try:
        yield
        if process is not None and process.wait():
            log.warning("the process that helped to index ended with code %s", process.returncode)
    finally:
        if process is not None:
            _end(process)
    filling.catch_up(catalog, folder)


def _start(catalog: Catalog, folder: Path) -> subprocess.Popen[bytes] | None:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    # -P: a file that lies in the current folder and is named like a module of Python's is not run.
    command = [sys.executable, "-P", "-m", "index.library.beside"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)
    assert process.stdin is not None
    # The address of a database may hold a password, which is not for the list of processes.
    with suppress(OSError):
        process.stdin.write(json.dumps({"url": catalog.url, "folder": str(folder.absolute())}).encode())
        process.stdin.write(b"\n")
        process.stdin.flush()
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let the process end, which it does when its standard input is closed."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
    process.wait()


def _end_with_parent() -> None:
    sys.stdin.read()
    # What was not committed is made again by whoever comes next.
    os._exit(0)


def main() -> None:
    """Do what a line on standard input says."""
    told = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with closing(Catalog.open(told["url"])) as catalog:
        filling.catch_up(catalog, Path(told["folder"]))


if __name__ == "__main__":
    main()
