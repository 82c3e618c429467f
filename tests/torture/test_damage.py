from pathlib import Path

import pytest

from tests.torture.damage import BACKUP, KINDS, WRONG, Library, torture


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.made(tmp_path_factory.mktemp("library"))


@pytest.mark.parametrize("kind", [*KINDS, BACKUP])
def test_what_is_damaged_is_found_and_healed_or_refused(library: Library, kind: str, tmp_path: Path) -> None:
    for done, came in torture(library, tmp_path, kind, places=2, seed=11):
        assert not came.startswith(WRONG), f"{done}: {came}"
