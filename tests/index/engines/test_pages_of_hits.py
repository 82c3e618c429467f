"""What an engine answers: which passages, how many, in what order."""

from __future__ import annotations

from index.engine import Engine
from index.queryparser import parse
from tests.index.engines.asking import ask, commit, found
from tests.index.passages import ALL, passage


def test_an_empty_index_answers_with_nothing(engine: Engine) -> None:
    ranking = engine.search(parse("where is a shelter"))
    assert (found(ranking), ranking.total, engine.count(), list(engine.ids()), engine.sequence) == (
        [],
        0,
        0,
        [],
        0,
    )


def test_a_passage_is_found_by_its_words_and_ranked_by_how_much_it_holds(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    assert ask(engine, "shelter for minors") == ["p-shelter", "p-bus"]
    assert ask(engine, "free bus") == ["p-bus"]


def test_hits_are_ranked_from_one_and_scores_fall(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    hits = engine.search(parse("shelter for young minors")).hits
    assert [hit.rank for hit in hits] == [1, 2, 3]
    assert sorted((hit.score for hit in hits), reverse=True) == [hit.score for hit in hits]
    assert all(hit.score > 0 for hit in hits)


def test_a_page_of_hits_is_a_slice_of_all_hits(engine: Engine) -> None:
    commit(engine, 1, *(passage(f"p{n:03}", "meals " * (n % 7 + 1) + "daily " * (n % 5)) for n in range(400)))
    whole = engine.search(parse("daily meals"), limit=1000)
    assert len(whole.hits) == whole.total == 400
    page = engine.search(parse("daily meals"), limit=10, offset=35)
    assert list(page.hits) == list(whole.hits[35:45])
    assert engine.search(parse("daily meals"), limit=2).hits == whole.hits[:2]
    assert engine.search(parse("daily meals"), limit=10, offset=395).hits == whole.hits[395:]
    assert engine.search(parse("daily meals"), limit=10, offset=400).hits == []


def test_a_limit_of_nothing_only_counts(engine: Engine) -> None:
    commit(engine, 1, *ALL)
    ranking = engine.search(parse("shelter"), limit=0)
    assert (found(ranking), ranking.total) == ([], 2)


def test_equal_scores_are_ordered_by_id(engine: Engine) -> None:
    commit(engine, 1, *(passage(name, "the same words") for name in ("c", "a", "d", "b")))
    assert ask(engine, "same words") == ["a", "b", "c", "d"]
