"""What a batch does: puts, deletions, their order, and who sees them when."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from index.engine import Engine
from index.queryparser import parse
from kb.errors import IndexBusy
from tests.index.engines.asking import ask, commit
from tests.index.passages import ALL, BUS, FOOD, SHELTER, passage


def test_a_put_passage_replaces_the_one_with_its_id(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    commit(engine, 2, passage("p-bus", "The tram is free."))
    assert ask(engine, "bus") == []
    assert ask(engine, "tram") == ["p-bus"]
    assert engine.count() == 4


def test_the_last_put_of_an_id_in_a_batch_holds(engine: Engine) -> None:
    commit(engine, 1, passage("p", "first words"), passage("p", "second words"))
    assert ask(engine, "first") == []
    assert ask(engine, "second") == ["p"]
    assert engine.count() == 1


def test_a_deleted_passage_is_gone_and_an_unknown_id_is_no_error(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    commit(engine, 2, delete=("p-bus", "no-such-passage"))
    assert ask(engine, "bus shelter") == ["p-shelter"]
    assert sorted(engine.ids()) == ["p-food", "p-refugio", "p-shelter"]


def test_delete_and_put_in_one_batch_follow_their_order(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    with engine.writer(2) as batch:
        batch.delete("p-bus")
        batch.put(BUS)
        batch.put(FOOD)
        batch.delete("p-food")
    assert sorted(engine.ids()) == ["p-bus", "p-refugio", "p-shelter"]


def test_the_sequence_is_that_of_the_last_batch_even_an_empty_one(engine: Engine) -> None:
    commit(engine, 7, *ALL)
    assert engine.sequence == 7
    commit(engine, 12)
    assert engine.sequence == engine.search(parse("bus")).sequence == 12


def test_an_abandoned_batch_leaves_nothing(engine: Engine) -> None:
    commit(engine, 1, SHELTER)
    with suppress(RuntimeError), engine.writer(2) as batch:
        batch.put(BUS)
        batch.delete("p-shelter")
        raise RuntimeError
    assert (list(engine.ids()), engine.sequence, ask(engine, "bus")) == (["p-shelter"], 1, [])
    commit(engine, 3, BUS)
    assert sorted(engine.ids()) == ["p-bus", "p-shelter"]


def test_a_batch_is_not_seen_before_it_is_committed(engine: Engine) -> None:
    with engine.writer(1) as batch:
        batch.put(BUS)
        assert ask(engine, "bus") == []
    assert ask(engine, "bus") == ["p-bus"]


def test_a_second_writer_is_turned_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.engines.whoosh._WAIT", 0.0)
    with engine.writer(1), pytest.raises(IndexBusy), engine.writer(2):
        pass
    assert engine.sequence == 1


def test_threads_that_search_while_others_write_see_whole_states(engine: Engine) -> None:
    commit(engine, 1, *(passage(f"a{n}", "common words") for n in range(10)))
    wrong: list[object] = []
    done = threading.Event()

    def search() -> None:
        while not done.is_set():
            ranking = engine.search(parse("common words"), limit=1000)
            # Each batch adds ten passages, so the state of sequence s has ten times s of them.
            if not ranking.total == len(ranking.hits) == ranking.sequence * 10:
                wrong.append(ranking)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for sequence in range(2, 12):
            commit(engine, sequence, *(passage(f"{sequence}-{n}", "common words") for n in range(10)))
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert engine.count() == 110
