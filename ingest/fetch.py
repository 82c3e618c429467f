"""How are the bytes of a source got at? From a file, or from every file below a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest import stamps
from kb.errors import SourceError, SourceMissing, SourceTooLarge
from kb.text import canonical_line

# What systems and programs leave in folders and no person wrote: hidden files, lock files of office
# programs, thumbnails.
_NOT_DOCUMENTS = ("~$", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that may be a document.

    ``place`` is its path below the root that was asked for, with slashes on every system.
    """

    path: Path
    place: str
    collection: str

    @property
    def uri(self) -> str:
        """Return where the file stands, as a ``file:`` URL."""
        return self.path.as_uri()


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A file or folder that could not be looked into, and why."""

    uri: str
    error: SourceError


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a source as they were at one time.

    ``stamp`` is what a file looked like from outside when it was read, None when that tells nothing.
    ``encoding`` is the one that a web server stated.
    """

    collection: str
    place: str
    uri: str
    name: str
    content: bytes
    fetched_at: datetime
    stamp: str | None = None
    encoding: str | None = None


def is_web(text: str) -> bool:
    """Tell whether what a person named is a web address rather than a path."""
    return text.strip().lower().startswith(("http://", "https://"))


def walk(path: Path, *, collection: str | None = None) -> Iterator[Found | Unreachable]:
    """Yield the files at or below a path, in the order of their names.

    The collection is named after the folder unless one is given. Hidden files are left out, symbolic
    links to folders are not followed (a link to a file is), and a folder that may not be read is yielded
    as Unreachable while the walk goes on.
    """
    # Not resolve(): a folder that is reached through a link keeps the name that people know it by.
    path = Path(os.path.abspath(path.expanduser()))
    root = path if path.is_dir() else path.parent
    named = collection_of(root, collection)
    if path.is_dir():
        yield from _below(path, root, named)
    else:
        yield Found(path, _readable(path.name), named)


def collection_of(root: Path, collection: str | None = None) -> str:
    """Return the collection of the files below a root: the one that is given, else the root's name."""
    return collection or canonical_line(_readable(root.name)) or "documents"


def found_below(root: Path, path: Path, *, collection: str) -> Found | None:
    """Return a file below a root as ``walk`` would; None for one that it leaves out by its name or place."""
    if not path.is_relative_to(root) or path == root:
        return None
    relative = path.relative_to(root)
    linked = any((root / parent).is_symlink() for parent in relative.parents if parent.name)
    if linked or any(_is_left_out(part) for part in relative.parts):
        return None
    return Found(path, _readable(relative.as_posix()), collection)


def _is_left_out(name: str) -> bool:
    return name.startswith((".", *_NOT_DOCUMENTS))


def _below(folder: Path, root: Path, collection: str) -> Iterator[Found | Unreachable]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Unreachable(folder.as_uri(), _missing(folder, error))
        return
    for entry in entries:
        if _is_left_out(entry.name):
            continue
        path = Path(entry.path)
        try:
            if entry.is_dir(follow_symlinks=False):
                yield from _below(path, root, collection)
            elif entry.is_file():
                yield Found(path, _readable(path.relative_to(root).as_posix()), collection)
            elif entry.is_symlink() and not path.exists():
                problem = SourceMissing(f"{_readable(str(path))} is a link to a file that is not there")
                yield Unreachable(path.as_uri(), problem)
        except OSError as error:
            yield Unreachable(path.as_uri(), _missing(path, error))


def _readable(name: str) -> str:
    """Return a file's name as text: bytes that are no UTF-8, from old disks, show as ``\\xf1``."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def read_file(found: Found, *, max_bytes: int) -> Fetched:
    """Return the bytes of a file; raise SourceMissing or SourceTooLarge."""
    try:
        if not found.path.exists():
            raise SourceMissing(f"{_readable(str(found.path))} does not exist")
        if not found.path.is_file():
            raise SourceMissing(f"{_readable(str(found.path))} is not a file")
        with found.path.open("rb") as file:
            stamp = stamps.trusted(os.fstat(file.fileno()))
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise _missing(found.path, error) from error
    if len(content) > max_bytes:
        raise SourceTooLarge(
            f"the file is larger than the limit of {max_bytes / 1e6:,.0f} MB",
            remedy="Split the document, or raise KB_MAX_FILE_MB.",
        )
    return as_fetched(found, content, stamp=stamp)


def as_fetched(found: Found, content: bytes = b"", *, stamp: str | None = None) -> Fetched:
    """Return a file as fetched now, with these bytes."""
    return Fetched(
        found.collection,
        found.place,
        found.uri,
        _readable(found.path.name),
        content,
        fetched_at=datetime.now(UTC),
        stamp=stamp,
    )


def _missing(path: Path, error: OSError) -> SourceMissing:
    return SourceMissing(f"{_readable(str(path))} cannot be read: {error.strerror or error}")
