import os
from pathlib import Path

from ingest.watch.settling import Settling


def test_a_file_is_settled_when_it_stayed_the_same_for_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "memo.txt"
    path.write_text("half")
    settling = Settling(2)
    settling.note(path, 10)
    assert settling.settled(11.9) == []
    assert settling.settled(12) == [path]
    assert settling.settled(99) == []


def test_a_file_that_is_still_written_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "memo.txt"
    path.write_text("half")
    settling = Settling(2)
    settling.note(path, 10)
    # Nobody told of the second half.
    path.write_text("half and half")
    assert settling.settled(12) == []
    assert settling.settled(13.9) == []
    assert settling.settled(14) == [path]


def test_a_file_of_the_same_size_with_another_time_is_another(tmp_path: Path) -> None:
    path = tmp_path / "memo.txt"
    path.write_text("half")
    settling = Settling(2)
    settling.note(path, 10)
    os.utime(path, ns=(0, 0))
    assert settling.settled(12) == []


def test_each_word_of_a_change_starts_the_wait_anew(tmp_path: Path) -> None:
    path = tmp_path / "memo.txt"
    path.write_text("half")
    settling = Settling(2)
    settling.note(path, 10)
    settling.note(path, 11.5)
    assert settling.settled(13) == []
    assert settling.settled(13.5) == [path]
    assert len(settling) == 0


def test_a_program_that_saves_by_deleting_first_is_given_time(tmp_path: Path) -> None:
    path = tmp_path / "memo.txt"
    settling = Settling(2)
    settling.note(path, 10)
    path.write_text("new")
    assert settling.settled(12) == []
    assert settling.settled(14) == [path]


def test_that_a_file_is_gone_settles_too(tmp_path: Path) -> None:
    settling = Settling(2)
    settling.note(tmp_path / "gone.txt", 10)
    assert settling.settled(12) == [tmp_path / "gone.txt"]


def test_thousands_settle_at_once_and_in_order(tmp_path: Path) -> None:
    settling = Settling(1)
    paths = [tmp_path / f"{number:05}.txt" for number in range(3000)]
    for path in reversed(paths):
        settling.note(path, 5)
    assert settling.settled(6) == paths
