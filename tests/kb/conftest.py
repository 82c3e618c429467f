from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog.open(f"sqlite:///{tmp_path / 'catalog.sqlite'}")
    yield opened
    opened.close()
