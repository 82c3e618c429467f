"""Ways to fill an engine, to ask it, and to compare what two of them say."""

from __future__ import annotations

import pytest

from index.engine import Engine, IndexedPassage, Ranking
from index.queryparser import parse


def commit(engine: Engine, sequence: int, *passages: IndexedPassage, delete: tuple[str, ...] = ()) -> None:
    with engine.writer(sequence) as batch:
        for one in passages:
            batch.put(one)
        for passage_id in delete:
            batch.delete(passage_id)


def found(ranking: Ranking) -> list[str]:
    return [hit.passage_id for hit in ranking.hits]


def ask(engine: Engine, question: str) -> list[str]:
    return found(engine.search(parse(question)))


def same(first: Ranking, second: Ranking) -> bool:
    return (
        found(first) == found(second)
        and first.total == second.total
        and first.facets == second.facets
        and first.ideal == pytest.approx(second.ideal, abs=1e-9)
        and all(abs(one.score - two.score) < 1e-9 for one, two in zip(first.hits, second.hits, strict=True))
    )
