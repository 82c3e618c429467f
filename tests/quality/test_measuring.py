"""What measures must itself be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranking.confidence import Evidence
from ingest.readers.text import plaintext
from ingest.segment import SIZES, segment
from tests.quality.answers import Answer, Article, holds, measure, places
from tests.quality.floors import raised
from tests.quality.folders import sets_in
from tests.quality.mistyped import carelessly, with_slip, without_accents, without_marks
from tests.quality.reliability import Asked, area, fit, kept
from tests.quality.tables import replace_between


def test_a_question_is_typed_worse_in_each_way() -> None:
    assert without_accents("¿Qué señales hay en Perú?") == "¿Que senales hay en Peru?"
    assert without_marks("¿Qué hay?") == "Qué hay"
    assert with_slip("who is it") == "who is it"
    assert carelessly("¿Qué SEÑALES hay?") == carelessly("¿Qué SEÑALES hay?").lower()


@given(st.lists(st.sampled_from(["shelter", "hotline", "the", "county", "refugio"]), min_size=1, max_size=6))
def test_a_slip_changes_at_most_one_telling_word_and_is_the_same_every_time(words: list[str]) -> None:
    question = " ".join(words)
    slipped = with_slip(question)
    assert slipped == with_slip(question)
    changed = [(was, now) for was, now in zip(words, slipped.split(), strict=True) if was != now]
    assert len(changed) <= 1
    assert all(was != "the" and abs(len(was) - len(now)) <= 1 for was, now in changed)


def test_the_area_is_the_share_of_pairs_in_the_right_order_and_ties_count_half() -> None:
    assert area([3, 4], [1, 2]) == 1.0
    assert area([1, 2], [3, 4]) == 0.0
    assert area([1, 1], [1, 1]) == 0.5
    assert area([2, 0], [1]) == 0.5


def test_the_curve_that_is_fitted_tells_by_what_differs() -> None:
    there = {f"q{n}": Evidence(0.3 + n % 7 / 10, n % 3 / 4, n % 4 / 10) for n in range(60)}
    gone = {f"q{n}": Evidence(0.1 + n % 7 / 10, n % 3 / 4, n % 4 / 10) for n in range(60)}
    constant, together, side_by_side, _ = fit([Asked(there, gone)])
    assert together > 2 > abs(side_by_side)
    assert constant < 0
    half, other = (Asked(there, gone).half(fitted=fitted) for fitted in (True, False))
    assert half.there | other.there == there
    assert not half.there.keys() & other.there.keys()


def test_floors_rise_and_never_sink() -> None:
    assert raised({"a": 0.5, "b": 0.9}, {"a": 0.6, "b": 0.7, "questions": 9}) == {"a": 0.595, "b": 0.9}


def test_a_table_goes_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- sets -->\nold\n<!-- /sets -->\nafter\n")
    replace_between(page, "sets", "new")
    assert page.read_text() == "before\n<!-- sets -->\nnew\n<!-- /sets -->\nafter\n"
    with pytest.raises(ValueError, match="unpack"):
        replace_between(page, "others", "new")


def test_answers_that_were_there_and_those_that_were_not_are_both_counted() -> None:
    sure = Asked({"q1": Evidence(1, 1, 0.5)}, {"q1": Evidence(1, 1, 0.5), "q2": Evidence(0, 0, 0)})
    assert kept([sure]).splitlines()[2:] == ["| 0.0 – 0.2 | 1 | 0.00 |", "| 0.8 – 1.0 | 2 | 0.50 |"]


def test_an_answer_is_found_where_a_word_broken_over_lines_was_made_whole() -> None:
    text = "Calls come in all night.\n\nA worker answers each re-\nport within one hour. A report is kept."
    article = Article(text, (Answer("each re-\nport within", 43), Answer("no such words", 3)))
    document = plaintext.read(text.encode(), name="calls.txt")
    found, missing = places(article, document)
    assert found is not None
    assert document.text[slice(*found)] == "each report within"
    assert missing is None


def test_an_answer_counts_only_if_the_passage_it_begins_in_holds_its_end() -> None:
    sentences = [f"Rule {n} says that a visit of the family is planned with the worker." for n in range(40)]
    article = Article(" ".join(sentences), (Answer(sentences[3], 3 + sum(map(len, sentences[:3]))),))
    document = plaintext.read(article.text.encode(), name="rules.txt")
    spans = segment(document)
    assert len(spans) > 1
    assert measure([(article, document)], SIZES).share == 1.0
    assert not holds(spans, (spans[0].end - 5, spans[1].start + 5))
    assert not holds(spans, None)


def test_the_sets_are_found_in_the_folder_named_and_where_they_are_unpacked_below_it(tmp_path: Path) -> None:
    assert sets_in(str(tmp_path)) == tmp_path
    (tmp_path / "dev").mkdir()
    assert sets_in(str(tmp_path)) == tmp_path / "dev"
