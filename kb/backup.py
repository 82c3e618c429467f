"""How is a whole library kept in one file, and brought back from it?

The file is a ZIP: ``backup.json`` (the format, where it comes from, the SHA-256 of every other member),
``catalog.sqlite``, ``blobs/<sha256>`` for every revision, and the plain files that an admin edits. Indexes
are not in it: they are made again from the catalog.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kb
from kb.blobs import BlobStore, fsync_folder
from kb.catalog import Catalog
from kb.errors import BackupError, CatalogError, StorageError

FORMAT = 1
CATALOG = "catalog.sqlite"
_FACTS = "backup.json"
_BLOBS = "blobs/"
_PLAIN = "files/"
_PIECE = 1 << 20
# What Python's zipfile raises for archives with flipped bits: another method or flag, names and sizes that
# cannot be, streams that do not unpack (python -m tests.torture.damage).
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    UnicodeError,
)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a backup holds: how many documents' bytes, and faults that were met, as sentences."""

    documents: int
    size: int
    faults: tuple[str, ...]


def back_up(
    catalog: Catalog,
    blobs: BlobStore,
    file: Path,
    *,
    plain: dict[str, Path],
    progress: Progress | None = None,
) -> Kept:
    """Write a library as it stands at one moment into a file, while search and ingest go on.

    The file is there whole or not at all, and never replaces another. ``plain`` names files to keep beside
    the catalog. Raises BackupError or StorageError.
    """
    if file.exists():
        raise BackupError(f"{file} is there already", remedy="Name a file that does not exist yet.")
    try:
        with _made_whole(file) as temporary, _folder(file.with_name(f".{file.name}.catalog")) as folder:
            snapshot = folder / CATALOG
            catalog.copy_to(snapshot)
            with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                return _fill(archive, snapshot, blobs, plain=plain, progress=progress)
    except OSError as error:
        raise StorageError(f"the backup cannot be written: {error.strerror or error}") from error


def _fill(
    archive: zipfile.ZipFile,
    snapshot: Path,
    blobs: BlobStore,
    *,
    plain: dict[str, Path],
    progress: Progress | None,
) -> Kept:
    sums = {CATALOG: _add_file(archive, CATALOG, snapshot)}
    faults = []
    kept = size = 0
    for sha256 in _hashes(snapshot):
        try:
            content = blobs.get(sha256)
        except CatalogError as error:
            faults.append(str(error))
            continue
        archive.writestr(_BLOBS + sha256, content)
        sums[_BLOBS + sha256] = sha256
        kept, size = kept + 1, size + len(content)
        if progress is not None:
            progress(kept)
    for name, path in plain.items():
        if path.is_file():
            sums[_PLAIN + name] = _add_file(archive, _PLAIN + name, path)
    facts = {
        "format": FORMAT,
        "kb": kb.__version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "sha256": sums,
    }
    archive.writestr(_FACTS, json.dumps(facts, indent=1))
    return Kept(kept, size, tuple(faults))


def _hashes(snapshot: Path) -> list[str]:
    """Return the SHA-256 of every revision in the copy, not in the catalog that goes on changing."""
    copy = Catalog.open(f"sqlite:///{snapshot.as_posix()}")
    try:
        with copy.reading() as transaction:
            return sorted(transaction.documents.all_hashes())
    finally:
        copy.close()


def _add_file(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        while piece := source.read(_PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


@contextmanager
def _made_whole(file: Path) -> Iterator[Path]:
    """Yield where to write; what was written takes its name when it is safely on the disk."""
    temporary = file.with_name(f".{file.name}.part")
    try:
        # For its owner only, as the library is.
        temporary.touch(mode=0o600)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(temporary, file)
        fsync_folder(file.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder, removed at the end; what a killed process left under its name goes first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restore(file: Path, catalog_url: str, blobs: BlobStore, *, home: Path) -> int:
    """Bring a library back into an empty home; return how many documents' bytes it has.

    The catalog comes last: a restore that is broken off leaves none, and can be begun again. Raises
    BackupError when the file is not a whole backup or the home is in use.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            sums = _sums(archive)
            for name, sha256 in sums.items():
                if name.startswith(_BLOBS):
                    blobs.put(_member(archive, name, sha256))
            with _folder(home / ".restored") as folder:
                snapshot = folder / CATALOG
                _extract(archive, CATALOG, snapshot, sha256=sums[CATALOG])
                _bring_up(snapshot)
                _put_in_place(snapshot, catalog_url)
            for name, sha256 in sums.items():
                if name.startswith(_PLAIN):
                    _extract(archive, name, home / Path(name).name, sha256=sha256)
    except _DAMAGES as error:
        raise _damaged(file) from error
    except FileNotFoundError as error:
        raise BackupError(f"{file} does not exist", remedy="Name the file that `kb backup` wrote.") from error
    except OSError as error:
        raise StorageError(f"the backup cannot be restored: {error.strerror or error}") from error
    return sum(name.startswith(_BLOBS) for name in sums)


def _sums(archive: zipfile.ZipFile) -> dict[str, str]:
    try:
        facts: dict[str, Any] = json.loads(archive.read(_FACTS))
        written, sums = int(facts["format"]), dict(facts["sha256"])
    except (ValueError, TypeError) as error:
        raise _damaged(Path(archive.filename or "the file")) from error
    if written > FORMAT:
        raise BackupError(
            f"the backup has format {written}, and this version knows up to {FORMAT}",
            remedy="Restore it with the version of kb that wrote it, or a newer one.",
        )
    return sums


def _member(archive: zipfile.ZipFile, name: str, sha256: str) -> bytes:
    content = archive.read(name)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _damaged(Path(archive.filename or "the file"))
    return content


def _extract(archive: zipfile.ZipFile, name: str, target: Path, *, sha256: str) -> None:
    with archive.open(name) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, _PIECE)
        file.flush()
        os.fsync(file.fileno())
    with target.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise _damaged(Path(archive.filename or "the file"))


def _bring_up(snapshot: Path) -> None:
    """Migrate the copy to today's format and let go of what readers of long ago had claimed."""
    copy = Catalog.open(f"sqlite:///{snapshot.as_posix()}")
    try:
        with copy.writing() as transaction:
            transaction.claims.release_all()
    finally:
        copy.close()


def _put_in_place(snapshot: Path, catalog_url: str) -> None:
    catalog = Catalog.open(catalog_url)
    try:
        catalog.fill_from(snapshot)
    finally:
        catalog.close()


def _damaged(file: Path) -> BackupError:
    return BackupError(
        f"{file} is not a whole backup", remedy="Use another backup; this one was not restored."
    )
