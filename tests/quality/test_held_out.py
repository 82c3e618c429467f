"""A constant is chosen without the set that it is then measured on, and moving it leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from index import fields
from index.ranking import formula, weighing
from index.testsets import read_queries
from tests.quality.held_out import GRID, TODAY, best_peers, held_out, measure, moved, runs, settings
from tests.quality.test_reproducible import small_set


def test_the_setting_of_a_set_is_chosen_by_the_other_sets_alone() -> None:
    figures = {
        "one": {TODAY: 0.5, "K1 0.9": 0.9},
        "two": {TODAY: 0.5, "K1 0.9": 0.4},
        "three": {TODAY: 0.5, "K1 0.9": 0.45},
    }
    found = {held.name: (held.setting, held.chosen, held.today) for held in held_out(figures)}
    assert found == {"one": (TODAY, 0.5, 0.5), "two": ("K1 0.9", 0.4, 0.5), "three": ("K1 0.9", 0.45, 0.5)}


def test_of_equal_settings_todays_is_kept() -> None:
    same = {"K1 0.9": 0.5, TODAY: 0.5}
    assert [held.setting for held in held_out({"one": same, "two": same})] == [TODAY, TODAY]


def test_a_constant_is_moved_wherever_it_was_taken_and_put_back_after_a_failure() -> None:
    seen: list[float] = []
    with pytest.raises(ZeroDivisionError), moved({"K1": 9.0}):
        seen += [vars(formula)["K1"], vars(weighing)["K1"], fields.K1, 1 / 0]
    with moved({"K1": 9.0}):
        seen += [vars(formula)["K1"], vars(weighing)["K1"], fields.K1]
    assert seen == [9.0, 9.0, 9.0]
    assert vars(formula)["K1"] == vars(weighing)["K1"] == fields.K1 == 1.2


def test_every_constant_of_the_grid_is_read_when_a_set_is_asked(tmp_path: Path) -> None:
    assert all(value != getattr(fields, name) for name, values in GRID.items() for value in values)
    folder = small_set(tmp_path)
    found = dict(runs(folder, read_queries(folder)))
    assert list(found) == [name for name, _ in settings()]
    assert [name for name, run in found.items() if run == found[TODAY]] == [TODAY]
    assert list(measure(folder, 3)) == list(found)


def test_the_best_of_the_others_is_read_from_the_page() -> None:
    rows = "| set | a | b | c | d | ours |\n|---|\n| x | 0.1 | **0.4** | 0.2 | 0.3 | 0.9 |"
    assert best_peers(f"before\n<!-- sets -->\n{rows}\n<!-- /sets -->") == {"x": 0.4}
