from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from ingest.reading import InProcess, Limits
from kb.blobs import BlobStore
from kb.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog.open(f"sqlite:///{tmp_path / 'home' / 'catalog.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "home" / "blobs")


@pytest.fixture
def pipeline(catalog: Catalog, blobs: BlobStore) -> Pipeline:
    return Pipeline(catalog, blobs, InProcess(Limits(text_chars=1_000_000)))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder for documents."""
    folder = tmp_path / "library"
    folder.mkdir()
    return folder
