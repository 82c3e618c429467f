"""What makes a hit a strong one?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.engine import IndexedPassage
from index.engines.memory import MemoryEngine
from index.queryparser import parse
from index.ranking.confidence import PARTIAL_FROM, STRONG_FROM, Evidence, evidence
from tests.index.passages import passage

OTHERS = [passage(f"other{n}", f"The desk number {n} is open on day {n}.", title="Desks") for n in range(30)]
RIGHT = passage(
    "right",
    "Lamps are checked. The night bus stops at the shelter. It runs on Sundays. Fees are small.",
    title="Transport",
)


def spoken_for(question: str, right: IndexedPassage = RIGHT) -> Evidence:
    """Return what speaks for the first hit of a question, which must be the passage given."""
    engine = MemoryEngine()
    with engine.writer(1) as writer:
        for each in (*OTHERS, right):
            writer.put(each)
    query = parse(question, language="en")
    ranking = engine.search(query, limit=30)
    assert ranking.hits[0].passage_id == right.id
    return evidence(
        query,
        ranking,
        weights=engine.weights(query),
        name=right.title,
        text=right.text,
        language=right.language,
    )


def test_words_count_that_stand_together_in_two_sentences() -> None:
    assert spoken_for("night bus shelter Sundays").together == pytest.approx(1.0)
    assert spoken_for("lamps and fees").together == pytest.approx(0.5, abs=0.05)
    assert 0.3 < spoken_for("bus to the moon").together < 0.6


def test_a_word_of_the_title_alone_counts_half() -> None:
    named = spoken_for("transport", replace(RIGHT, title="Transport"))
    assert named.together == pytest.approx(0.5)


def test_neighbours_in_the_question_are_looked_for_as_neighbours() -> None:
    assert spoken_for("night bus").side_by_side == pytest.approx(1.0)
    assert spoken_for("bus night").side_by_side == 0.0
    assert spoken_for("bus").side_by_side == spoken_for("bus").together == pytest.approx(1.0)


def test_a_hit_leads_less_when_others_are_as_good() -> None:
    alone = spoken_for("night bus")
    among = spoken_for("desk number open", passage("a", "The desk number 1 is open on day 1.", title="Desks"))
    assert alone.lead > 0.2
    assert 0.0 <= among.lead < 0.02


def test_what_is_demanded_is_no_question() -> None:
    assert spoken_for("title:transport").together == 1.0


def test_a_word_spelt_alike_counts_for_what_it_may_mean() -> None:
    assert 0.4 < spoken_for("sheltre").together < 1.0


def test_more_evidence_is_a_higher_probability() -> None:
    nothing, some, all_of_it = Evidence(0.1, 0, 0.02), Evidence(0.5, 0.2, 0.12), Evidence(1, 0.6, 0.25)
    assert nothing.probability() < PARTIAL_FROM < some.probability() < STRONG_FROM < all_of_it.probability()
