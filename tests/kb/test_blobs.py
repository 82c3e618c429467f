import hashlib
from pathlib import Path

import pytest

from kb.blobs import BlobStore
from kb.errors import CatalogError, StorageError


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs")


def test_bytes_come_back_as_they_were(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"\x00\xffwords")
    assert sha256 == hashlib.sha256(b"\x00\xffwords").hexdigest()
    assert blobs.get(sha256) == b"\x00\xffwords"


def test_keeping_the_same_bytes_twice_keeps_one_file(blobs: BlobStore, tmp_path: Path) -> None:
    assert blobs.put(b"x") == blobs.put(b"x")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_missing_bytes_are_named(blobs: BlobStore) -> None:
    with pytest.raises(CatalogError, match="missing"):
        blobs.get("0" * 64)


def test_damaged_bytes_are_never_returned(blobs: BlobStore) -> None:
    sha256 = blobs.put(b"the number is 800-655-4095")
    blobs.path(sha256).write_bytes(b"the number is 800-655-4096")
    with pytest.raises(CatalogError, match="damaged"):
        blobs.get(sha256)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="cannot be stored"):
        BlobStore(tmp_path / "blobs").put(b"x")
