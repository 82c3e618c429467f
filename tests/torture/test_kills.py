from pathlib import Path

from tests.torture.scenes import Torture, scenes


def test_a_kill_at_any_step_of_any_deed_loses_nothing(tmp_path: Path) -> None:
    kills = 0
    for scene in scenes(tmp_path):
        tally = Torture(scene, tmp_path, seed=7).run(every=97, moments=0)
        assert tally.wrong == []
        kills += tally.at_steps
    assert kills > 5
