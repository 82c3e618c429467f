"""The worker as it runs: processes of its own that share a library, are stopped, and are killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

import psutil
import pytest

from ingest.batch import accept_all
from kb.catalog.orders import OrderState, Work
from kb.model import SourceState
from tests.library import services_at, write
from tests.waiting import PATIENCE, wait_until
from webapp.wiring import Services

# Four processes, one after another, claim the source that they are told, and die over it.
DIE = """
import os, signal, sys
from pathlib import Path
from tests.library import services_at
for _ in range(4):
    child = os.fork()
    if not child:
        services = services_at(Path(sys.argv[1]))
        assert services.pipeline.claim(sys.argv[2]) is not None
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
"""


@pytest.fixture
def library(tmp_path: Path) -> Services:
    """Twelve documents that are accepted and wait to be read."""
    texts = {f"n{number}": f"Note {number} on visits.\n\nVisit {number} is at noon." for number in range(12)}
    services = services_at(tmp_path / "home")
    list(
        accept_all(services.pipeline, [write(tmp_path / "notes", **texts)], collection=None, max_bytes=10_000)
    )
    return services


def start(services: Services, *options: str) -> "subprocess.Popen[str]":
    home = str(services.settings.home)
    return subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "worker", *options],
        env={**os.environ, "KB_HOME": home, "KB_READERS": "1", "KB_WORKER_INTERVAL": "0.05"},
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: "subprocess.Popen[str]") -> str:
    try:
        _, told = process.communicate(timeout=4 * PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0, told
    return told


def states(services: Services) -> dict[SourceState, int]:
    with services.catalog.reading() as transaction:
        return transaction.sources.states()


def readings(services: Services) -> Counter[str]:
    """Count how often each source was read."""
    with services.catalog.reading() as transaction:
        sources = transaction.sources.all()
        return Counter({source.id: len(transaction.documents.versions(source.id)) for source in sources})


def test_two_workers_never_do_the_same_twice(library: Services) -> None:
    with library.catalog.writing() as transaction:
        transaction.orders.give(Work.REBUILD)
    workers = [start(library, "--once"), start(library, "--once")]
    told = "".join([ended(worker) for worker in workers])
    assert set(readings(library).values()) == {1}
    assert states(library) == {SourceState.READY: 12}
    assert told.count("kb.worker INFO added") == 12
    assert told.count("ordered: rebuild") == 1
    with library.catalog.reading() as transaction:
        (order,) = transaction.orders.all()
    assert order.state is OrderState.DONE, order
    with library.catalog.reading() as transaction:
        assert library.search.search("visits").total == transaction.passages.count()


def test_a_worker_that_is_told_to_stop_keeps_what_it_has_read_and_gives_back_the_rest(
    library: Services,
) -> None:
    worker = start(library)
    wait_until(lambda: states(library).get(SourceState.READY, 0) > 0, "something has been read")
    worker.send_signal(signal.SIGTERM)
    ended(worker)
    left = states(library)
    assert SourceState.READING not in left, "what was being read was not given back"
    with library.catalog.reading() as transaction:
        waiting = transaction.sources.all(states=[SourceState.PENDING])
    assert [source.attempts for source in waiting] == [0] * len(waiting)
    ended(start(library, "--once"))
    assert set(readings(library).values()) == {1}


def children(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)


def told_to_stop(worker: "subprocess.Popen[str]") -> float:
    """Stop a worker; return how many seconds it took."""
    began = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    ended(worker)
    return time.monotonic() - began


def test_a_reader_that_hangs_does_not_hold_a_worker_that_is_told_to_stop(tmp_path: Path) -> None:
    services = services_at(tmp_path / "home")
    take_in = partial(accept_all, services.pipeline, collection=None, max_bytes=10_000)
    list(take_in([write(tmp_path / "first", one="This one is read, and the process that read it stays.")]))
    worker = start(services)
    wait_until(lambda: states(services) == {SourceState.READY: 1}, "the first has been read")
    (reader,) = children(worker)
    reader.suspend()
    list(take_in([write(tmp_path / "second", two="This one is given to a process that does nothing.")]))
    wait_until(lambda: SourceState.READING in states(services), "the second is being read")
    # It has 300 seconds to read (KB_READ_SECONDS); 5 are promised, and this machine may be busy.
    assert told_to_stop(worker) < 30
    assert not reader.is_running(), "the process that reads is left behind"
    assert states(services) == {SourceState.READY: 1, SourceState.PENDING: 1}


def test_a_worker_that_cannot_go_on_ends_when_it_is_told_to_stop(library: Services) -> None:
    with library.generations.lock(wait=5):
        worker = start(library, "--once")
        wait_until(lambda: states(library) == {SourceState.READY: 12}, "all has been read")
        # Now it waits for the lock, for 60 seconds (KB_LOCK_WAIT).
        assert told_to_stop(worker) < 30


def test_a_document_over_which_worker_after_worker_dies_is_set_aside(library: Services) -> None:
    with library.catalog.reading() as transaction:
        poison = transaction.sources.all()[5].id
    died = [sys.executable, "-c", DIE, str(library.settings.home), poison]
    subprocess.run(died, timeout=4 * PATIENCE, check=True)
    ended(start(library, "--once"))
    assert states(library) == {SourceState.READY: 11, SourceState.FAILED: 1}
    with library.catalog.reading() as transaction:
        source = transaction.sources.get(poison)
    assert source.error_code == "reading-broken-off"
    assert "4 times" in (source.error or "")
    assert source.remedy
    with library.catalog.writing() as transaction:
        assert transaction.sources.read_again(poison)
    ended(start(library, "--once"))
    assert states(library) == {SourceState.READY: 12}
