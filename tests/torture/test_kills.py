from pathlib import Path

from tests.torture.kills import Torture
from tests.torture.scenes import scenes


def test_a_kill_at_any_step_of_any_deed_loses_nothing(tmp_path: Path) -> None:
    kills = 0
    for scene in scenes(tmp_path):
        torture = Torture(scene, tmp_path, seed=7)
        torture.at_steps(every=97)
        torture.with_small_files(1)
        assert torture.tally.wrong == []
        kills += torture.tally.at_steps
    assert kills > 5
