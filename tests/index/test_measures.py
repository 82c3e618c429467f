from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.evaluation import score
from index.measures import MEASURES, difference, interval, ndcg, recall, reciprocal_rank

OTHERS = {
    "ndcg@10": ir_measures.nDCG @ 10,
    "mrr@10": ir_measures.RR @ 10,
    "recall@1": ir_measures.R @ 1,
    "recall@5": ir_measures.R @ 5,
    "recall@10": ir_measures.R @ 10,
    "recall@100": ir_measures.R @ 100,
}

ids = st.integers(0, 120).map(lambda number: f"p{number}")
grades = st.dictionaries(ids, st.integers(-1, 3), min_size=1, max_size=30)
rankings = st.lists(ids, unique=True, max_size=110)


@given(st.dictionaries(st.sampled_from(["q1", "q2", "q3"]), st.tuples(grades, rankings), min_size=1))
def test_the_measures_are_those_of_trec_eval(topics: dict[str, tuple[dict[str, int], list[str]]]) -> None:
    qrels = {topic: judged for topic, (judged, _) in topics.items() if max(judged.values()) > 0}
    run = {
        topic: {passage: float(-place) for place, passage in enumerate(ranked)}
        for topic, (_, ranked) in topics.items()
    }
    if not qrels:
        return
    theirs = {topic: dict.fromkeys(OTHERS, 0.0) for topic in qrels}
    names = {measure: name for name, measure in OTHERS.items()}
    for metric in ir_measures.iter_calc(list(OTHERS.values()), qrels, run):
        theirs[metric.query_id][names[metric.measure]] = metric.value
    ours = score(qrels, run)
    for topic, values in theirs.items():
        assert ours.by_topic[topic] == pytest.approx(values, abs=1e-12)
    assert list(ours.means) == list(MEASURES) == list(OTHERS)


def test_each_measure_says_what_its_name_says() -> None:
    judged = {"a": 2, "b": 1, "c": 0, "d": -1}
    assert ndcg(["a", "b"], judged, depth=10) == 1
    assert ndcg(["d", "c"], judged, depth=10) == 0
    assert 0 < ndcg(["b", "a"], judged, depth=10) < 1
    assert reciprocal_rank(["c", "x", "b"], judged, depth=10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["c", "x", "b"], judged, depth=2) == 0
    assert recall(["a", "c"], judged, depth=2) == 0.5
    assert ndcg(["a"], {"a": 0}, depth=1) == recall(["a"], {"a": 0}, depth=1) == 0


def test_an_interval_holds_its_mean_narrows_with_more_topics_and_is_the_same_every_time() -> None:
    few, many = interval([0.0, 1.0] * 10), interval([0.0, 1.0] * 1000)
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 5
    assert few == interval([0.0, 1.0] * 10)
    assert interval([0.3]) == pytest.approx((0.3, 0.3, 0.3))


def test_the_mean_of_sets_counts_each_set_alike() -> None:
    found = interval([0.0, 1.0] * 50, [0.4])
    assert found.mean == pytest.approx(0.45)
    assert found.high - found.low == pytest.approx((interval([0.0, 1.0] * 50).high - 0.5) * 1, abs=0.02)


def test_a_difference_is_taken_topic_by_topic() -> None:
    before = {f"q{number}": number / 40 for number in range(40)}
    found = difference({topic: value + 0.01 for topic, value in before.items()}, before)
    # Every topic gained as much, so there is nothing to doubt, however far apart the topics are.
    assert found == pytest.approx((0.01, 0.01, 0.01))
    assert difference({"q": 0.5}, {}).mean == 0.5
