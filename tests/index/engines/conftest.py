"""Every test in this folder that asks for an engine runs with each of them: what one answers, all answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.engine import Engine
from index.engines import ENGINES, open_engine


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(request.param, tmp_path / "index")
    yield opened
    opened.close()
