import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from ingest.isolation.isolated import Isolated
from ingest.parts import KeptPart
from ingest.reading import InProcess, Limits, Seen, Task
from kb.blobs import BlobStore
from kb.errors import CatalogError, KBError, ReaderCrashed, SourceTooLarge, SourceUnreadable, UnexpectedError

HOSTILE = "tests.ingest.isolation.hostile"
LIMITS = Limits(seconds=20, memory_mb=400, output_mb=0.02, unpacked_mb=2, parts=50, file_mb=1)
SOON = Limits(seconds=0.5, memory_mb=200)
WORDS = b"The desk answers at any hour, also on holidays."

Read = Callable[..., Seen]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> BlobStore:
    return BlobStore(tmp_path_factory.mktemp("blobs"))


@pytest.fixture(scope="module")
def isolated() -> Iterator[Isolated]:
    reading = Isolated(LIMITS, module=HOSTILE)
    yield reading
    reading.close()


@pytest.fixture
def soon() -> Iterator[Isolated]:
    """Reading that gives up after half a second."""
    reading = Isolated(SOON, module=HOSTILE)
    yield reading
    reading.close()


def see(reading: Isolated, store: BlobStore, kind: str, content: bytes = WORDS) -> Seen:
    return reading.read(Task(store.put(content), "a name.txt", f"test/{kind}", 50, 2), store)


def text_of(seen: Seen) -> str:
    assert seen.sight is not None
    return seen.sight.document.text


def test_what_is_read_in_a_process_of_its_own_is_what_is_read_here(store: BlobStore) -> None:
    task = Task(store.put(WORDS * 50), "guide.txt", "text/plain", 50, 2)
    reading = Isolated()
    assert reading.read(task, store) == InProcess().read(task, store)
    reading.close()


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("crash", ReaderCrashed, "SIGSEGV"),
        ("leave", ReaderCrashed, "exit code 3"),
        ("exit_politely", UnexpectedError, "enough"),
        ("lie", ReaderCrashed, "no answer"),
        ("eat", SourceTooLarge, "memory than the limit of 400 MB"),
        ("abort", SourceTooLarge, "memory than the limit of 400 MB"),
        ("boast", SourceTooLarge, "limit of 0.02 MB"),
        ("recurse", SourceUnreadable, "nested too deeply"),
        ("stumble", UnexpectedError, "ZeroDivisionError"),
        ("open_files", UnexpectedError, "Too many open files"),
        ("fill_disk", UnexpectedError, "File too large"),
    ],
)
def test_a_reader_that_goes_astray_is_a_named_failure(
    isolated: Isolated, store: BlobStore, kind: str, error: type[KBError], words: str
) -> None:
    with pytest.raises(error) as caught:
        see(isolated, store, kind)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_after_a_crash_the_next_document_is_read(isolated: Isolated, store: BlobStore) -> None:
    with pytest.raises(ReaderCrashed):
        see(isolated, store, "crash")
    assert text_of(see(isolated, store, "copy")) == WORDS.decode()


@pytest.mark.parametrize("kind", ["warn", "chatter"])
def test_what_a_reader_prints_or_warns_of_does_no_harm(
    isolated: Isolated, store: BlobStore, kind: str
) -> None:
    assert "went well" in text_of(see(isolated, store, kind))


@pytest.mark.parametrize("kind", ["loop", "never_listen"])
def test_a_reader_that_never_ends_is_ended(soon: Isolated, store: BlobStore, kind: str) -> None:
    with pytest.raises(SourceTooLarge, match=r"longer than the limit of 0.5 seconds") as caught:
        see(soon, store, kind)
    assert "KB_READ_SECONDS" in caught.value.remedy


def ends(pid: int) -> bool:
    """Tell whether a process is over, or is within a minute: the system ends it when it next has time."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.01)
    return False


def test_the_programs_that_a_reader_started_end_with_it(
    soon: Isolated, store: BlobStore, tmp_path: Path
) -> None:
    named = tmp_path / "pid"
    with pytest.raises(SourceTooLarge):
        see(Isolated(Limits(seconds=1), module=HOSTILE), store, "start_another", str(named).encode())
    started = int(named.read_text("ascii"))
    assert ends(started)


def test_a_crash_that_another_document_may_have_caused_is_tried_again_by_itself(store: BlobStore) -> None:
    reading = Isolated(LIMITS, module=HOSTILE)
    for _ in range(3):
        assert "went well" in text_of(see(reading, store, "crash_second"))
    reading.close()


def test_a_result_over_the_limit_is_refused_before_it_is_taken(isolated: Isolated, store: BlobStore) -> None:
    assert see(isolated, store, "long", b"100").sight is not None
    with pytest.raises(SourceTooLarge, match=r"limit of 0.02 MB") as caught:
        see(isolated, store, "long", b"1200")
    assert "KB_READ_OUTPUT_MB" in caught.value.remedy


def test_parts_come_one_by_one_and_are_kept(isolated: Isolated, store: BlobStore) -> None:
    seen = see(isolated, store, "parts", b"3")
    assert seen.sight is None
    assert [(part.name, part.media_type) for part in seen.parts if isinstance(part, KeptPart)] == [
        (f"part {number}.txt", "text/plain") for number in range(3)
    ]
    with pytest.raises(SourceTooLarge, match="limit of 50"):
        see(isolated, store, "parts", b"51")


def test_of_what_is_refused_half_way_no_part_is_kept(isolated: Isolated, tmp_path: Path) -> None:
    store = BlobStore(tmp_path)
    with pytest.raises(SourceTooLarge):
        see(isolated, store, "parts", b"51")
    (kept,) = (file for file in tmp_path.rglob("*") if file.is_file())
    assert kept.read_bytes() == b"51"
    assert len(see(isolated, store, "parts", b"3").parts) == 3
    assert store.get(hashlib.sha256(b"These are the words of a part. " * 100).hexdigest())


def test_a_lost_stored_copy_is_named(isolated: Isolated, store: BlobStore) -> None:
    with pytest.raises(CatalogError, match="is missing"):
        isolated.read(Task("0" * 64, "lost.txt", "text/plain", 1, 1), store)


def test_several_callers_read_at_the_same_time(isolated: Isolated, store: BlobStore) -> None:
    texts = [f"The number of this one is {number}, and no other." for number in range(12)]
    with ThreadPoolExecutor(3) as executor:
        seen = executor.map(lambda text: see(isolated, store, "copy", text.encode()), texts)
        assert [text_of(one) for one in seen] == texts


def test_closing_ends_what_is_under_way(store: BlobStore, tmp_path: Path) -> None:
    reading = Isolated(LIMITS, module=HOSTILE)
    with ThreadPoolExecutor(1) as executor:
        under_way = executor.submit(see, reading, store, "sit", str(tmp_path / "pid").encode())
        process = _named_in(tmp_path / "pid")
        reading.close()
        with pytest.raises(KBError, match="broken off"):
            under_way.result()
    assert not process.is_running()


@pytest.mark.parametrize("kind", ["sit", "sit_deaf"])
def test_reading_processes_end_with_their_parent_even_if_that_is_killed(
    store: BlobStore, tmp_path: Path, kind: str
) -> None:
    named = tmp_path / "pid"
    program = (
        "import sys\nfrom pathlib import Path\nfrom ingest.isolation.isolated import Isolated\n"
        "from ingest.reading import InProcess, Limits, Task\nfrom kb.blobs import BlobStore\n"
        "folder, sha256, module, kind = sys.argv[1:]\n"
        "Isolated(Limits(seconds=1), module=module).read("
        "Task(sha256, 'a', f'test/{kind}', 1, 1), BlobStore(Path(folder)))\n"
    )
    sha256 = store.put(str(named).encode())
    command = [sys.executable, "-c", program, str(store.folder), sha256, HOSTILE, kind]
    with subprocess.Popen(command) as parent:
        process = _named_in(named)
        os.kill(parent.pid, signal.SIGKILL)
    process.wait(20)


def _named_in(file: Path) -> psutil.Process:
    """Return the process that writes its number into a file, once it does."""
    tried = 0
    while not (file.exists() and file.read_text("ascii")):
        tried += 1
        assert tried < 10_000_000
        os.sched_yield()
    return psutil.Process(int(file.read_text("ascii")))
