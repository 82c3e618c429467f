"""Both engines rank alike, whatever was put, deleted and asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.engine import IndexedPassage
from index.engines import open_engine
from index.engines.memory import MemoryEngine
from index.engines.whoosh import WhooshEngine
from index.query import Expansion, Order, Phrase, Query, Words
from kb.errors import SettingsError
from tests.index.engines.asking import commit, same
from tests.index.passages import passage


def test_an_unknown_engine_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="sphinx"):
        open_engine("sphinx", tmp_path)


WORDS = [
    "ley",
    "leyes",
    "shelter",
    "shelters",
    "the",
    "de",
    "12.40(c)",
    "niños",
    "ninos",
    "night",
    "bus",
    "W-9",
    "sheltered",
    "shetler",
    "nights",
    "nightly",
    "knight",
    "trafficking",
    "tráfico",
]
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
fields = st.sampled_from(["any", "title", "headings", "text"])
passages = st.builds(
    passage,
    st.sampled_from([f"p{n}" for n in range(9)]),
    texts,
    title=texts,
    headings=st.lists(texts, max_size=2).map(tuple),
    language=st.sampled_from(["en", "es", "other"]),
    collection=st.sampled_from(["a", "b"]),
    source_id=st.sampled_from(["s1", "s2"]),
    day=st.sampled_from(["", "2019-05-05", "2020-01-01", "2020-06-06"]),
)
clauses = st.one_of(st.builds(Words, texts, fields, st.booleans()), st.builds(Phrase, texts, fields))
queries = st.builds(
    Query,
    st.lists(clauses, max_size=3).map(tuple),
    refused=st.lists(clauses, max_size=1).map(tuple),
    language=st.sampled_from(["en", "es", "other"]),
    collections=st.sampled_from([(), ("a",), ("a", "b")]),
    source_ids=st.sampled_from([(), ("s1",)]),
    since=st.sampled_from(["", "2019-06-01"]),
    order=st.sampled_from(Order),
    expansions=st.lists(
        st.builds(Expansion, st.just("x"), texts, st.just(0.5), st.sampled_from(["en", "es"])), max_size=1
    ).map(tuple),
)
batches = st.lists(
    st.tuples(
        st.lists(passages, max_size=6), st.lists(st.sampled_from([f"p{n}" for n in range(9)]), max_size=3)
    ),
    min_size=1,
    max_size=5,
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=batches,
    asked=st.lists(queries, min_size=3, max_size=6),
    limit=st.integers(0, 4),
    dense_from=st.sampled_from([0.0, 1e9]),
)
def test_the_engines_rank_alike_after_any_batches(
    batches: list[tuple[list[IndexedPassage], list[str]]],
    asked: list[Query],
    limit: int,
    dense_from: float,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # In so small an index every word is common; the way that rare words are added is walked too.
    monkeypatch.setattr("index.ranking.weighing._DENSE_FROM", dense_from)
    exact, fast = MemoryEngine(), WhooshEngine.create(tmp_path_factory.mktemp("index"))
    for sequence, (added, removed) in enumerate(batches, start=1):
        for engine in (exact, fast):
            commit(engine, sequence, *added, delete=tuple(removed))
    assert sorted(exact.ids()) == sorted(fast.ids())
    for query in asked:
        assert same(
            exact.search(query, limit=limit, facets=True), fast.search(query, limit=limit, facets=True)
        )
        assert same(exact.search(query, limit=limit, offset=2), fast.search(query, limit=limit, offset=2))
        assert exact.weights(query) == pytest.approx(fast.weights(query))


def test_the_engines_rank_alike_where_some_share_a_title_and_some_have_one_alone(tmp_path: Path) -> None:
    titles = [("Lost card", "s1"), ("Lost card", "s2"), ("Lost card", "s1"), ("Lost key", "s1"), ("", "s2")]
    exact, fast = MemoryEngine(), WhooshEngine.create(tmp_path / "index")
    for engine in (exact, fast):
        for sequence, begins in enumerate((0, 5, 10), start=1):
            numbered = enumerate(titles if begins else titles[:4], start=begins)
            commit(
                engine,
                sequence,
                *(passage(f"p{n}", f"word{n}", title=title, source_id=of) for n, (title, of) in numbered),
            )
    query = Query((Words("lost card"),))
    assert same(exact.search(query), fast.search(query))
    assert len({hit.score for hit in fast.search(query).hits}) > 2
