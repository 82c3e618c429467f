from pathlib import Path

from tests.torture.kills import Torture
from tests.torture.scenes import scenes


def test_a_kill_at_any_step_of_any_deed_loses_nothing(tmp_path: Path) -> None:
    kills = refusals = full = 0
    for number, scene in enumerate(scenes(tmp_path, exact=False)):
        torture = Torture(scene, tmp_path, seed=7)
        torture.at_steps(every=150)
        if number % 4 == 0:
            torture.with_small_files(1)
        assert torture.tally.wrong == []
        kills, refusals = kills + torture.tally.at_steps, refusals + torture.tally.refusals
        full += torture.tally.full
    assert min(kills, refusals, full) > 3
