"""Any two builds of the same passages must give the same runs, byte for byte."""

from __future__ import annotations

import random

import pytest

from index.engine import IndexedPassage
from index.engines import ENGINES
from tests.index.passages import passage
from tests.quality.reproducible import BUILDS, at_once, run_bytes

WORDS = (
    "county shelter shelters night bus ley leyes refugio refugios victim victims víctimas traffic tráfico "
    "hotline call 12.40(c) W-9 the of de la who cómo plan plans card lost"
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
    queries = {f"q{number}": " ".join(chance.choices(WORDS, k=6)) for number in range(30)}
    expected = run_bytes(at_once, passages, queries, name)
    assert len(expected.splitlines()) > 1000
    assert run_bytes(build, passages, queries, name) == expected  # type: ignore[arg-type]
