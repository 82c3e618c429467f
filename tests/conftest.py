from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.library import services_at
from webapp.wiring import Services


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """An empty service with a home of its own."""
    wired = services_at(tmp_path / "home")
    yield wired
    wired.close()
