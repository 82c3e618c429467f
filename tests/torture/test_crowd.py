from pathlib import Path

from tests.torture.crowd import crowd


def test_readers_see_whole_documents_while_everything_changes(tmp_path: Path) -> None:
    changes, looks, wrong = crowd(tmp_path, readers=3, seconds=4, seed=5)
    assert wrong == []
    assert changes > 0
    assert looks > 0
