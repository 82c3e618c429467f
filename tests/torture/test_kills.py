from pathlib import Path

from tests.torture.scenes import scenes, torture


def test_a_kill_at_any_step_of_any_deed_loses_nothing(tmp_path: Path) -> None:
    kills = 0
    for scene in scenes(tmp_path):
        killed, wrong = torture(scene, tmp_path, every=29, moments=1, seed=7)
        assert wrong == []
        kills += killed
    assert kills > 10
