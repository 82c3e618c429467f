"""Which passwords open what is locked? Those in a file of the operator's, tried on nothing else.

They are read when a document turns out to be locked, go to the process that reads it, and nowhere else:
neither the catalog nor the log nor an error ever holds one.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from ingest.reading import Reading, Seen, Task
from kb.blobs import BlobStore
from kb.errors import SourceLocked

log = logging.getLogger("kb.passwords")

Answer = TypeVar("Answer")

# Each one costs some milliseconds for each locked document; all must fit into one frame to a reading process.
_MOST_PASSWORDS, _MOST_BYTES = 500, 100_000


class PasswordFile:
    """A file with a password on each line. Blank lines and those that begin with ``#`` do not count.

    ``\\#`` begins a password that begins with ``#``; spaces around a password are none of it.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._warned: set[str] = set()

    def passwords(self) -> tuple[str, ...]:
        """Return the passwords as the file has them now, each once; none where it cannot be read."""
        if self._path is None:
            return ()
        try:
            with self._path.open("rb") as file:
                self._check_owner(os.fstat(file.fileno()))
                content = file.read(_MOST_BYTES + 1)
        except OSError as error:
            self._warn(f"the file that KB_PASSWORD_FILE names cannot be read: {error.strerror}")
            return ()
        try:
            text = content[:_MOST_BYTES].decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content[:_MOST_BYTES].decode("cp1252", errors="ignore")
        found = tuple(dict.fromkeys(filter(None, map(_password, text.splitlines()))))
        if len(found) > _MOST_PASSWORDS or len(content) > _MOST_BYTES:
            self._warn(f"of the file that KB_PASSWORD_FILE names, the first {_MOST_PASSWORDS} are tried only")
        return found[:_MOST_PASSWORDS]

    def _check_owner(self, status: os.stat_result) -> None:
        if os.name == "posix" and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            self._warn("others may read the file that KB_PASSWORD_FILE names; `chmod 600` keeps it yours")

    def _warn(self, told: str) -> None:
        if told not in self._warned:
            self._warned.add(told)
            log.warning("%s", told)


def _password(line: str) -> str:
    line = line.strip()
    if line.startswith("#"):
        return ""
    return line[1:] if line.startswith("\\#") else line


class Unlocking:
    """Reads as another ``Reading`` does, and once more with passwords where that finds a document locked."""

    def __init__(self, reading: Reading, passwords: Callable[[], tuple[str, ...]]) -> None:
        self._reading = reading
        self._passwords = passwords
        self.limits = reading.limits

    def read(self, task: Task, blobs: BlobStore) -> Seen:
        """Read kept bytes; see ``Reading``."""
        return self._unlocked(self._reading.read, task, blobs)

    def picture(self, task: Task, blobs: BlobStore) -> bytes:
        """Return the picture of a page; see ``Reading``."""
        return self._unlocked(self._reading.picture, task, blobs)

    def texts(self, task: Task, blobs: BlobStore) -> list[str]:
        """Return the texts that may hold links; see ``Reading``."""
        return self._unlocked(self._reading.texts, task, blobs)

    def close(self) -> None:
        """Let go of what the reading needed."""
        self._reading.close()

    def _unlocked(self, ask: Callable[[Task, BlobStore], Answer], task: Task, blobs: BlobStore) -> Answer:
        try:
            return ask(task, blobs)
        except SourceLocked:
            passwords = self._passwords()
            if not passwords:
                raise
            return ask(replace(task, passwords=passwords), blobs)
