"""Readers that do to the process what hostile documents do; run as the main module of a reading process."""

import ctypes
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator

from ingest import archives
from ingest.isolation import child
from ingest.parts import Part
from ingest.readers.registry import READERS, Reader
from kb.model import Block, BlockKind, Document

MODULE = __name__


def crash(_content: bytes) -> None:
    ctypes.string_at(0)


def leave(_content: bytes) -> None:
    os._exit(3)


def exit_politely(_content: bytes) -> None:
    sys.exit("enough")


def loop(_content: bytes) -> None:
    while True:
        pass


def never_listen(_content: bytes) -> None:
    """Keep Python's lock for ever: no other thread runs."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def eat(_content: bytes) -> None:
    eaten = []
    while True:
        eaten.append(bytearray(10_000_000))


def abort(_content: bytes) -> None:
    """End as libraries do that get no more memory."""
    eaten = bytearray(370_000_000)
    eaten[::4096] = b"x" * len(eaten[::4096])
    time.sleep(3)
    os.abort()


def recurse(content: bytes) -> None:
    recurse(content)


def stumble(_content: bytes) -> None:
    raise ZeroDivisionError


def warn(_content: bytes) -> None:
    warnings.warn("this document is old", DeprecationWarning, stacklevel=1)


def chatter(_content: bytes) -> None:
    print("words that nobody asked for" * 1000, flush=True)
    os.write(1, b"\x00" * 100)
    os.write(2, b"\x00" * 100)


def lie(_content: bytes) -> None:
    """Write over the answer what is none."""
    for stream in range(3, 30):
        try:
            os.write(stream, b"\x00\x00\x00\x08nonsense")
        except OSError:
            continue


def boast(_content: bytes) -> None:
    """Announce an answer of four gigabytes."""
    for stream in range(3, 30):
        try:
            os.write(stream, b"\xff\xff\xff\xff")
        except OSError:
            continue


def open_files(_content: bytes) -> None:
    for _ in range(10_000):
        os.open(os.devnull, os.O_RDONLY)


def fill_disk(_content: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        while True:
            file.write(bytes(1_000_000))


def start_another(content: bytes) -> None:
    """Start a program that runs on, name it, and hang."""
    started = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    with open(content.decode(), "w", encoding="ascii") as file:
        file.write(str(started.pid))
    loop(content)


def say_pid(content: bytes) -> None:
    with open(content.decode(), "w", encoding="ascii") as file:
        file.write(str(os.getpid()))


DOING: dict[str, Callable[[bytes], None]] = {
    action.__name__: action
    for action in (
        crash, leave, exit_politely, loop, never_listen, eat, recurse, stumble, warn, chatter, lie, boast,
        open_files, fill_disk, start_another, abort,
    )
}  # fmt: skip


def reader(action: Callable[[bytes], None]) -> Callable[..., Document]:
    def read(content: bytes, *, name: str = "") -> Document:
        action(content)
        return document("It went well in the end, and here are the words.")

    return read


def crash_second(_content: bytes) -> None:
    """Crash only in a process that has read before."""
    if crash_second.__dict__.setdefault("read", False):
        ctypes.string_at(0)
    crash_second.__dict__["read"] = True


def document(text: str) -> Document:
    """Return a document made without the models that take a second to load."""
    return Document(
        "A title", "en", text, (Block(BlockKind.PARAGRAPH, 0, len(text), language="en"),), "test/a"
    )


def long_text(content: bytes, *, name: str = "") -> Document:
    return document(("Many words are here. " * int(content)).strip())


def copy(content: bytes, *, name: str = "") -> Document:
    return document(content.decode())


def many_parts(content: bytes) -> Iterator[Part]:
    for number in range(int(content)):
        yield Part(f"part {number}.txt", b"These are the words of a part. " * 100)


def enter() -> None:
    for name, action in {**DOING, "crash_second": crash_second}.items():
        READERS[f"test/{name}"] = Reader(name, 1, reader(action))

    def sit(content: bytes) -> None:
        say_pid(content)
        loop(content)

    def sit_deaf(content: bytes) -> None:
        say_pid(content)
        never_listen(content)

    READERS["test/sit"] = Reader("sit", 1, reader(sit))
    READERS["test/sit_deaf"] = Reader("sit_deaf", 1, reader(sit_deaf))
    READERS["test/copy"] = Reader("copy", 1, copy)
    READERS["test/long"] = Reader("long", 1, long_text)
    READERS["test/parts"] = Reader("parts", 1, archives.read, many_parts)


if __name__ == "__main__":
    enter()
    child.warm_up = lambda: None
    child.main()
