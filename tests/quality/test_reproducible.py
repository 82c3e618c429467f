"""Any two builds of the same passages must give the same runs, byte for byte."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from index.engine import IndexedPassage
from index.engines import ENGINES, open_engine
from index.queryparser import parse
from index.testsets import read_corpus, read_queries
from tests.index.passages import passage
from tests.quality.reproducible import BUILDS, Compared, at_once, compare, run_bytes, sets_of, table

WORDS = (
    "county shelter shelters night bus ley leyes refugio refugios victim victims víctimas traffic tráfico "
    "hotline call 12.40(c) W-9 the of de la who cómo plan plans card lost in to is how what do a for on with "
    "and el en que los"
).split()


@pytest.fixture(scope="module")
def passages() -> list[IndexedPassage]:
    chance = random.Random(7)

    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    return [
        passage(
            f"p{number:03}",
            words(40),
            title=words(5),
            headings=(words(3),) if number % 3 else (),
            language=chance.choice(["en", "es", "other"]),
            source_id=f"s{number // 4}",
        )
        for number in range(160)
    ]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("build", BUILDS[1:], ids=lambda build: build.__name__)
def test_builds_of_the_same_passages_give_the_same_runs(
    name: str, build: object, passages: list[IndexedPassage]
) -> None:
    chance = random.Random(11)
    queries = {f"q{number}": " ".join(chance.choices(WORDS, k=14)) for number in range(40)}
    expected = run_bytes(at_once, passages, queries, name)
    assert len(expected.splitlines()) > 1000
    assert run_bytes(build, passages, queries, name) == expected  # type: ignore[arg-type]


def test_a_score_is_the_same_whatever_stands_beside_it(
    passages: list[IndexedPassage], tmp_path: Path
) -> None:
    chance = random.Random(13)
    engine = open_engine(ENGINES[0], tmp_path)
    at_once(engine, [replace(each, collection=each.id) for each in passages])
    for _ in range(4):
        query = parse(" ".join(chance.choices(WORDS, k=20)))
        for hit in engine.search(query, limit=100).hits[::3]:
            (alone,) = engine.search(replace(query, collections=(hit.passage_id,)), limit=1).hits
            assert alone.score == hit.score
    engine.close()


def test_a_build_in_a_process_of_its_own_gives_the_same_run_whatever_the_seed_of_hashes(
    tmp_path: Path,
) -> None:
    folder = small_set(tmp_path)
    compared = compare(folder, ["at_once", "bit_by_bit"])
    here = run_bytes(at_once, list(read_corpus(folder)), read_queries(folder), ENGINES[0])
    assert compared.same
    assert compared.digests[0] == hashlib.sha256(here).hexdigest()
    assert compared.lines == len(here.splitlines()) > 0


def test_runs_that_differ_are_told(tmp_path: Path) -> None:
    told = table(
        [Compared("one", 3, 40, ("a" * 64, "a" * 64)), Compared("other", 3, 40, ("a" * 64, "b" * 64))]
    )
    assert [row.split(" | ")[4] for row in told.splitlines()[2:]] == ["the same", "differ"]
    assert list(sets_of(small_set(tmp_path))) == list(sets_of(tmp_path)) == [tmp_path / "small"]


def small_set(folder: Path) -> Path:
    """Write a set of sixty lines and four questions."""
    chance, place = random.Random(5), folder / "small"
    place.mkdir()
    corpus = [
        {"_id": f"d{n}", "title": chance.choice(WORDS), "text": " ".join(chance.choices(WORDS, k=12))}
        for n in range(60)
    ]
    queries = [{"_id": f"q{n}", "text": " ".join(chance.choices(WORDS, k=6))} for n in range(4)]
    for name, written in (("corpus", corpus), ("queries", queries)):
        (place / f"{name}.jsonl").write_text("\n".join(map(json.dumps, written)), encoding="utf-8")
    (place / "qrels.tsv").write_text("".join(f"q{n}\td{n}\t1\n" for n in range(4)), encoding="utf-8")
    return place
