"""Which passages meet a condition: as if each were read, however rare or common the words are."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from index import impacts
from index.impacts import FILTERS, Sidecar, StoredPassage
from index.plan import Condition, Plan
from index.ranking.conditions import Conditions
from index.ranking.formula import Statistics
from index.ranking.lexicon import Lexicon

_WORDS = ["the", "of", *(f"w{number}" for number in range(40))]
_WEIGHTS = [400, 200, *(60 // (number + 1) + 1 for number in range(40))]


def _passages(count: int, *, seed: int) -> list[StoredPassage]:
    chance = random.Random(seed)
    passages = []
    for number in range(count):
        title, text = (tuple(chance.choices(_WORDS, _WEIGHTS, k=size)) for size in (3, 12))
        values = dict.fromkeys(FILTERS, "")
        passages.append(StoredPassage(f"{seed}-{number}", values, (title, (), text), ((), (), ())))
    return passages


@pytest.fixture(scope="module")
def passages() -> list[list[StoredPassage]]:
    return [_passages(300, seed=1), _passages(170, seed=2)]


@pytest.fixture(scope="module")
def conditions(passages: list[list[StoredPassage]]) -> Conditions:
    sidecars: list[Sidecar] = [impacts.build(each) for each in passages]
    none = np.zeros(0, np.int64)
    averages = {"title": 3.0, "headings": 1.0, "text": 12.0}
    lexicon = Lexicon(sidecars, [none, none], Statistics(470, averages))
    return Conditions(sidecars, [0, 300], lexicon)


def _meets(passage: StoredPassage, condition: Condition) -> bool:
    fields = {"title": 0, "text": 2}
    read = passage.words if condition.field == "any" else [passage.words[fields[condition.field]]]
    for reading in condition.readings:
        if condition.phrase:
            runs = [tuple(words[at : at + len(reading)]) for words in read for at in range(len(words))]
            if reading in runs:
                return True
        elif set(reading) <= {word for words in read for word in words}:
            return True
    return False


_READINGS = [
    ("the",), ("w39",), ("missing",), ("the", "of"), ("of", "the"), ("the", "w0"), ("w30", "the"),
    ("the", "w39"), ("the", "the"), ("of", "the", "w1"), ("w1", "w2"), ("the", "missing"),
    ("w0", "the", "w0"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reading", "field", "phrase"),
    list(itertools.product(_READINGS, ("any", "title", "text"), (False, True))),
)
def test_demanded_and_refused_words_are_those_that_are_read(
    conditions: Conditions,
    passages: list[list[StoredPassage]],
    reading: tuple[str, ...],
    field: str,
    phrase: bool,
) -> None:
    condition = Condition((reading, ("w38", "of")), field, phrase)
    read = [_meets(passage, condition) for passage in itertools.chain(*passages)]
    for _ in range(2):  # and again from what was kept
        demanded = conditions.allowed(Plan((), (condition,), ()))
        refused = conditions.allowed(Plan((), (), (condition,)))
        assert demanded is not None
        assert refused is not None
        assert demanded.tolist() == read
        assert (~refused).tolist() == read


def test_all_conditions_must_be_met(conditions: Conditions, passages: list[list[StoredPassage]]) -> None:
    one, two = Condition((("w3",),), "any"), Condition((("w4",), ("w5",)), "any")
    three = Condition((("the", "of"),), "text", phrase=True)
    allowed = conditions.allowed(Plan((), (one, two), (three,)))
    assert allowed is not None
    assert allowed.tolist() == [
        _meets(each, one) and _meets(each, two) and not _meets(each, three)
        for each in itertools.chain(*passages)
    ]
    assert conditions.allowed(Plan((), (), ())) is None
