"""What only an engine with files can get wrong: crashes, damage, other processes, versions."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from index import impacts, sidecars
from index.engine import IndexedPassage
from index.engines import segments, sums
from index.engines.whoosh import WhooshEngine
from index.queryparser import parse
from kb.errors import IndexBusy, IndexIncompatible, IndexMissing, SearchIndexError
from tests.index.passages import ALL, BUS, FOOD, passage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments, with a deletion, of sequence 5."""
    engine = WhooshEngine.create(tmp_path / "index")
    commit(engine, 3, *ALL[:3])
    commit(engine, 5, FOOD, delete="p-bus")
    return tmp_path / "index"


def commit(engine: WhooshEngine, sequence: int, *passages: IndexedPassage, delete: str = "") -> None:
    with engine.writer(sequence) as batch:
        for one in passages:
            batch.put(one)
        batch.delete(delete)


def ask(engine: WhooshEngine, question: str) -> list[str]:
    return [hit.passage_id for hit in engine.search(parse(question)).hits]


def arrays(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.arrays"))


def test_a_reopened_index_answers_as_before(folder: Path) -> None:
    engine = WhooshEngine.open(folder)
    assert (engine.sequence, engine.count(), ask(engine, "shelter")) == (5, 3, ["p-shelter"])
    assert ask(engine, "refugio") == ["p-refugio"]


def test_the_folder_is_private(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700


def test_no_folder_and_an_empty_folder_hold_no_index(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(IndexMissing):
            WhooshEngine.open(path)


def test_creating_where_an_index_is_opens_it(folder: Path) -> None:
    assert WhooshEngine.create(folder).count() == 3


def test_each_segment_has_its_arrays_and_those_of_gone_segments_are_removed(folder: Path) -> None:
    engine = WhooshEngine.open(folder)
    assert len(arrays(folder)) == 2
    with engine.writer(6) as batch:
        for one in ALL:
            batch.delete(one.id)
    assert arrays(folder) == []
    assert (engine.count(), ask(engine, "shelter"), engine.sequence) == (0, [], 6)


@pytest.mark.parametrize(
    "damage", ["missing", "empty", "short", "changed", "other format", "no arrays at all"]
)
def test_a_reader_goes_on_without_the_arrays_and_the_next_writer_mends_them(
    folder: Path, damage: str
) -> None:
    path = arrays(folder)[0]
    content = path.read_bytes()
    broken = {
        "empty": b"",
        "short": content[: len(content) // 2],
        "changed": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        "other format": content[:8] + b"\xff" + content[9:],
        "no arrays at all": b"something else that is long enough to have a header",
    }
    path.unlink()
    if damage in broken:
        path.write_bytes(broken[damage])
    reader = WhooshEngine.open(folder)
    assert sorted(reader.ids()) == ["p-food", "p-refugio", "p-shelter"]
    assert ask(reader, "night shelter") == ["p-shelter"]
    assert not path.exists() or path.read_bytes() != content
    commit(reader, 6)
    assert path.read_bytes() == content
    assert ask(reader, "night shelter") == ["p-shelter"]
    assert sidecars.load(path).size == 3 or sidecars.load(path).size == 1


def test_another_engine_sees_a_commit_within_a_second_and_on_refresh_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = WhooshEngine.open(folder), WhooshEngine.open(folder)
    commit(writer, 6, BUS)
    assert ask(reader, "bus") == []
    monkeypatch.setattr("index.engines.whoosh._LOOK_AGAIN", 0.0)
    assert ask(reader, "bus") == ["p-bus"]
    monkeypatch.setattr("index.engines.whoosh._LOOK_AGAIN", 60.0)
    commit(writer, 7, delete="p-bus")
    assert ask(reader, "bus") == ["p-bus"]
    reader.refresh()
    assert (ask(reader, "bus"), reader.sequence) == ([], 7)


def test_a_writer_starts_from_the_last_commit_of_any_process(folder: Path) -> None:
    first, second = WhooshEngine.open(folder), WhooshEngine.open(folder)
    commit(first, 6, BUS)
    commit(second, 7, passage("p-bus", "The tram."))
    first.refresh()
    assert sorted(first.ids()) == ["p-bus", "p-food", "p-refugio", "p-shelter"]
    assert ask(first, "tram") == ["p-bus"]


def test_a_lock_held_elsewhere_is_waited_for_and_then_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.engines.whoosh._WAIT", 0.1)
    lock = segments.DurableStorage(str(folder)).lock("MAIN_WRITELOCK")
    assert lock.acquire()
    engine = WhooshEngine.open(folder)
    try:
        began = time.monotonic()
        with pytest.raises(IndexBusy):
            commit(engine, 6)
        assert time.monotonic() - began >= 0.1
    finally:
        lock.release()
    commit(engine, 6)
    assert engine.sequence == 6


@pytest.mark.parametrize(
    "step", ["segments.write", "sidecars.save", "sums.write_checked", "whoosh_index.TOC.write"]
)
def test_a_commit_that_fails_at_any_step_leaves_the_last_one_true(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    files = sorted(path.name for path in folder.iterdir())
    engine = WhooshEngine.open(folder)
    with monkeypatch.context() as patch:
        patch.setattr(f"index.engines.whoosh.{step}", full)
        with pytest.raises(SearchIndexError, match="No space left") as raised:
            commit(engine, 9, BUS)
    assert "room" in raised.value.remedy
    assert (engine.sequence, ask(engine, "bus")) == (5, [])
    assert WhooshEngine.open(folder).sequence == 5
    assert sorted(path.name for path in folder.iterdir()) == files
    commit(engine, 9, BUS)
    assert (engine.sequence, ask(engine, "bus")) == (9, ["p-bus"])


def test_the_sequence_belongs_to_the_generation_that_is_there(folder: Path) -> None:
    # A crash after the sequence was written and before the commit.
    path = folder / "sequences.json"
    sums.write_checked(path, sums.read_checked(path) | {"3": 99})
    engine = WhooshEngine.open(folder)
    assert engine.sequence == 5
    commit(engine, 6)
    assert WhooshEngine.open(folder).sequence == 6


def test_leftovers_of_a_killed_writer_are_no_harm_and_go_with_the_next_commit(folder: Path) -> None:
    (folder / "MAIN_0123456789abcdef.trm").write_bytes(b"half a segment")
    (folder / "MAIN_0123456789abcdef.arrays.tmp").write_bytes(b"half")
    (folder / "MAIN.tmp").mkdir()
    (folder / "MAIN.tmp" / "x.ctmp").write_bytes(b"half")
    (folder / "_MAIN_3.toc.123.4").write_bytes(b"half a list")
    engine = WhooshEngine.open(folder)
    assert engine.count() == 3
    commit(engine, 6, BUS)
    assert not [
        path for path in folder.iterdir() if "0123456789abcdef" in path.name or path.name == "MAIN.tmp"
    ]


@pytest.mark.parametrize("content", [b"", b"\x00" * 200, None])
def test_a_damaged_list_of_segments_is_reported(folder: Path, content: bytes | None) -> None:
    path = folder / "_MAIN_2.toc"
    path.write_bytes(path.read_bytes()[:-40] if content is None else content)
    with pytest.raises(IndexIncompatible):
        WhooshEngine.open(folder)


def test_a_running_engine_goes_on_when_the_index_is_damaged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = WhooshEngine.open(folder)
    for path in folder.iterdir():
        path.write_bytes(b"")
    monkeypatch.setattr("index.engines.whoosh._LOOK_AGAIN", 0.0)
    assert ask(engine, "night shelter") == ["p-shelter"]


def test_a_segment_without_arrays_and_with_damaged_stored_values_is_reported(folder: Path) -> None:
    for path in folder.glob("*.arrays"):
        path.unlink()
    for path in folder.glob("*.col"):
        path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(IndexIncompatible):
        WhooshEngine.open(folder)


def test_many_small_commits_keep_few_segments_and_every_passage(tmp_path: Path) -> None:
    engine = WhooshEngine.create(tmp_path)
    for number in range(30):
        both = (passage(f"{name}{number:02}", f"{name}{number} shared") for name in "ab")
        commit(engine, number + 1, *both, delete=f"b{number - 2:02}")
    kept = [f"a{number:02}" for number in range(30)] + ["b28", "b29"]
    assert sorted(engine.ids()) == kept
    assert sorted(WhooshEngine.open(tmp_path).ids()) == kept
    assert engine.search(parse("shared")).total == 32
    assert ask(engine, '"a17 shared"') == ["a17"]
    assert len(arrays(tmp_path)) <= 7


def test_a_small_commit_does_not_merge_large_segments(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("index.engines.whoosh._MERGE_PASSAGES", 4)
    monkeypatch.setattr("index.engines.whoosh._MERGE_AT", 2)
    engine = WhooshEngine.create(tmp_path)
    commit(engine, 1, *(passage(f"p{place}", "shared") for place in range(30)))
    (large,) = arrays(tmp_path)
    for number in range(6):
        commit(engine, number + 2, passage(f"q{number}", "shared"))
    assert large in arrays(tmp_path)
    assert len(arrays(tmp_path)) <= 3
    assert engine.count() == 36


def test_whoosh_itself_can_search_the_index(folder: Path) -> None:
    from whoosh import index, query  # noqa: PLC0415

    with index.open_dir(str(folder)).searcher() as searcher:
        assert [hit["id"] for hit in searcher.search(query.Term("text", "meal"))] == ["p-food"]
        assert [hit["id"] for hit in searcher.search(query.Term("id", "p-shelter"))] == ["p-shelter"]


def test_a_count_beyond_a_byte_is_exact(tmp_path: Path) -> None:
    engine = WhooshEngine.create(tmp_path)
    commit(engine, 1, passage("long", "word " * 70_000 + "end"), passage("short", "word " * 300))
    assert ask(engine, "end") == ["long"]
    (path,) = arrays(tmp_path)
    assert sorted(sidecars.load(path).arrays["tf_text"].tolist()) == [1, 300, 70_000]


def test_a_name_that_whoosh_would_draw_twice_is_never_used(tmp_path: Path) -> None:
    import random  # noqa: PLC0415

    engine = WhooshEngine.create(tmp_path)
    for number in range(3):
        random.seed(1)
        commit(engine, number + 1, passage(f"p{number}", "shared"))
    assert engine.count() == len(arrays(tmp_path)) == 3


@pytest.mark.skipif(os.name == "nt", reason="a mapped file cannot be removed on Windows")
def test_a_search_begun_before_a_merge_ends_well(folder: Path) -> None:
    engine, writer = WhooshEngine.open(folder), WhooshEngine.open(folder)
    before = engine.search(parse("night shelter"))
    for number in range(8):
        commit(writer, 10 + number, passage(f"x{number}", "words"))
    assert engine._snapshot.search(parse("night shelter"), limit=10, offset=0) == before


def test_a_segment_that_a_commit_takes_away_while_it_is_read_is_looked_for_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = sidecars.load

    def taken_away(path: Path) -> impacts.Sidecar:
        monkeypatch.setattr("index.engines.whoosh.sidecars.load", load)
        hidden = {each: each.with_name(f"hidden-{each.name}") for each in folder.glob(f"{path.stem}.*")}
        for each, aside in hidden.items():
            each.rename(aside)
        monkeypatch.setattr("time.sleep", lambda _: [aside.rename(each) for each, aside in hidden.items()])
        return load(path)

    monkeypatch.setattr("index.engines.whoosh.sidecars.load", taken_away)
    assert WhooshEngine.open(folder).sequence == 5


def test_arrays_that_are_mapped_answer_as_those_that_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = WhooshEngine.open(folder)
    monkeypatch.setattr(sidecars, "_MAP_FROM", 0)
    monkeypatch.setattr(sidecars, "_MOST_MAPPED", 0)
    monkeypatch.setattr(sidecars, "_MOST_OWN", 0)
    mapped = WhooshEngine.open(folder)
    for question in ("shelter", "refugio", "young people at night"):
        expected = read.search(parse(question)).hits
        assert mapped.search(parse(question)).hits == expected
        sidecars.let_go()
        assert mapped.search(parse(question)).hits == expected


def test_damaged_arrays_are_not_mapped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecars, "_MAP_FROM", 0)
    path = arrays(folder)[0]
    content = path.read_bytes()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    with pytest.raises(IndexIncompatible):
        sidecars.load(path)
