"""Where are the bytes of every revision kept? In one file each, named by their SHA-256."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from kb.errors import CatalogError, StorageError

_ASIDE = ".gone-"


class BlobStore:
    """A folder of files named by the SHA-256 of what they hold: written once, never changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes durably and return their SHA-256 as hex; keeping them twice changes nothing.

        Raises StorageError when the disk is full or may not be written.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        with _named("the document cannot be stored"):
            if not self._touched(sha256):
                self._write(self.path(sha256), content)
        return sha256

    def _touched(self, sha256: str) -> bool:
        """Tell whether the bytes are kept already; that they were wanted now protects them (``discard``)."""
        try:
            os.utime(self.path(sha256))
        except FileNotFoundError:
            return False
        return True

    def discard(self, sha256: str, *, needed: Callable[[], bool], quiet: timedelta) -> bool:
        """Remove bytes that are not needed, and were not put for so long; tell whether they went.

        They are set aside before it is asked whether they are needed: whoever puts them meanwhile either
        finds them, which shows, or finds them gone, and writes them anew. Raises StorageError.
        """
        path, aside = self.path(sha256), self._aside(sha256)
        with _named("a stored document cannot be removed"):
            with contextlib.suppress(FileNotFoundError):
                os.replace(path, aside)
            try:
                put_at = aside.stat().st_mtime
                if needed() or put_at > time.time() - quiet.total_seconds():
                    os.replace(aside, path)
                    return False
                aside.unlink()
            except FileNotFoundError:
                return False
        return True

    def bring_back(self, *, needed: Callable[[str], bool]) -> None:
        """Put back what a process that died had set aside and that is needed; remove the rest.

        Raises StorageError when the disk may not be written.
        """
        for aside in self.folder.glob(f"*/{_ASIDE}*"):
            sha256 = aside.name.removeprefix(_ASIDE)
            with _named("a stored document cannot be put back"):
                if needed(sha256) and not self.path(sha256).exists():
                    os.replace(aside, self.path(sha256))
                else:
                    aside.unlink(missing_ok=True)

    def _aside(self, sha256: str) -> Path:
        return self.path(sha256).with_name(_ASIDE + sha256)

    def _write(self, target: Path, content: bytes) -> None:
        fresh = not target.parent.exists()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        fsync_folder(target.parent)
        if fresh:
            fsync_folder(self.folder)

    def mend(self, sha256: str, content: bytes) -> bool:
        """Put bytes in the place of a missing or damaged copy if they are what it was; tell whether.

        Raises StorageError when the disk is full or may not be written.
        """
        if hashlib.sha256(content).hexdigest() != sha256:
            return False
        with _named("the document cannot be stored"):
            self._write(self.path(sha256), content)
        return True

    def get(self, sha256: str) -> bytes:
        """Return the bytes, or raise CatalogError when they are missing or no longer what they were."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise CatalogError(f"the stored copy {sha256[:12]}… of a document is missing") from None
        except OSError as error:
            raise StorageError(f"a stored document cannot be read: {error.strerror or error}") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise CatalogError(f"the stored copy {sha256[:12]}… of a document is damaged")
        return content

    def found(self, sha256: str) -> bytes:
        """Return whatever stands in the place of these bytes; nothing when there is no file."""
        try:
            return self.path(sha256).read_bytes()
        except OSError:
            return b""

    def path(self, sha256: str) -> Path:
        """Return where the bytes with this hash stand or would stand."""
        return self.folder / sha256[:2] / sha256


@contextlib.contextmanager
def _named(what: str) -> Iterator[None]:
    """Give what the disk refuses a name and a remedy of ours."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror or error}") from error


def fsync_folder(folder: Path) -> None:
    """Make renames in a folder durable; systems that cannot open folders (Windows) need no such step."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
