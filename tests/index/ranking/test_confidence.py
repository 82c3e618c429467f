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
    assert spoken_for("night bus shelter sundays").together == pytest.approx(4 / 6)
    assert spoken_for("lamps and fees").together == pytest.approx(0.5 * 3 / 5, abs=0.05)
    assert 0.2 < spoken_for("bus to the moon").together < 0.4


def test_a_share_of_many_words_tells_more_than_one_of_few() -> None:
    assert spoken_for("bus").together == spoken_for("night bus").together == pytest.approx(3 / 5)
    assert spoken_for("night bus stops at the shelter on Sundays").together == pytest.approx(5 / 7)


def test_a_missing_name_or_figure_counts_thrice() -> None:
    other = spoken_for("does the night bus stop at the shelter in winter").together
    name = spoken_for("does the night bus stop at the shelter in Winter").together
    figure = spoken_for("does the night bus stop at the shelter in 2047").together
    assert name == figure < other * 0.8


def test_capitals_of_most_words_name_nothing() -> None:
    plain = spoken_for("does the night bus stop at the shelter in winter")
    assert spoken_for("DOES THE NIGHT BUS STOP AT THE SHELTER IN WINTER") == plain
    assert spoken_for("Does The Night Bus Stop At The Shelter In Winter") == plain
    assert spoken_for("Winter: does the night bus stop at the shelter").together == plain.together


def test_a_word_of_the_title_alone_counts_half() -> None:
    named = spoken_for("transport", replace(RIGHT, title="Transport"))
    assert named.together == pytest.approx(0.5 * 3 / 5)


def test_neighbours_in_the_question_are_looked_for_as_neighbours() -> None:
    assert spoken_for("night bus").side_by_side == pytest.approx(1.0)
    assert spoken_for("bus night").side_by_side == 0.0
    assert spoken_for("bus").side_by_side == pytest.approx(1.0)


def test_a_hit_leads_less_when_others_are_as_good() -> None:
    alone = spoken_for("night bus")
    among = spoken_for("desk number open", passage("a", "The desk number 1 is open on day 1.", title="Desks"))
    assert alone.lead > 0.2
    assert 0.0 <= among.lead < 0.02


def test_what_is_demanded_is_no_question() -> None:
    assert spoken_for("title:transport").side_by_side == 1.0


def test_a_word_spelt_alike_counts_for_what_it_may_mean() -> None:
    assert 0.24 < spoken_for("sheltre").together < 0.6


def test_more_evidence_is_a_higher_probability() -> None:
    nothing, some, all_of_it = Evidence(0.1, 0, 0.02), Evidence(0.5, 0.2, 0.12), Evidence(1, 0.6, 0.25)
    assert nothing.probability() < PARTIAL_FROM < some.probability() < STRONG_FROM < all_of_it.probability()
