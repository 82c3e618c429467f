from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.library import services_at
from webapp.wiring import Services

# A busy machine may take long over one example; that says nothing about what is tested.
settings.register_profile(
    "patient", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """An empty service with a home of its own."""
    wired = services_at(tmp_path / "home")
    yield wired
    wired.close()
