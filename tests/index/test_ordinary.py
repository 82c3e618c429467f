from __future__ import annotations

import pytest

from index.engines.memory import MemoryEngine
from index.ordinary import is_ordinary
from index.queryparser import parse
from tests.index.passages import passage


@pytest.mark.parametrize("term", ["think", "profit", "believ", "nino", "explot", "skill", "estadi"])
def test_the_terms_of_ordinary_words_are_known(term: str) -> None:
    assert is_ordinary(term)


@pytest.mark.parametrize("term", ["thnik", "profti", "recipi3nt", "", "a", "zzz"])
def test_slips_are_no_ordinary_words(term: str) -> None:
    assert not is_ordinary(term)


def test_an_ordinary_word_that_no_passage_has_is_no_slip_of_another() -> None:
    engine = MemoryEngine()
    with engine.writer(1) as writer:
        writer.put(passage("stills", "The stills of the old house are cleaned on Mondays."))
        writer.put(passage("other", "The night desk is open."))
    skills, slip = parse("which skills", language="en"), parse("which stilsl", language="en")
    assert engine.search(skills).total == 0 or engine.search(skills).hits[0].score < 1.0
    assert engine.search(slip).hits[0].passage_id == "stills"
